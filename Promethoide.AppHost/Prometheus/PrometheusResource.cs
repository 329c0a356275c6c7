namespace Promethoide.AppHost;

/// <summary>Prometheus, as a container or as a process.</summary>
public interface IPrometheusResource : IComponentResource
{
    /// <summary>The endpoints that it scrapes, as the components reach them; a blackbox exporter stands for its probes too.</summary>
    IList<EndpointReference> Scraped { get; }
}

/// <summary>Prometheus as a container.</summary>
/// <param name="name">The resource's name.</param>
public sealed class PrometheusContainerResource(string name) : ContainerResource(name), IPrometheusResource
{
    /// <inheritdoc/>
    public IList<EndpointReference> Scraped { get; } = [];
}

/// <summary>Prometheus as a process.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="program">Its program.</param>
public sealed class PrometheusProcessResource(string name, string program) : ExecutableResource(name, program, "/"), IPrometheusResource
{
    /// <inheritdoc/>
    public IList<EndpointReference> Scraped { get; } = [];
}
