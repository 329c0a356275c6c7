using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.StaticAssets;
using OpenTelemetry.Metrics;

namespace Promethoide.Web.Hosting;

/// <summary>What is measured of pages and of the files that they load.</summary>
internal static class PageMetrics
{
    /// <summary>Leaves out how long browsers take to show a batch of changes: pages are rendered on the server, where nothing ever is shown.</summary>
    /// <remarks>
    /// Rendering on the server answers each batch with a task that is cancelled. While somebody listens to these instruments, Blazor awaits that task:
    /// a TaskCanceledException for each batch, one or two for each page. An instrument whose view drops it has no listener.
    /// </remarks>
    public static void AddPageMetrics(this WebApplicationBuilder builder) => builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        metrics.AddView("aspnetcore.components.render_diff*", MetricStreamConfiguration.Drop));

    /// <summary>Counts every file under one route: their names have a hash, so each release would add its own series.</summary>
    public static void WithOneRouteInMetrics(this StaticAssetsEndpointConventionBuilder assets) => assets.Add(endpoint => endpoint.Metadata.Add(FileRoute.Instance));

    private sealed class FileRoute : IRouteDiagnosticsMetadata
    {
        public static readonly FileRoute Instance = new();

        public string Route => "/{file}";
    }
}
