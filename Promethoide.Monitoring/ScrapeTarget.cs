namespace Promethoide.Monitoring;

/// <summary>A target that Prometheus scrapes.</summary>
/// <param name="Job">The job of <c>prometheus.yml</c> that it belongs to.</param>
/// <param name="Instance">Its logical name (<c>rest-api</c>, <c>apache/delay</c>), never host:port: dashboards and alerts survive a change
/// of port.</param>
/// <param name="Address">Where Prometheus reaches it: <c>host:port</c>.</param>
public sealed record ScrapeTarget(string Job, string Instance, string Address)
{
    /// <summary>The module of <c>blackbox.yml</c> for web pages and APIs.</summary>
    public const string HttpModule = "http_2xx";

    /// <summary>The job of the probes.</summary>
    public const string ProbeJob = "blackbox-exporter";

    /// <summary>Labels besides <c>instance</c>; those that begin with <c>__</c> control the scrape and are not stored.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>A target that asks the blackbox exporter to probe <paramref name="url"/>.</summary>
    /// <param name="instance">What is probed, by its logical name: the resource, and its path unless that is <c>/</c>.</param>
    /// <param name="url">What is probed, as the exporter reaches it.</param>
    /// <param name="exporterAddress">The exporter's own <c>host:port</c>.</param>
    public static ScrapeTarget Probe(string instance, string url, string exporterAddress) => new(ProbeJob, instance, exporterAddress)
    {
        Labels = new Dictionary<string, string>
        {
            ["__metrics_path__"] = "/probe",
            ["__param_module"] = HttpModule,
            ["__param_target"] = url,
        },
    };
}
