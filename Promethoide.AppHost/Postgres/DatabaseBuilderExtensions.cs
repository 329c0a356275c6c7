using System.Globalization;

namespace Promethoide.AppHost;

/// <summary>Adds the database.</summary>
public static class DatabaseBuilderExtensions
{
    internal const string ApiPasswordVariable = "PROMETHOIDE_API_PASSWORD";
    internal const string MonitorPasswordVariable = "PROMETHOIDE_MONITOR_PASSWORD";
    // How the published services reach the database, and what of it an operator may set. There is no Kerberos in their images to ask.
    internal static readonly (string Text, string Setting)[] Published =
    [
        ("Host=postgres;Port=5432;", "Host=${POSTGRES_HOST};Port=${POSTGRES_PORT};"),
        (";Database=promethoide", ";Database=${POSTGRES_DB};GSS Encryption Mode=Disable"),
        ("postgres:5432/promethoide?sslmode=disable", "${POSTGRES_HOST}:${POSTGRES_PORT}/${POSTGRES_DB}?sslmode=${POSTGRES_SSLMODE}"),
    ];

    internal const string Roles = "../postgres/roles.sql";

    /// <summary>The database on a server in a container, or on the one that <c>POSTGRES_HOST</c> names.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The server's name.</param>
    /// <param name="port">The container's port on this machine, unless <c>POSTGRES_PORT</c> says otherwise.</param>
    public static Database AddDatabase(this IDistributedApplicationBuilder builder, string name, int port)
    {
        var settings = new DatabaseSettings(
            Name: builder.Given("postgres-db") ?? "promethoide",
            User: builder.AddSetting("postgres-user", "promethoide", "The owner of the database."),
            ApiPassword: builder.AddSecret("promethoide-api-password", $"The password of the role {Database.ApiRole}, which the API logs in as."),
            MonitorPassword: builder.AddSecret("promethoide-monitor-password", $"The password of the role {Database.MonitorRole}, which postgres-exporter logs in as."));

        port = builder.Given("postgres-port") is { } given ? Port(given) : port;
        return builder.Given("postgres-host") is { } host
            ? builder.AddExistingServer(name, host, port.ToString(CultureInfo.InvariantCulture), settings)
            : builder.AddServerInContainer(name, port, settings);
    }

    private static Database AddServerInContainer(this IDistributedApplicationBuilder builder, string name, int port, DatabaseSettings settings)
    {
        var password = builder.AddSecret("postgres-password", "The password of the database's owner. The server takes it when its volume is new, and keeps it.");

        // The image creates the database of this variable and then runs the script in it; Aspire's own way to create one comes after the script.
        var postgres = builder.AddPostgres(name, settings.User, password, port)
            .WithImage(ContainerImages.Postgres)
            .WithDataVolume($"promethoide-{name}")
            .WithEnvironment("POSTGRES_DB", settings.Name)
            .WithEnvironment(ApiPasswordVariable, settings.ApiPassword)
            .WithEnvironment(MonitorPasswordVariable, settings.MonitorPassword)
            .WithBindMount(Roles, "/docker-entrypoint-initdb.d/roles.sql", isReadOnly: true)
            // Over TCP: while the image prepares a new volume, its server listens on a socket only.
            .InCompose(megabytes: 512, ["pg_isready", "-q", "-h", "127.0.0.1", "-p", "${POSTGRES_PORT}", "-U", "${POSTGRES_USER}", "-d", "${POSTGRES_DB}"], service =>
            {
                service.Environment["POSTGRES_DB"] = "${POSTGRES_DB}";
                service.Command = ["postgres", "-p", "${POSTGRES_PORT}"];
                service.Tmpfs.Add("/var/run/postgresql");
                // It starts as root, gives its volume to the server's user, and becomes that user.
                service.CapAdd = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];
                service.StopGracePeriod = "1m";
            });

        var owner = postgres.AddDatabase(Database.ConnectionName, settings.Name);
        var server = postgres.Resource;
        var api = builder.AddConnectionString(
            $"{Database.ConnectionName}-api",
            ReferenceExpression.Create($"Host={server.Host};Port={server.Port};Username={Database.ApiRole};Password={settings.ApiPassword};Database={settings.Name}"));

        return new()
        {
            Owner = owner,
            Api = api.WithParentRelationship(owner).WithIconName("PlugConnected"),
            Server = postgres,
            UriForContainers = ReferenceExpression.Create($"{server.Host}:{server.Port}/{settings.Name}?sslmode=disable"),
            MonitorPassword = settings.MonitorPassword,
        };
    }

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw new DistributedApplicationException($"POSTGRES_PORT is '{text}'; it has to be a port number from 1 to 65535.");
}

internal sealed record DatabaseSettings(
    string Name,
    IResourceBuilder<ParameterResource> User,
    IResourceBuilder<ParameterResource> ApiPassword,
    IResourceBuilder<ParameterResource> MonitorPassword);
