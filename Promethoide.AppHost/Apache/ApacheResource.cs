namespace Promethoide.AppHost;

/// <summary>Apache httpd in front of the services, as a container or as a process.</summary>
public interface IApacheResource : IComponentResource
{
    internal const string StatusEndpoint = "status";
}

/// <summary>Apache httpd as a container.</summary>
/// <param name="name">The resource's name.</param>
public sealed class ApacheContainerResource(string name) : ContainerResource(name), IApacheResource;

/// <summary>Apache httpd as a process.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="program">Its program.</param>
public sealed class ApacheProcessResource(string name, string program) : ExecutableResource(name, program, "/"), IApacheResource;
