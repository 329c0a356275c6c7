namespace Promethoide.AppHost;

/// <summary>Grafana.</summary>
/// <param name="name">The resource's name.</param>
/// <param name="adminPassword">The password of its user admin.</param>
public sealed class GrafanaResource(string name, ParameterResource adminPassword) : ContainerResource(name)
{
    /// <summary>The password that the user admin had when the volume was new.</summary>
    public ParameterResource AdminPassword { get; } = adminPassword;
}
