namespace Promethoide.AppHost;

/// <summary>The blackbox exporter, as a container or as a process: it requests addresses as a client would.</summary>
public interface IBlackboxExporterResource : IComponentResource
{
    /// <summary>The addresses that it probes.</summary>
    IList<Probe> Probes { get; }
}

/// <summary>The blackbox exporter as a container.</summary>
/// <param name="name">The resource's name.</param>
public sealed class BlackboxExporterContainerResource(string name) : ContainerResource(name), IBlackboxExporterResource
{
    /// <inheritdoc/>
    public IList<Probe> Probes { get; } = [];
}

/// <summary>The blackbox exporter as a process.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="program">Its program.</param>
public sealed class BlackboxExporterProcessResource(string name, string program)
    : ExecutableResource(name, program, "/"), IBlackboxExporterResource
{
    /// <inheritdoc/>
    public IList<Probe> Probes { get; } = [];
}

/// <summary>An address to probe.</summary>
/// <param name="Endpoint">The endpoint, as the components reach it.</param>
/// <param name="Path">The path, with its first slash.</param>
/// <param name="Name">Its logical name, if it has its own.</param>
public sealed record Probe(EndpointReference Endpoint, string Path, string? Name = null)
{
    /// <summary>Its own logical name, or the resource's followed by the path unless that is <c>/</c>.</summary>
    public string Instance => Name ?? (Path == "/" ? Endpoint.Resource.Name : Endpoint.Resource.Name + Path);
}
