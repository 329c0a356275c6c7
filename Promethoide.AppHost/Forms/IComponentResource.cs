namespace Promethoide.AppHost;

/// <summary>
/// A part of the network that runs as a container or as a process. Both forms implement the component's own interface, which extends this
/// one; code that refers to the component takes the interface and cannot tell which form it has.
/// </summary>
public interface IComponentResource : IResourceWithEndpoints, IResourceWithEnvironment, IResourceWithArgs, IResourceWithWaitSupport;
