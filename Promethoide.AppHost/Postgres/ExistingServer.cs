using System.Net;

namespace Promethoide.AppHost;

/// <summary>A PostgreSQL server that others run.</summary>
internal static class ExistingServer
{
    // Does what the image does on a new server. Roles that exist keep their passwords: others may use them.
    private const string Prepare =
        """
        set -eu
        psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres --set name="$PGDATABASE" <<'SQL'
        SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
        SQL
        if [ -z "$(psql --no-psqlrc --quiet --tuples-only --no-align --command "SELECT 1 FROM pg_roles WHERE rolname = '$API_ROLE'")" ]; then
          psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file "$ROLES"
        elif ! PGUSER=$API_ROLE PGPASSWORD=$PROMETHOIDE_API_PASSWORD psql --no-psqlrc --quiet --command 'SELECT 1' >/dev/null; then
          echo "The server has the role $API_ROLE with another password. Give both roles' passwords as PROMETHOIDE_API_PASSWORD and PROMETHOIDE_MONITOR_PASSWORD, or set them anew: ALTER ROLE ... PASSWORD." >&2
          exit 1
        fi
        """;

    /// <summary>The database on the server of that address; it and the roles are made when they are missing.</summary>
    public static Database AddExistingServer(this IDistributedApplicationBuilder builder, string name, string host, string port, DatabaseSettings settings)
    {
        if (builder.Given("postgres-password") is null)
        {
            throw new DistributedApplicationException("POSTGRES_HOST names a server, so POSTGRES_PASSWORD has to be given too.");
        }

        var password = builder.AddParameter("postgres-password", secret: true).WithDescription("The password of the owner of the database on the server that POSTGRES_HOST names.");
        var isHere = host == "localhost" || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
        var hostForComponents = isHere && builder.RunsContainers() ? ComponentExtensions.ThisMachine : host;
        // The exporter's driver cannot try encryption first and do without it second, as all others here do: it has to be told.
        var sslMode = builder.Given("postgres-sslmode") ?? (isHere ? "disable" : "require");

        IResourceBuilder<IComponentResource> roles = builder.RunsContainers() ? builder.AddRolesContainer($"{name}-roles", isHere) : builder.AddRolesProcess($"{name}-roles");
        roles
            .AsJob()
            .WithArgs("-c", Prepare)
            .WithEnvironment("PGHOST", hostForComponents)
            .WithEnvironment("PGPORT", port)
            .WithEnvironment("PGDATABASE", settings.Name)
            .WithEnvironment("PGUSER", settings.User)
            .WithEnvironment("PGPASSWORD", password)
            .WithEnvironment("API_ROLE", Database.ApiRole)
            .WithEnvironment(DatabaseSettings.ApiPasswordVariable, settings.ApiPassword)
            .WithEnvironment(DatabaseSettings.MonitorPasswordVariable, settings.MonitorPassword)
            .WithIconName("PeopleSettings");

        var server = $"Host={host};Port={port};Database={settings.Name}";
        var owner = builder.AddConnectionString(Database.ConnectionName, ReferenceExpression.Create($"{server};Username={settings.User};Password={password}"))
            .WaitForCompletion(roles)
            .WithPsqlService();
        var api = builder.AddConnectionString($"{Database.ConnectionName}-api", ReferenceExpression.Create($"{server};Username={Database.ApiRole};Password={settings.ApiPassword}"));

        return new()
        {
            Owner = owner,
            Api = api.WithParentRelationship(owner).WithIconName("PlugConnected"),
            Server = owner,
            IsOnThisMachine = isHere,
            UriForComponents = ReferenceExpression.Create($"{$"{hostForComponents}:{port}/{settings.Name}?sslmode={sslMode}"}"),
            MonitorPassword = settings.MonitorPassword,
        };
    }

    private static IResourceBuilder<IComponentResource> AddRolesContainer(this IDistributedApplicationBuilder builder, string name, bool reachesThisMachine)
    {
        var roles = builder.AddResource(new RolesContainerResource(name))
            .WithImage(ContainerImages.Postgres)
            .WithEntrypoint("sh")
            .WithBindMount(DatabaseSettings.Roles, "/roles.sql", isReadOnly: true)
            .WithEnvironment("ROLES", "/roles.sql");
        return reachesThisMachine ? roles.ReachesThisMachine() : roles;
    }

    private static IResourceBuilder<IComponentResource> AddRolesProcess(this IDistributedApplicationBuilder builder, string name)
    {
        builder.Programs().Find("postgresql-client", "psql");
        return builder.AddResource(new RolesProcessResource(name)).WithEnvironment("ROLES", Path.GetFullPath(DatabaseSettings.Roles, builder.AppHostDirectory));
    }

    private sealed class RolesContainerResource(string name) : ContainerResource(name), IComponentResource;

    private sealed class RolesProcessResource(string name) : ExecutableResource(name, "sh", "/"), IComponentResource;
}
