namespace Promethoide.Web.Desk;

internal static class DeskSetup
{
    public static void AddDesk(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DeskOptions>().BindConfiguration(DeskOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton<DeskStateProtector>();
        builder.Services.AddScoped<DeskWorkflow>();
        builder.Services.AddMemoryCache();
        builder.Services.AddScoped<FlightsToday>();
    }
}
