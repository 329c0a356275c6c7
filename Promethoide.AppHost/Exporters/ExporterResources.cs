namespace Promethoide.AppHost;

/// <summary>An exporter, as a container or as a process: it turns the state of another component into metrics.</summary>
public interface IExporterResource : IComponentResource;

/// <summary>An exporter as a container.</summary>
/// <param name="name">The resource's name.</param>
public sealed class ExporterContainerResource(string name) : ContainerResource(name), IExporterResource;

/// <summary>An exporter as a process.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="program">Its program.</param>
public sealed class ExporterProcessResource(string name, string program) : ExecutableResource(name, program, "/"), IExporterResource;
