namespace Promethoide.AppHost;

/// <summary>The settings of the database, wherever its server runs.</summary>
/// <param name="Name">The database's name.</param>
/// <param name="User">Its owner.</param>
/// <param name="ApiPassword">The password of the role that the API logs in as.</param>
/// <param name="MonitorPassword">The password of the role that postgres-exporter logs in as.</param>
internal sealed record DatabaseSettings(
    string Name,
    IResourceBuilder<ParameterResource> User,
    IResourceBuilder<ParameterResource> ApiPassword,
    IResourceBuilder<ParameterResource> MonitorPassword)
{
    // The variables that postgres/roles.sql reads.
    public const string ApiPasswordVariable = "PROMETHOIDE_API_PASSWORD";
    public const string MonitorPasswordVariable = "PROMETHOIDE_MONITOR_PASSWORD";

    /// <summary>The script that creates the roles, relative to the AppHost's folder.</summary>
    public const string Roles = "../postgres/roles.sql";
}
