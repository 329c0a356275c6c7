using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.StaticAssets;
using OpenTelemetry.Metrics;

namespace Promethoide.Web.Hosting;

/// <summary>What is measured of pages and of the files that they load.</summary>
internal static class PageMetrics
{
    /// <summary>
    /// Leaves out Blazor's metrics of components: they are about pages that stay open and change, and ours are rendered once, on the
    /// server.
    /// </summary>
    /// <remarks>
    /// Rendering on the server answers each batch of changes with a task that is cancelled. While somebody listens to how long batches
    /// take, Blazor awaits that task: a TaskCanceledException for each batch, one or two for each page. An instrument whose view drops it
    /// has no listener.
    /// </remarks>
    public static void AddPageMetrics(this WebApplicationBuilder builder) => builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        metrics.AddView("aspnetcore.components.*", MetricStreamConfiguration.Drop));

    /// <summary>Counts every file under one route: their names have a hash, so each release would add its own series.</summary>
    public static StaticAssetsEndpointConventionBuilder WithOneRouteInMetrics(this StaticAssetsEndpointConventionBuilder assets)
    {
        assets.Add(endpoint => endpoint.Metadata.Add(FileRoute.Instance));
        return assets;
    }

    private sealed class FileRoute : IRouteDiagnosticsMetadata
    {
        public static readonly FileRoute Instance = new();

        public string Route => "/{file}";
    }
}
