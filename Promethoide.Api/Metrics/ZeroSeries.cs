namespace Promethoide.Api.Metrics;

/// <summary>
/// Reports all series with 0 as the last step of the start-up. Earlier, nothing listens to the instruments and no endpoint is mapped.
/// </summary>
internal sealed class ZeroSeries(EndpointDataSource endpoints, ApiMetrics api, DomainMetrics domain, SignInMetrics signIns)
    : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        domain.Announce();
        signIns.Announce();
        foreach (var name in endpoints.Endpoints.Select(MetricsSetup.MeasuredName).OfType<string>())
        {
            api.Announce(name);
        }

        return Task.CompletedTask;
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
