namespace Promethoide.AppHost;

/// <summary>What turns others' state into metrics, as a container or as a process.</summary>
public interface IExporterResource : IComponentResource;

/// <summary>An exporter as a container.</summary>
/// <param name="name">The resource's name.</param>
public sealed class ExporterContainerResource(string name) : ContainerResource(name), IExporterResource;

/// <summary>An exporter as a process.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="program">Its program.</param>
public sealed class ExporterProcessResource(string name, string program) : ExecutableResource(name, program, "/"), IExporterResource;
