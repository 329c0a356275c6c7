namespace Promethoide.AppHost;

/// <summary>Grafana.</summary>
/// <param name="name">The resource's name.</param>
public sealed class GrafanaResource(string name) : ContainerResource(name);
