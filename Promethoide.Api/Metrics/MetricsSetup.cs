using System.Diagnostics;
using Promethoide.Api.Data;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Metrics;

internal static class MetricsSetup
{
    public const string Meter = "Promethoide.Api";

    public static void AddApiMetrics(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ApiMetrics>();
        builder.Services.AddSingleton<DomainMetrics>();
        builder.Services.AddHostedService<ZeroSeries>();
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(Meter));
    }

    /// <summary>A group of measured endpoints that need the database.</summary>
    public static RouteGroupBuilder MapDatabaseGroup(this IEndpointRouteBuilder routes, string prefix) => routes
        .MapGroup(prefix)
        .WithMetadata(Measured.Instance)
        .MayAnswer<DatabaseUnavailable>()
        .MayAnswer<RequestTimedOut>()
        .MayAnswer<TooManyRequests>()
        .MayAnswer<InternalError>();

    /// <summary>
    /// Measures the endpoints in <see cref="MapDatabaseGroup"/>, whether they succeed, refuse or fail; call it after routing.
    /// </summary>
    // Not an endpoint filter: an unreadable body would never reach it.
    public static void UseApiMetrics(this WebApplication app)
    {
        var metrics = app.Services.GetRequiredService<ApiMetrics>();

        app.Use(async (context, next) =>
        {
            if (MeasuredName(context.GetEndpoint()) is not { } name || context.Features.Get<WarmUpRequest>() is not null)
            {
                await next(context);
                return;
            }

            var started = Stopwatch.GetTimestamp();
            try
            {
                await next(context);
            }
            finally
            {
                metrics.Record(name, started);
            }
        });
    }

    /// <summary>The name under which an endpoint is measured; null when it is not measured.</summary>
    public static string? MeasuredName(Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<Measured>() is null
        ? null
        : endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName;

    private sealed class Measured
    {
        public static readonly Measured Instance = new();
    }
}
