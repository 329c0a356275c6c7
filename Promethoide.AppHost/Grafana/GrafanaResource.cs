namespace Promethoide.AppHost;

/// <summary>Grafana, as a container or as a process, or the preview of its dashboards where it is not installed.</summary>
public interface IGrafanaResource : IComponentResource;

/// <summary>Grafana as a container.</summary>
/// <param name="name">The resource's name.</param>
public sealed class GrafanaContainerResource(string name) : ContainerResource(name), IGrafanaResource;

/// <summary>Grafana as a process.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="program">Its program.</param>
public sealed class GrafanaProcessResource(string name, string program) : ExecutableResource(name, program, "/"), IGrafanaResource;

/// <summary>The dashboards drawn without Grafana, by its own components (<c>eng/dashboard-preview</c>).</summary>
/// <param name="name">The resource's name.</param>
/// <param name="folder">The folder with <c>start.sh</c>.</param>
public sealed class DashboardPreviewResource(string name, string folder) : ExecutableResource(name, "bash", folder), IGrafanaResource;
