using System.Net;

namespace Promethoide.AppHost;

/// <summary>Uses a PostgreSQL server that others run.</summary>
internal static class ExistingServerBuilderExtensions
{
    // Does what the image does on a new server. Roles that exist keep their passwords: others may use them.
    private const string Prepare =
        """
        set -eu
        psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --dbname postgres --set name="$PGDATABASE" <<'SQL'
        SELECT format('CREATE DATABASE %I', :'name') WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
        SQL
        if [ -z "$(psql --no-psqlrc --quiet --tuples-only --no-align --command "SELECT 1 FROM pg_roles WHERE rolname = '$API_ROLE'")" ]; then
          psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --file /roles.sql
        fi
        """;

    /// <summary>The database on the server of that address; it and the roles are made when they are missing.</summary>
    public static Database AddExistingServer(this IDistributedApplicationBuilder builder, string name, string host, string port, DatabaseSettings settings)
    {
        var password = builder.AddParameter("postgres-password", secret: true).WithDescription("The password of the owner of the database on the server that POSTGRES_HOST names.");
        var isHere = host == "localhost" || IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address);
        var hostForContainers = isHere ? ContainerNetwork.ThisMachine : host;
        // The exporter's driver cannot try encryption first and do without it second, as all others here do: it has to be told.
        var sslMode = builder.Given("postgres-sslmode") ?? (isHere ? "disable" : "require");

        var roles = builder.AddContainer($"{name}-roles", ContainerImages.Postgres.Name, ContainerImages.Postgres.Tag)
            .WithImageRegistry(ContainerImage.Registry)
            .WithEntrypoint("sh")
            .WithArgs("-c", Prepare)
            .WithBindMount(DatabaseBuilderExtensions.Roles, "/roles.sql", isReadOnly: true)
            .WithEnvironment("PGHOST", hostForContainers)
            .WithEnvironment("PGPORT", port)
            .WithEnvironment("PGDATABASE", settings.Name)
            .WithEnvironment("PGUSER", settings.User)
            .WithEnvironment("PGPASSWORD", password)
            .WithEnvironment("API_ROLE", Database.ApiRole)
            .WithEnvironment(DatabaseBuilderExtensions.ApiPasswordVariable, settings.ApiPassword)
            .WithEnvironment(DatabaseBuilderExtensions.MonitorPasswordVariable, settings.MonitorPassword)
            .WithIconName("PeopleSettings");
        if (isHere)
        {
            roles.ReachesThisMachine();
        }

        var server = $"Host={host};Port={port};Database={settings.Name}";
        var owner = builder.AddConnectionString(Database.ConnectionName, ReferenceExpression.Create($"{server};Username={settings.User};Password={password}"))
            .WaitForCompletion(roles);
        var api = builder.AddConnectionString($"{Database.ConnectionName}-api", ReferenceExpression.Create($"{server};Username={Database.ApiRole};Password={settings.ApiPassword}"));

        return new()
        {
            Owner = owner,
            Api = api.WithParentRelationship(owner).WithIconName("PlugConnected"),
            Server = owner,
            IsOnThisMachine = isHere,
            UriForContainers = ReferenceExpression.Create($"{$"{hostForContainers}:{port}/{settings.Name}?sslmode={sslMode}"}"),
            MonitorPassword = settings.MonitorPassword,
        };
    }
}
