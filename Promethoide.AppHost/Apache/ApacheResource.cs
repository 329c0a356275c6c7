namespace Promethoide.AppHost;

/// <summary>Apache httpd in front of the services.</summary>
/// <param name="name">The resource's name.</param>
public sealed class ApacheResource(string name) : ContainerResource(name)
{
    internal const string StatusEndpoint = "status";
}
