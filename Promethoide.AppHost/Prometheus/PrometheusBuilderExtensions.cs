using Promethoide.Monitoring;

namespace Promethoide.AppHost;

/// <summary>Adds Prometheus and what it scrapes.</summary>
public static class PrometheusBuilderExtensions
{
    // Debian's package has only the older pages, under their own path.
    private const string DebiansPages = "/usr/share/prometheus/web";

    /// <summary>Adds a Prometheus with retention by time and size, and exemplars; its data survive a restart.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="folder">The folder with <c>prometheus.yml</c> and the rules, relative to the AppHost's.</param>
    /// <param name="port">The port on this machine.</param>
    public static IResourceBuilder<IPrometheusResource> AddPrometheus(
        this IDistributedApplicationBuilder builder, string name, string folder, int port)
    {
        folder = Path.GetFullPath(folder, builder.AppHostDirectory);
        IResourceBuilder<IPrometheusResource> prometheus = builder.RunsContainers()
            ? builder.AddPrometheusContainer(name, folder)
            : builder.AddPrometheusProcess(name, folder);

        var pages = !prometheus.Resource.IsContainer() && Directory.Exists(DebiansPages) ? "/classic" : "";
        return prometheus
            .WithHttpPort(port, inContainer: 9090)
            .WithHttpHealthCheck("/-/ready")
            // The objectives look back 30 days. At most 450 samples a second, at 1.7 bytes each on disk, make 2 GB in 31 days; the limit
            // leaves as much again.
            .WithArgs("--storage.tsdb.retention.time=31d", "--storage.tsdb.retention.size=4GB", "--enable-feature=exemplar-storage")
            // The base URL of links: people open them, not containers.
            .WithArgs(ReferenceExpression.Create(
                $"--web.external-url={prometheus.GetEndpoint("http", KnownNetworkIdentifiers.LocalhostNetwork)}"))
            // Only this machine can reach it, so a request may reload its configuration.
            .WithArgs("--web.enable-lifecycle")
            .WithHttpCommand("/-/reload", "Reload configuration", commandName: "reload", commandOptions: new()
            {
                Description = "Reads prometheus.yml and the rules again.",
                IconName = "ArrowSync",
            })
            .WithIconName("DataTrending")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Prometheus")
            .WithUrlForEndpoint("http", _ => new() { Url = $"{pages}/targets", DisplayText = "Targets" })
            .WithUrlForEndpoint("http", _ => new() { Url = $"{pages}/alerts", DisplayText = "Alerts" })
            .WithSummary("Prometheus");
    }

    /// <summary>
    /// Scrapes <paramref name="source"/> in the job of its name: its operations endpoint if it has one, otherwise <c>http</c>.
    /// </summary>
    public static IResourceBuilder<IPrometheusResource> Scrapes<T>(
        this IResourceBuilder<IPrometheusResource> prometheus, IResourceBuilder<T> source)
        where T : IResourceWithEndpoints
    {
        // Grafana's stand-in has no metrics.
        if (source.Resource is DashboardPreviewResource)
        {
            return prometheus;
        }

        var hasOps = source.Resource.Annotations.OfType<EndpointAnnotation>().Any(endpoint => endpoint.Name == OpsEndpoint.Name);
        var endpoint = source.GetEndpoint(hasOps ? OpsEndpoint.Name : "http", prometheus.ApplicationBuilder.Network());
        prometheus.Resource.Scraped.Add(endpoint);
        return prometheus.WithRouteTo(endpoint);
    }

    /// <summary>
    /// Sends alerts to <paramref name="alertmanager"/> and scrapes it: <c>prometheus.yml</c> reads both from the same file of targets.
    /// </summary>
    public static IResourceBuilder<IPrometheusResource> Notifies(
        this IResourceBuilder<IPrometheusResource> prometheus, IResourceBuilder<AlertmanagerResource> alertmanager) =>
        prometheus.Scrapes(alertmanager);

    /// <summary>Scrapes Prometheus' own metrics.</summary>
    public static IResourceBuilder<IPrometheusResource> ScrapesItself(this IResourceBuilder<IPrometheusResource> prometheus)
    {
        prometheus.Resource.Scraped.Add(prometheus.GetEndpoint("http", prometheus.ApplicationBuilder.Network()));
        return prometheus;
    }

    /// <summary>The targets that Prometheus scrapes.</summary>
    public static async Task<IReadOnlyList<ScrapeTarget>> TargetsAsync(
        this IPrometheusResource prometheus, CancellationToken cancellationToken)
    {
        var targets = new List<ScrapeTarget>();
        foreach (var endpoint in prometheus.Scraped)
        {
            var (name, address) = (endpoint.Resource.Name, await endpoint.AddressAsync(cancellationToken));
            targets.Add(new(name, name, address));

            if (endpoint.Resource is IBlackboxExporterResource blackbox)
            {
                foreach (var probe in blackbox.Probes)
                {
                    targets.Add(ScrapeTarget.Probe(
                        probe.Instance, $"http://{await probe.Endpoint.AddressAsync(cancellationToken)}{probe.Path}", address));
                }
            }
        }

        return targets;
    }
}
