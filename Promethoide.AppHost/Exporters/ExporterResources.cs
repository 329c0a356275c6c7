namespace Promethoide.AppHost;

/// <summary>The exporter of the machine's metrics.</summary>
/// <param name="name">The resource's name.</param>
public sealed class NodeExporterResource(string name) : ContainerResource(name);

/// <summary>The exporter of Apache's metrics.</summary>
/// <param name="name">The resource's name.</param>
public sealed class ApacheExporterResource(string name) : ContainerResource(name);

/// <summary>The exporter of PostgreSQL's metrics.</summary>
/// <param name="name">The resource's name.</param>
public sealed class PostgresExporterResource(string name) : ContainerResource(name);

/// <summary>Keeps what jobs push that end before they are scraped.</summary>
/// <param name="name">The resource's name.</param>
public sealed class PushgatewayResource(string name) : ContainerResource(name);
