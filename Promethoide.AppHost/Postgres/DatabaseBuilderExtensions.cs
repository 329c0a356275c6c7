using System.Globalization;

namespace Promethoide.AppHost;

/// <summary>Adds the database.</summary>
public static class DatabaseBuilderExtensions
{
    /// <summary>The database on the network's own server, or on the one that <c>POSTGRES_HOST</c> names.</summary>
    /// <param name="builder">The network.</param>
    /// <param name="name">The server's name.</param>
    /// <param name="port">The server's port on this machine, unless <c>POSTGRES_PORT</c> says otherwise.</param>
    public static Database AddDatabase(this IDistributedApplicationBuilder builder, string name, int port)
    {
        var settings = new DatabaseSettings(
            Name: builder.Given("postgres-db") ?? "promethoide",
            User: builder.AddSetting("postgres-user", "promethoide", "The owner of the database."),
            ApiPassword: builder.AddSecret(
                "promethoide-api-password", $"The password of the role {Database.ApiRole}, which the API logs in as."),
            MonitorPassword: builder.AddSecret(
                "promethoide-monitor-password", $"The password of the role {Database.MonitorRole}, which postgres-exporter logs in as."));

        port = builder.Given("postgres-port") is { } given ? Port(given) : port;
        return builder.Given("postgres-host") is { } host
            ? builder.AddExistingServer(name, host, port.ToString(CultureInfo.InvariantCulture), settings)
            : builder.AddOwnServer(name, port, settings);
    }

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? port
            : throw new DistributedApplicationException($"POSTGRES_PORT is '{text}'; it has to be a port number from 1 to 65535.");
}
