using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Promethoide.ServiceDefaults;

/// <summary>
/// The port for operations: <c>/metrics</c> (Prometheus), <c>/health</c> (ready to serve), <c>/alive</c> (the process responds). A service
/// may add more. <c>OPS_PORT</c> sets the port, which has to be one that the server listens on. Without it the three paths are on every
/// port.
/// </summary>
public sealed class OpsPort
{
    /// <summary>The name of the setting.</summary>
    public const string Variable = "OPS_PORT";

    internal const string LiveTag = "live";

    private static readonly string[] Paths = ["/metrics", "/health", "/alive"];

    private readonly int? _number;

    internal OpsPort(IConfiguration configuration)
    {
        var text = configuration[Variable];
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        _number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535
            ? number
            : throw new InvalidOperationException($"{Variable} is '{text}'; it has to be a port number from 1 to 65535.");
    }

    /// <summary>True for requests that belong to operations and are neither measured nor traced.</summary>
    // The connection's local port, never the Host header, which the client chooses.
    internal bool Owns(HttpContext context) => _number is { } number
        ? context.Connection.LocalPort == number
        : Array.Exists(Paths, path => context.Request.Path.Equals(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>Fails when the server does not listen on the ops port: otherwise metrics and health would silently be missing.</summary>
    internal void EnsureListening(IServer server)
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        if (_number is { } number && addresses.Count > 0 && !addresses.Any(address => BindingAddress.Parse(address).Port == number))
        {
            throw new InvalidOperationException(
                $"{Variable} is {number}, but the server listens on {string.Join(", ", addresses)} only. Add the port to ASPNETCORE_URLS "
                + "or HTTP_PORTS.");
        }
    }
}

internal static class OpsPortExtensions
{
    public static void AddOpsPort(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(new OpsPort(builder.Configuration));
        builder.Services.AddHostedService<OpsPortCheck>();
    }

    public static IHealthChecksBuilder AddSelfCheck(this IHealthChecksBuilder checks) =>
        checks.AddCheck("self", () => HealthCheckResult.Healthy(), [OpsPort.LiveTag]);

    public static void UseOpsPort(this WebApplication app, Action<IApplicationBuilder>? more)
    {
        var opsPort = app.Services.GetRequiredService<OpsPort>();

        app.MapWhen(opsPort.Owns, ops =>
        {
            ops.Use((context, next) =>
            {
                if (context.Features.Get<IHttpMetricsTagsFeature>() is { } metrics)
                {
                    metrics.MetricsDisabled = true;
                }

                return next(context);
            });
            ops.UseOpenTelemetryPrometheusScrapingEndpoint("/metrics");
            ops.UseHealthChecks("/health");
            ops.UseHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(OpsPort.LiveTag) });
            more?.Invoke(ops);
            // The ops port serves nothing else, whatever endpoint routing has found.
            ops.Run(context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        });
    }

    private sealed class OpsPortCheck(OpsPort opsPort, IServer server) : IHostedLifecycleService
    {
        public Task StartedAsync(CancellationToken cancellationToken)
        {
            opsPort.EnsureListening(server);
            return Task.CompletedTask;
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
