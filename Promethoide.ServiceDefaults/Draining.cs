using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Promethoide.ServiceDefaults;

/// <summary>
/// A stopping replica keeps serving for <c>Shutdown:DrainSeconds</c> (0 to 60; default 0), so that load balancers notice and turn to the
/// others: <c>/health</c> is unhealthy, and each answer closes its connection. Otherwise a request could arrive on a connection that is
/// being closed. A replica that is not warm yet (<see cref="IWarmUp"/>) closes its connections too.
/// </summary>
internal sealed class Draining(TimeSpan duration) : IHostedLifecycleService, IHealthCheck
{
    internal const string Setting = "Shutdown:DrainSeconds";
    private const int LongestSeconds = 60;

    public bool IsOn { get; private set; }

    public static Draining Of(IConfiguration configuration) => configuration[Setting] is not { Length: > 0 } text
        ? new(TimeSpan.Zero)
        : int.TryParse(text, out var seconds) && seconds is >= 0 and <= LongestSeconds
            ? new(TimeSpan.FromSeconds(seconds))
            : throw new InvalidOperationException(
                $"{Setting} is '{text}'; it has to be a whole number of seconds from 0 to {LongestSeconds}.");

    // Runs before the server stops.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (duration > TimeSpan.Zero)
        {
            IsOn = true;
            await Task.Delay(duration, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(IsOn ? HealthCheckResult.Unhealthy("It is about to stop.") : HealthCheckResult.Healthy());

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

internal static class DrainingExtensions
{
    public static void AddDraining(this IHostApplicationBuilder builder)
    {
        var draining = Draining.Of(builder.Configuration);
        builder.Services.AddSingleton(draining);
        builder.Services.AddHostedService(services => services.GetRequiredService<Draining>());
        builder.Services.AddHealthChecks().AddCheck("draining", draining);
    }

    public static void UseDraining(this WebApplication app)
    {
        var draining = app.Services.GetRequiredService<Draining>();
        var warmUp = app.Services.GetService<IWarmUp>();
        app.Use((context, next) =>
        {
            if (draining.IsOn || warmUp is { IsWarm: false })
            {
                context.Response.Headers.Connection = "close";
            }

            return next(context);
        });
    }
}
