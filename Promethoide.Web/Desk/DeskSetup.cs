using Promethoide.Web.Hosting;

namespace Promethoide.Web.Desk;

internal static class DeskSetup
{
    public static void AddDesk(this WebApplicationBuilder builder)
    {
        Formats.Currency = builder.Configuration.GetSection(DeskOptions.Section).Get<DeskOptions>()?.Currency ?? Formats.DefaultCurrency;
        builder.Services.AddOptions<DeskOptions>().BindConfiguration(DeskOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddScoped<DeskStateProtector>();
        builder.Services.AddScoped<DeskWorkflow>();
        builder.Services.AddMemoryCache();
        builder.Services.AddScoped<FlightsToday>();
    }
}
