namespace Promethoide.AppHost;

/// <summary>How containers reach what is in the model.</summary>
internal static class ContainerNetwork
{
    /// <summary>A container's name for the machine that its engine runs on.</summary>
    public const string ThisMachine = "host.docker.internal";

    /// <summary>
    /// Opens the way from a container to an endpoint: to one of this machine, such as a project's, there is a tunnel for those that the container's
    /// environment mentions, and for no others.
    /// </summary>
    public static IResourceBuilder<T> Reaches<T>(this IResourceBuilder<T> container, EndpointReference endpoint) where T : ContainerResource
    {
        container.WithReferenceRelationship(endpoint.Resource);
        return endpoint.Resource.IsContainer()
            ? container
            : container.WithEnvironment($"TARGET_{endpoint.Resource.Name}_{endpoint.EndpointName}".Replace('-', '_').ToUpperInvariant(), endpoint);
    }

    /// <summary>Lets a container reach what runs on this machine outside of the model. On Linux an engine does not by itself.</summary>
    public static IResourceBuilder<T> ReachesThisMachine<T>(this IResourceBuilder<T> container) where T : ContainerResource =>
        container.WithContainerRuntimeArgs($"--add-host={ThisMachine}:host-gateway");

    /// <summary>The <c>host:port</c> that containers use.</summary>
    public static async Task<string> AddressAsync(this EndpointReference endpoint, DistributedApplicationExecutionContext context, CancellationToken cancellationToken) =>
        // Addresses are not allocated when publishing, and need not be for containers: they call each other by name.
        context.IsPublishMode || endpoint.Resource.IsContainer()
            ? $"{endpoint.Resource.Name}:{endpoint.TargetPort}"
            : await endpoint.Property(EndpointProperty.HostAndPort).GetValueAsync(cancellationToken)
                ?? throw new DistributedApplicationException($"Endpoint {endpoint.EndpointName} of {endpoint.Resource.Name} has no address for containers.");
}
