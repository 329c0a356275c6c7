namespace Promethoide.AppHost;

/// <summary>Promethoide's database, and who logs in to it as what.</summary>
public sealed class Database
{
    /// <summary>The connection string's name in the services.</summary>
    public const string ConnectionName = "promethoide";

    // As postgres/roles.sql makes them.
    internal const string ApiRole = "promethoide_api";
    internal const string MonitorRole = "promethoide_monitor";

    /// <summary>The database as its owner, who changes its tables.</summary>
    public required IResourceBuilder<IResourceWithConnectionString> Owner { get; init; }

    /// <summary>The database as the API, which may do what it needs and no more.</summary>
    public required IResourceBuilder<IResourceWithConnectionString> Api { get; init; }

    /// <summary>What stands for the server in the model.</summary>
    public required IResourceBuilder<IResource> Server { get; init; }

    /// <summary>True for a server of this machine's own, outside of the model.</summary>
    public bool IsOnThisMachine { get; init; }

    /// <summary>Where the other components find the database: <c>host:port/database?sslmode=…</c>.</summary>
    public required ReferenceExpression UriForComponents { get; init; }

    /// <summary>The password of the role that reads statistics, and nothing else.</summary>
    public required IResourceBuilder<ParameterResource> MonitorPassword { get; init; }
}
