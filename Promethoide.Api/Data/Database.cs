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
                // We use our own DatabaseCheck: the package's check waits as long as the network lets it.
                settings.DisableHealthChecks = true;
                // DatabaseAccess does the retries: EF Core's strategy would buffer every result, and wrap every query in three more tasks.
                settings.DisableRetry = true;
            },
            options => options
                .UseSnakeCaseNamingConvention()
                .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
                // A context serves one request, on one logical thread: the check costs 10 % and can find nothing.
                .EnableThreadSafetyChecks(false)
                // Each of these accompanies an exception, which is logged once where it is handled, not at every try.
                .ConfigureWarnings(events => events.Log(
                    (RelationalEventId.ConnectionError, LogLevel.Debug),
                    (RelationalEventId.CommandError, LogLevel.Debug),
                    (CoreEventId.QueryIterationFailed, LogLevel.Debug))));
        return connectionString;
    }

    /// <summary>Tunes Npgsql for a few frequent statements; settings in the connection string take precedence.</summary>
    internal static string? Tune(string? connectionString, int connections)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            return connectionString;
        }

        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        connection.Default("Max Auto Prepare", 32);
        connection.Default("Auto Prepare Min Usages", 2);
        // No statement of this program leaves state behind in a session.
        connection.Default("No Reset On Close", true);
        connection.Default("Maximum Pool Size", connections);
        // Seconds to wait for a connection, whether new or from the pool.
        connection.Default("Timeout", 2);
        // Seconds. A firewall drops idle connections silently: with keepalives, the kernel notices within a minute, before a request uses
        // one.
        connection.Default("TCP Keepalive Time", 30);
        connection.Default("TCP Keepalive Interval", 10);
        return connection.ConnectionString;
    }

    /// <summary>Adds the database access for requests.</summary>
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

    // The options' validation reports invalid values when the host starts.
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
