namespace Promethoide.AppHost;

/// <summary>Promethoide's database and the roles that log in to it.</summary>
public sealed class Database
{
    /// <summary>The connection string's name in the services.</summary>
    public const string ConnectionName = "promethoide";

    // As postgres/roles.sql creates them.
    internal const string ApiRole = "promethoide_api";
    internal const string MonitorRole = "promethoide_monitor";

    /// <summary>The database as its owner, which changes its tables.</summary>
    public required IResourceBuilder<IResourceWithConnectionString> Owner { get; init; }

    /// <summary>The database as the API's role, which has only the rights that the API needs.</summary>
    public required IResourceBuilder<IResourceWithConnectionString> Api { get; init; }

    /// <summary>The resource that represents the server in the model.</summary>
    public required IResourceBuilder<IResource> Server { get; init; }

    /// <summary>True for a server that runs on this machine outside the model.</summary>
    public bool IsOnThisMachine { get; init; }

    /// <summary>Where the other components find the database: <c>host:port/database?sslmode=…</c>.</summary>
    public required ReferenceExpression UriForComponents { get; init; }

    /// <summary>The password of the role that only reads statistics.</summary>
    public required IResourceBuilder<ParameterResource> MonitorPassword { get; init; }
}
