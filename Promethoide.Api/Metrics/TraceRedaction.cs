using OpenTelemetry.Instrumentation.AspNetCore;

namespace Promethoide.Api.Metrics;

internal static class TraceRedaction
{
    /// <summary>Replaces the path in traces by the route: paths contain document numbers.</summary>
    public static void AddTraceRedaction(this IHostApplicationBuilder builder) =>
        builder.Services.Configure<AspNetCoreTraceInstrumentationOptions>(
            options => options.EnrichWithHttpResponse = (activity, response) =>
            {
                var route = (response.HttpContext.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
                activity.SetTag("url.path", route);
                activity.SetTag("url.query", null);
            });
}
