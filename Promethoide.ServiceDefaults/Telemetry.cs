using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Promethoide.ServiceDefaults;

internal static class Telemetry
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The defaults have no bound between 1 and 2.5 s, so a percentile of 1 s would show as 2.4. 0.25 is the bound of the objective.
    private static readonly double[] Durations =
    [
        0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5, 0.75, 1, 1.1, 1.25, 1.5, 2, 2.2, 2.5, 3, 5, 10,
    ];

    /// <summary>
    /// Exposes metrics for Prometheus on the ops port, with trace-based exemplars; exports metrics, traces and logs by OTLP when
    /// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. A service adds its own meters and sources to the providers.
    /// </summary>
    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry();

        telemetry.WithMetrics(metrics => metrics
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation()
            .AddRuntimeInstrumentation()
            .AddView("http.server.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Durations })
            .AddView("http.client.request.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Durations })
            .AddView("db.client.operation.duration", new ExplicitBucketHistogramConfiguration { Boundaries = Durations })
            .SetExemplarFilter(ExemplarFilterType.TraceBased)
            .AddPrometheusExporter());

        telemetry.WithTracing(tracing => tracing
            .AddSource(builder.Environment.ApplicationName)
            .AddAspNetCoreInstrumentation()
            .AddHttpClientInstrumentation());

        builder.Services.AddOptions<AspNetCoreTraceInstrumentationOptions>()
            .Configure<OpsPort>((options, opsPort) => options.Filter = context => !opsPort.Owns(context));

        // Each probe of /health would log the same failure again; the response has the state, and the cause is logged where it occurs.
        builder.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        if (!string.IsNullOrWhiteSpace(builder.Configuration[OtlpEndpoint]))
        {
            // Without scopes: a request's scope contains its path, and paths contain document numbers. The trace id is sent anyway.
            builder.Logging.AddOpenTelemetry(logging => logging.IncludeFormattedMessage = true);
            telemetry.UseOtlpExporter();
        }
    }
}
