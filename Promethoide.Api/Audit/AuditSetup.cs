namespace Promethoide.Api.Audit;

internal static class AuditSetup
{
    public static void AddAuditLog(this IHostApplicationBuilder builder)
    {
        builder.AddBackground<LookUpLog>();
        builder.AddBackground<Housekeeping>();
    }

    private static void AddBackground<T>(this IHostApplicationBuilder builder) where T : class, IHostedService
    {
        builder.Services.AddSingleton<T>();
        builder.Services.AddHostedService(services => services.GetRequiredService<T>());
    }
}
