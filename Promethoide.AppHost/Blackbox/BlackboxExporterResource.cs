namespace Promethoide.AppHost;

/// <summary>The blackbox exporter: it opens addresses as a client would.</summary>
/// <param name="name">The resource's name.</param>
public sealed class BlackboxExporterResource(string name) : ContainerResource(name)
{
    private readonly List<Probe> _probes = [];

    /// <summary>What it opens.</summary>
    public IReadOnlyList<Probe> Probes => _probes;

    internal void Add(Probe probe) => _probes.Add(probe);
}

/// <summary>One address that is probed.</summary>
/// <param name="Endpoint">The endpoint, as containers reach it.</param>
/// <param name="Path">The path, with its first slash.</param>
public sealed record Probe(EndpointReference Endpoint, string Path)
{
    /// <summary>Its logical name: the resource's, and the path unless that is <c>/</c>.</summary>
    public string Instance => Path == "/" ? Endpoint.Resource.Name : Endpoint.Resource.Name + Path;
}
