using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;
using Promethoide.Api.Limits;

namespace Promethoide.Api.Data;

internal static class Database
{
    /// <summary>The name of the connection string, and of the database.</summary>
    public const string Name = "promethoide";

    /// <summary>Adds the context.</summary>
    /// <returns>Its connection string; null when none is set.</returns>
    public static string? AddDatabase(this IHostApplicationBuilder builder)
    {
        string? connectionString = null;
        builder.AddNpgsqlDbContext<PromethoideContext>(
            Name,
            settings =>
            {
                settings.ConnectionString = connectionString = Tune(settings.ConnectionString, Connections(builder.Configuration));
                // DatabaseCheck is ours: the package's waits as long as the network lets it.
                settings.DisableHealthChecks = true;
                // DatabaseAccess tries again: EF Core's strategy would buffer every result, and wrap every query in three more tasks.
                settings.DisableRetry = true;
            },
            options => options
                .UseSnakeCaseNamingConvention()
                .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
                // A context serves one request, on one logical thread: the check costs 10 % and can find nothing.
                .EnableThreadSafetyChecks(false)
                // Each of these comes with an exception, which is logged where it is answered: once, not at every try.
                .ConfigureWarnings(events => events.Log(
                    (RelationalEventId.ConnectionError, LogLevel.Debug),
                    (RelationalEventId.CommandError, LogLevel.Debug),
                    (CoreEventId.QueryIterationFailed, LogLevel.Debug))));
        return connectionString;
    }

    /// <summary>Adds what makes Npgsql fast for few statements that come often; what the connection string says itself stays.</summary>
    internal static string? Tune(string? connectionString, int connections)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            return connectionString;
        }

        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        connection.Default("Max Auto Prepare", 32);
        connection.Default("Auto Prepare Min Usages", 2);
        // No statement of this program leaves anything behind in a session.
        connection.Default("No Reset On Close", true);
        connection.Default("Maximum Pool Size", connections);
        // Seconds to wait for a connection, be it a new one or a free one of the pool.
        connection.Default("Timeout", 2);
        // Seconds. A firewall that forgets idle connections says nothing: the kernel finds out within a minute, and nobody stumbles over
        // them.
        connection.Default("TCP Keepalive Time", 30);
        connection.Default("TCP Keepalive Interval", 10);
        return connection.ConnectionString;
    }

    /// <summary>Adds what requests reach the database by.</summary>
    public static void AddDatabaseAccess(this IHostApplicationBuilder builder)
    {
        var connectionString = builder.AddDatabase();
        builder.Services.AddSingleton<Reachability>();
        builder.Services.AddSingleton(services => new DatabaseAccess(
            services.GetRequiredService<IServiceScopeFactory>(),
            connectionString,
            services.GetRequiredService<Reachability>(),
            services.GetRequiredService<IOptions<LimitsOptions>>()));
        builder.Services.AddHealthChecks().AddCheck<DatabaseCheck>("database");
    }

    // Wrong values are told by the options' validation, when the host starts.
    private static int Connections(IConfiguration configuration) =>
        Math.Max(1, configuration.GetSection(LimitsOptions.Section).Get<LimitsOptions>()?.DatabaseConnections
            ?? new LimitsOptions().DatabaseConnections);

    private static void Default(this NpgsqlConnectionStringBuilder connection, string keyword, object value)
    {
        if (!connection.ShouldSerialize(keyword))
        {
            connection[keyword] = value;
        }
    }
}
