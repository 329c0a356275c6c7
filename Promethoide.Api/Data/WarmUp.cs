using Microsoft.Extensions.Diagnostics.HealthChecks;
using Promethoide.Api.Flights;
using Promethoide.Api.Immigration;
using Promethoide.Api.Interpol;

namespace Promethoide.Api.Data;

/// <summary>
/// Runs every query of the desk once before the API says that it is ready, so that no traveller waits for their compilation. While the database is
/// away it tries again and the API is not ready; it answers all the same.
/// </summary>
internal sealed partial class WarmUp(IServiceScopeFactory scopes, TimeProvider time, ILogger<WarmUp> logger) : BackgroundService, IHealthCheck
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private volatile bool _warm;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        _warm ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus, "The queries have not run yet."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var attempt = 1; !_warm && !stoppingToken.IsCancellationRequested; attempt++)
        {
            try
            {
                await RunAsync(stoppingToken);
                _warm = true;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                if (attempt == 1)
                {
                    LogNotReady(exception.GetBaseException().Message);
                }

                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PromethoideContext>();

        await InterpolApi.WarmUpAsync(db);
        await FlightsApi.WarmUpAsync(db);
        var nobody = new Application("Warm-up", "WARMUP", "WARMUP", "Warm-up", 0, 1, time.GetUtcNow().UtcDateTime);
        await scope.ServiceProvider.GetRequiredService<DecisionDesk>().DecideAsync(nobody, smoke: true, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "Not ready, since the database does not serve yet: {Reason}")]
    private partial void LogNotReady(string reason);
}

internal static class WarmUpExtensions
{
    public static void AddWarmUp(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<WarmUp>();
        builder.Services.AddHostedService(services => services.GetRequiredService<WarmUp>());
        builder.Services.AddHealthChecks().AddCheck<WarmUp>("warm-up");
    }
}
