namespace Promethoide.AppHost;

/// <summary>
/// Alertmanager, which sends the mails where Grafana is not installed. Only as a process: containers always have Grafana.
/// </summary>
/// <param name="name">The resource's name.</param>
/// <param name="program">Its program.</param>
public sealed class AlertmanagerResource(string name, string program) : ExecutableResource(name, program, "/"), IComponentResource;
