namespace Promethoide.AppHost;

/// <summary>Prometheus.</summary>
/// <param name="name">The resource's name.</param>
public sealed class PrometheusResource(string name) : ContainerResource(name)
{
    private readonly List<EndpointReference> _scraped = [];

    /// <summary>What it scrapes, as containers reach it; a blackbox exporter stands for its probes too.</summary>
    public IReadOnlyList<EndpointReference> Scraped => _scraped;

    internal void Add(EndpointReference endpoint) => _scraped.Add(endpoint);
}
