namespace Promethoide.AppHost;

/// <summary>Apache httpd in front of the services, as a container or as a process.</summary>
public interface IApacheResource : IComponentResource
{
    internal const string StatusEndpoint = "status";

    /// <summary>The log for the log exporter, in <see cref="LogFolder"/>.</summary>
    internal const string RequestLog = "requests.log";

    /// <summary>The folder on this machine that holds the log for the log exporter.</summary>
    internal string LogFolder { get; }
}

/// <summary>Apache httpd as a container.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="logFolder">Where on this machine it writes the log for the log exporter.</param>
public sealed class ApacheContainerResource(string name, string logFolder) : ContainerResource(name), IApacheResource
{
    string IApacheResource.LogFolder => logFolder;
}

/// <summary>Apache httpd as a process.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="program">Its program.</param>
/// <param name="logFolder">Where it writes the log for the log exporter.</param>
public sealed class ApacheProcessResource(string name, string program, string logFolder)
    : ExecutableResource(name, program, "/"), IApacheResource
{
    string IApacheResource.LogFolder => logFolder;
}
