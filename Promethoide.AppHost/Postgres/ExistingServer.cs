using System.Net;

namespace Promethoide.AppHost;

/// <summary>An existing PostgreSQL server.</summary>
internal static class ExistingServer
{
    // Does what the image does on a new server. Existing roles stay unchanged, since others may use them; they only get the rights that
    // they need in the new database.
    internal const string Prepare =
        """
        set -eu
        psql() { command psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@"; }
        exists() { [ -n "$(psql --tuples-only --no-align --command "SELECT 1 FROM pg_roles WHERE rolname = '$1'")" ]; }
        lets_in() {
          psql --command "GRANT CONNECT ON DATABASE \"$(printf '%s' "$PGDATABASE" | sed 's/"/""/g')\" TO $1"
          PGUSER=$1 PGPASSWORD=$2 psql --command 'SELECT 1' >/dev/null || {
            echo "The server has the role $1 with another password. Give both roles' passwords as PROMETHOIDE_API_PASSWORD and" \
              "PROMETHOIDE_MONITOR_PASSWORD, or set them anew: ALTER ROLE ... PASSWORD." >&2
            exit 1
          }
        }
        psql --dbname postgres --set name="$PGDATABASE" <<'SQL'
        SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
        SQL
        known=
        if exists "$API_ROLE"; then lets_in "$API_ROLE" "$PROMETHOIDE_API_PASSWORD"; known=1; fi
        if exists "$MONITOR_ROLE"; then lets_in "$MONITOR_ROLE" "$PROMETHOIDE_MONITOR_PASSWORD"; else known=; fi
        psql ${known:+--set roles_are_known=1} --file "$ROLES"
        """;

    /// <summary>The database on the server at that address; creates it and the roles if they are missing.</summary>
    public static Database AddExistingServer(
        this IDistributedApplicationBuilder builder, string name, string host, string port, DatabaseSettings settings)
    {
        if (builder.Given("postgres-password") is null)
        {
            throw new DistributedApplicationException("POSTGRES_HOST names a server, so POSTGRES_PASSWORD has to be given too.");
        }

        var password = builder.AddParameter("postgres-password", secret: true)
            .WithDescription("The password of the owner of the database on the server that POSTGRES_HOST names.");
        var isHere = host == "localhost" || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
        var hostForComponents = isHere && builder.RunsContainers() ? ComponentExtensions.ThisMachine : host;
        // Unlike all other clients here, the exporter's driver cannot try encryption first and fall back: it needs an explicit mode.
        var sslMode = builder.Given("postgres-sslmode") ?? (isHere ? "disable" : "require");

        IResourceBuilder<IComponentResource> roles = builder.RunsContainers()
            ? builder.AddRolesContainer($"{name}-roles", isHere)
            : builder.AddRolesProcess($"{name}-roles");
        roles
            .AsJob()
            .WithArgs("-c", Prepare)
            .WithEnvironment("PGHOST", hostForComponents)
            .WithEnvironment("PGPORT", port)
            .WithEnvironment("PGDATABASE", settings.Name)
            .WithEnvironment("PGUSER", settings.User)
            .WithEnvironment("PGPASSWORD", password)
            .WithEnvironment("API_ROLE", Database.ApiRole)
            .WithEnvironment("MONITOR_ROLE", Database.MonitorRole)
            .WithEnvironment(DatabaseSettings.ApiPasswordVariable, settings.ApiPassword)
            .WithEnvironment(DatabaseSettings.MonitorPasswordVariable, settings.MonitorPassword)
            .WithIconName("PeopleSettings");

        var server = $"Host={host};Port={port};Database={ConnectionStringValue.Quote(settings.Name)}";
        var ownersLogin = ReferenceExpression.Create(
            $"{server};Username={new ConnectionStringValue(settings.User.Resource)};"
            + $"Password={new ConnectionStringValue(password.Resource)}");
        var owner = builder.AddConnectionString(Database.ConnectionName, ownersLogin)
            .WaitForCompletion(roles)
            .WithPsqlService();
        var api = builder.AddConnectionString(
            $"{Database.ConnectionName}-api",
            ReferenceExpression.Create(
                $"{server};Username={Database.ApiRole};Password={new ConnectionStringValue(settings.ApiPassword.Resource)}"));
        var hostInUri = hostForComponents.Contains(':') ? $"[{hostForComponents}]" : hostForComponents;
        var uri = $"{hostInUri}:{port}/{Uri.EscapeDataString(settings.Name)}?sslmode={sslMode}";

        return new()
        {
            Owner = owner,
            Api = api.WithParentRelationship(owner).WithIconName("PlugConnected"),
            Server = owner,
            IsOnThisMachine = isHere,
            UriForComponents = ReferenceExpression.Create($"{uri}"),
            MonitorPassword = settings.MonitorPassword,
        };
    }

    private static IResourceBuilder<IComponentResource> AddRolesContainer(
        this IDistributedApplicationBuilder builder, string name, bool reachesThisMachine)
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
        builder.Programs().Require("postgresql-client", "psql");
        return builder.AddResource(new RolesProcessResource(name))
            .WithEnvironment("ROLES", Path.GetFullPath(DatabaseSettings.Roles, builder.AppHostDirectory));
    }

    private sealed class RolesContainerResource(string name) : ContainerResource(name), IComponentResource;

    private sealed class RolesProcessResource(string name) : ExecutableResource(name, "sh", "/"), IComponentResource;
}
