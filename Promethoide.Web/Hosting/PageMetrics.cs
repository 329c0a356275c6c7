using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.StaticAssets;
using OpenTelemetry.Metrics;

namespace Promethoide.Web.Hosting;

/// <summary>The metrics of pages and of the files that they load.</summary>
internal static class PageMetrics
{
    /// <summary>
    /// Leaves out Blazor's component metrics: they are about pages that stay open and change, while ours are rendered once, on the server.
    /// </summary>
    /// <remarks>
    /// Server rendering answers each batch of changes with a cancelled task. While anything listens to the duration of batches, Blazor
    /// awaits that task: a TaskCanceledException for each batch, one or two for each page. An instrument that its view drops has no
    /// listener.
    /// </remarks>
    public static void AddPageMetrics(this WebApplicationBuilder builder) => builder.Services.AddOpenTelemetry().WithMetrics(metrics =>
        metrics.AddView("aspnetcore.components.*", MetricStreamConfiguration.Drop));

    /// <summary>Counts all files under one route: their names contain a hash, so each release would add new series.</summary>
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
