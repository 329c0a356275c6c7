using Promethoide.Monitoring;

namespace Promethoide.AppHost;

/// <summary>Adds Prometheus and what it scrapes.</summary>
public static class PrometheusBuilderExtensions
{
    private const string ConfigurationFolder = "/etc/prometheus";

    /// <summary>Adds a Prometheus with retention by time and size, exemplars, and its data in a volume.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="folder">The folder with <c>prometheus.yml</c> and the rules, relative to the AppHost's.</param>
    /// <param name="port">The port on this machine.</param>
    public static IResourceBuilder<PrometheusResource> AddPrometheus(this IDistributedApplicationBuilder builder, string name, string folder, int port)
    {
        var prometheus = builder.AddResource(new PrometheusResource(name))
            .WithImage(ContainerImages.Prometheus)
            .WithHttpEndpoint(port, targetPort: 9090)
            .WithHttpHealthCheck("/-/ready")
            .InCompose(megabytes: 1024, ComposeServiceExtensions.Answers(9090, "/-/ready"), service =>
            {
                service.Networks = [ComposeBuilderExtensions.ServicesNetwork, ComposeBuilderExtensions.OperationsNetwork];
                service.Ports = ["${PROMETHEUS_PORT}:9090"];
                service.Expose = [];
                service.StopGracePeriod = "1m";
            })
            .WithVolume($"promethoide-{name}", "/prometheus")
            .WithArgs(
                $"--config.file={ConfigurationFolder}/prometheus.yml",
                "--storage.tsdb.path=/prometheus",
                "--storage.tsdb.retention.time=15d",
                "--storage.tsdb.retention.size=2GB",
                "--enable-feature=exemplar-storage")
            .WithIconName("DataTrending")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Prometheus")
            .WithUrlForEndpoint("http", _ => new() { Url = "/targets", DisplayText = "Targets" })
            .WithUrlForEndpoint("http", _ => new() { Url = "/alerts", DisplayText = "Alerts" });

        // Each on its own, since targets/, which this network's addresses go into, has to lie beside them.
        foreach (var entry in Directory.EnumerateFileSystemEntries(Path.Combine(builder.AppHostDirectory, folder)).Order())
        {
            prometheus.WithBindMount(entry, $"{ConfigurationFolder}/{Path.GetFileName(entry)}", isReadOnly: true);
        }

        prometheus.WithContainerFiles($"{ConfigurationFolder}/targets", async (_, cancellationToken) =>
            (await TargetsOf(prometheus.Resource, builder.ExecutionContext, cancellationToken))
                .GroupBy(target => target.Job)
                .Select(job => new ContainerFile { Name = TargetFiles.Name(job.Key), Contents = TargetFiles.Content(job) }));

        return builder.ExecutionContext.IsPublishMode ? prometheus : prometheus.WithReload();
    }

    /// <summary>
    /// Scrapes <paramref name="source"/> in the job of its name: its endpoint for operations when it has one, else its <c>http</c>.
    /// </summary>
    public static IResourceBuilder<PrometheusResource> Scrapes<T>(this IResourceBuilder<PrometheusResource> prometheus, IResourceBuilder<T> source)
        where T : IResourceWithEndpoints
    {
        var hasOps = source.Resource.Annotations.OfType<EndpointAnnotation>().Any(endpoint => endpoint.Name == OpsEndpoint.Name);
        var endpoint = source.GetEndpoint(hasOps ? OpsEndpoint.Name : "http", KnownNetworkIdentifiers.DefaultAspireContainerNetwork);
        prometheus.Resource.Add(endpoint);
        return prometheus.Reaches(endpoint);
    }

    /// <summary>Scrapes Prometheus' own metrics.</summary>
    public static IResourceBuilder<PrometheusResource> ScrapesItself(this IResourceBuilder<PrometheusResource> prometheus)
    {
        prometheus.Resource.Add(prometheus.GetEndpoint("http", KnownNetworkIdentifiers.DefaultAspireContainerNetwork));
        return prometheus;
    }

    /// <summary>What Prometheus is told to scrape.</summary>
    public static async Task<IReadOnlyList<ScrapeTarget>> TargetsOf(
        PrometheusResource prometheus, DistributedApplicationExecutionContext context, CancellationToken cancellationToken)
    {
        var targets = new List<ScrapeTarget>();
        foreach (var endpoint in prometheus.Scraped)
        {
            var (name, address) = (endpoint.Resource.Name, await endpoint.AddressAsync(context, cancellationToken));
            targets.Add(new(name, name, address));

            if (endpoint.Resource is BlackboxExporterResource blackbox)
            {
                foreach (var probe in blackbox.Probes)
                {
                    targets.Add(ScrapeTarget.Probe(probe.Instance, $"http://{await probe.Endpoint.AddressAsync(context, cancellationToken)}{probe.Path}", address));
                }
            }
        }

        return targets;
    }

    // On this machine, where only loopback reaches it, Prometheus may be told to read its configuration again.
    private static IResourceBuilder<PrometheusResource> WithReload(this IResourceBuilder<PrometheusResource> prometheus) =>
        prometheus
            .WithArgs("--web.enable-lifecycle")
            .WithArgs(ReferenceExpression.Create($"--web.external-url={prometheus.GetEndpoint("http", KnownNetworkIdentifiers.LocalhostNetwork)}"))
            .WithHttpCommand("/-/reload", "Reload configuration", commandName: "reload", commandOptions: new()
            {
                Description = "Reads prometheus.yml and the rules again.",
                IconName = "ArrowSync",
            });
}
