namespace Promethoide.AppHost;

/// <summary>The blackbox exporter, as a container or as a process: it opens addresses as a client would.</summary>
public interface IBlackboxExporterResource : IComponentResource
{
    /// <summary>What it opens.</summary>
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

/// <summary>One address that is probed.</summary>
/// <param name="Endpoint">The endpoint, as the components reach it.</param>
/// <param name="Path">The path, with its first slash.</param>
/// <param name="Name">Its logical name, where it has one of its own.</param>
public sealed record Probe(EndpointReference Endpoint, string Path, string? Name = null)
{
    /// <summary>Its logical name: one of its own, or the resource's, and the path unless that is <c>/</c>.</summary>
    public string Instance => Name ?? (Path == "/" ? Endpoint.Resource.Name : Endpoint.Resource.Name + Path);
}
