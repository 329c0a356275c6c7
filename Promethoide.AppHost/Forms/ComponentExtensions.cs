using Microsoft.Extensions.DependencyInjection;

namespace Promethoide.AppHost;

/// <summary>The differences between the two forms of a component that are the same for all components.</summary>
internal static class ComponentExtensions
{
    /// <summary>The name by which a container reaches the machine that its engine runs on.</summary>
    public const string ThisMachine = "host.docker.internal";

    /// <summary>The network on which the components call each other.</summary>
    public static NetworkIdentifier Network(this IDistributedApplicationBuilder builder) =>
        builder.RunsContainers() ? KnownNetworkIdentifiers.DefaultAspireContainerNetwork : KnownNetworkIdentifiers.LocalhostNetwork;

    /// <summary>Adds an endpoint.</summary>
    /// <param name="component">The component.</param>
    /// <param name="port">The port on this machine, in either form.</param>
    /// <param name="inContainer">The port that the image listens on; a process gets it as an argument
    /// (<see cref="WithListenAddress"/>).</param>
    /// <param name="name">The endpoint's name.</param>
    public static IResourceBuilder<T> WithHttpPort<T>(
        this IResourceBuilder<T> component, int port, int inContainer, string? name = null) where T : IComponentResource =>
        component.Resource.IsContainer()
            ? component.WithHttpEndpoint(port, targetPort: inContainer, name: name)
            : component.WithOwnPort(port, name);

    /// <summary>
    /// Adds an endpoint that a process listens on itself. Aspire's proxy would accept connections for a process that is down and leave them
    /// open: probes would see a time-out instead of a refusal, and exporters could not tell that their target is down. Alongside containers
    /// the proxy stays: their tunnel is created before any of them starts and needs an address for every process, including those that wait
    /// for a container.
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

    /// <summary>Keeps a folder of a container in the volume <c>promethoide-NAME</c>, unless the network is ephemeral.</summary>
    public static IResourceBuilder<T> WithKeptVolume<T>(this IResourceBuilder<T> container, string target) where T : ContainerResource =>
        container.ApplicationBuilder.State().IsEphemeral ? container : container.WithVolume(VolumeOf(container.Resource.Name), target);

    /// <summary>The volume that keeps the data of a container.</summary>
    public static string VolumeOf(string name) => $"promethoide-{name}";

    /// <summary>Creates a private folder for a process in the network's state before it starts.</summary>
    public static IResourceBuilder<T> WithPrivateFolder<T>(this IResourceBuilder<T> process) where T : ExecutableResource =>
        process.OnBeforeResourceStarted((resource, start, _) =>
        {
            OwnUser.Give(start.Services.GetRequiredService<StateFolder>().PrivateFolder(resource.Name), resource);
            return Task.CompletedTask;
        });

    /// <summary>
    /// Makes an endpoint reachable for a component. A container reaches endpoints on this machine, such as a project's, through a tunnel
    /// that covers only those its environment mentions.
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

    /// <summary>
    /// Lets a container reach programs on this machine outside the model. On Linux, engines do not allow this by default.
    /// </summary>
    public static IResourceBuilder<T> ReachesThisMachine<T>(this IResourceBuilder<T> container) where T : ContainerResource =>
        container.WithContainerRuntimeArgs($"--add-host={ThisMachine}:host-gateway");

    /// <summary>The <c>host:port</c> that the components use.</summary>
    public static async Task<string> AddressAsync(this EndpointReference endpoint, CancellationToken cancellationToken) =>
        // Containers call each other by name; ports published on this machine are of no use to them.
        endpoint.Resource.IsContainer()
            ? $"{endpoint.Resource.Name}:{endpoint.TargetPort}"
            : await endpoint.Property(EndpointProperty.HostAndPort).GetValueAsync(cancellationToken)
                ?? throw new DistributedApplicationException(
                    $"Endpoint {endpoint.EndpointName} of {endpoint.Resource.Name} has no address.");
}
