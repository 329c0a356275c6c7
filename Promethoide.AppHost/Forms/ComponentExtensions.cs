using Microsoft.Extensions.DependencyInjection;

namespace Promethoide.AppHost;

/// <summary>What differs between the two forms of a component, and is the same for all of them.</summary>
internal static class ComponentExtensions
{
    /// <summary>A container's name for the machine that its engine runs on.</summary>
    public const string ThisMachine = "host.docker.internal";

    /// <summary>The network on which the components call each other.</summary>
    public static NetworkIdentifier Network(this IDistributedApplicationBuilder builder) =>
        builder.RunsContainers() ? KnownNetworkIdentifiers.DefaultAspireContainerNetwork : KnownNetworkIdentifiers.LocalhostNetwork;

    /// <summary>Adds an endpoint.</summary>
    /// <param name="component">The component.</param>
    /// <param name="port">The port on this machine, in either form.</param>
    /// <param name="inContainer">What the image listens on; a process is told (<see cref="WithListenAddress"/>).</param>
    /// <param name="name">The endpoint's name.</param>
    public static IResourceBuilder<T> WithHttpPort<T>(
        this IResourceBuilder<T> component, int port, int inContainer, string? name = null) where T : IComponentResource =>
        component.Resource.IsContainer()
            ? component.WithHttpEndpoint(port, targetPort: inContainer, name: name)
            : component.WithOwnPort(port, name);

    /// <summary>
    /// Adds an endpoint that a process listens on itself. Aspire's proxy would take connections for a process that is down and leave them
    /// open: what watches would see a time-out where there is a refusal, and exporters could not tell that what they watch is down. Beside
    /// containers there is the proxy: their tunnel is made before any of them starts, and needs an address of every process, also of those
    /// that wait for a container.
    /// </summary>
    public static IResourceBuilder<T> WithOwnPort<T>(
        this IResourceBuilder<T> process, int port, string? name = null) where T : IResourceWithEndpoints =>
        process.ApplicationBuilder.RunsContainers()
            ? process.WithHttpEndpoint(port, name: name)
            : process.WithHttpEndpoint(port, targetPort: port, name: name, isProxied: false);

    /// <summary>Tells a process to listen on loopback, on the port of its endpoint <c>http</c>.</summary>
    /// <param name="process">The component as a process.</param>
    /// <param name="flag">The flag that takes <c>host:port</c>.</param>
    public static IResourceBuilder<T> WithListenAddress<T>(
        this IResourceBuilder<T> process, string flag = "--web.listen-address") where T : ExecutableResource =>
        process.WithArgs(
            ReferenceExpression.Create($"{flag}=127.0.0.1:{process.GetEndpoint("http").Property(EndpointProperty.TargetPort)}"));

    /// <summary>Keeps a folder of a container in the volume <c>promethoide-NAME</c>, unless the network is a throw-away.</summary>
    public static IResourceBuilder<T> WithKeptVolume<T>(this IResourceBuilder<T> container, string target) where T : ContainerResource =>
        container.ApplicationBuilder.State().IsEphemeral ? container : container.WithVolume(VolumeOf(container.Resource.Name), target);

    /// <summary>The volume that keeps the data of a container.</summary>
    public static string VolumeOf(string name) => $"promethoide-{name}";

    /// <summary>Makes a process a folder of its own in the network's state, before it starts.</summary>
    public static IResourceBuilder<T> WithPrivateFolder<T>(this IResourceBuilder<T> process) where T : ExecutableResource =>
        process.OnBeforeResourceStarted((resource, start, _) =>
        {
            OwnUser.Give(start.Services.GetRequiredService<StateFolder>().PrivateFolder(resource.Name), resource);
            return Task.CompletedTask;
        });

    /// <summary>
    /// Opens the way from a component to an endpoint. From a container to one of this machine, such as a project's, there is a tunnel for
    /// those that the container's environment mentions, and for no others.
    /// </summary>
    public static IResourceBuilder<T> WithRouteTo<T>(
        this IResourceBuilder<T> component, EndpointReference endpoint) where T : IComponentResource
    {
        component.WithReferenceRelationship(endpoint.Resource);
        return !component.Resource.IsContainer() || endpoint.Resource.IsContainer()
            ? component
            : component.WithEnvironment(
                $"TARGET_{endpoint.Resource.Name}_{endpoint.EndpointName}".Replace('-', '_').ToUpperInvariant(), endpoint);
    }

    /// <summary>Lets a container reach what runs on this machine outside of the model. On Linux an engine does not by itself.</summary>
    public static IResourceBuilder<T> ReachesThisMachine<T>(this IResourceBuilder<T> container) where T : ContainerResource =>
        container.WithContainerRuntimeArgs($"--add-host={ThisMachine}:host-gateway");

    /// <summary>The <c>host:port</c> that the components use.</summary>
    public static async Task<string> AddressAsync(this EndpointReference endpoint, CancellationToken cancellationToken) =>
        // Containers call each other by name; what is mapped to this machine is of no use to them.
        endpoint.Resource.IsContainer()
            ? $"{endpoint.Resource.Name}:{endpoint.TargetPort}"
            : await endpoint.Property(EndpointProperty.HostAndPort).GetValueAsync(cancellationToken)
                ?? throw new DistributedApplicationException(
                    $"Endpoint {endpoint.EndpointName} of {endpoint.Resource.Name} has no address.");
}
