using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Promethoide.Api.Data;

internal static class Database
{
    /// <summary>The name of the connection string, and of the database.</summary>
    public const string Name = "promethoide";

    public static void AddDatabase(this IHostApplicationBuilder builder) => builder.AddNpgsqlDbContext<PromethoideContext>(
        Name,
        settings => settings.ConnectionString = Tune(settings.ConnectionString),
        options => options
            .UseSnakeCaseNamingConvention()
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            // A context serves one request, on one logical thread: the check costs 10 % and can find nothing.
            .EnableThreadSafetyChecks(false)
            // Each of these comes with an exception, which is logged where it is answered: once, not at every try.
            .ConfigureWarnings(events => events.Log(
                (RelationalEventId.ConnectionError, LogLevel.Debug),
                (RelationalEventId.CommandError, LogLevel.Debug),
                (CoreEventId.QueryIterationFailed, LogLevel.Debug)))
            // Few and quick: an officer who waits half a minute for "no" has sent the request again.
            .UseNpgsql(npgsql => npgsql.EnableRetryOnFailure(maxRetryCount: 2, TimeSpan.FromMilliseconds(200), errorCodesToAdd: null)));

    /// <summary>Adds what makes Npgsql fast for few statements that come often; what the connection string says itself stays.</summary>
    internal static string? Tune(string? connectionString)
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
        // Seconds to wait for a connection, be it a new one or a free one of the pool.
        connection.Default("Timeout", 2);
        return connection.ConnectionString;
    }

    private static void Default(this NpgsqlConnectionStringBuilder connection, string keyword, object value)
    {
        if (!connection.ShouldSerialize(keyword))
        {
            connection[keyword] = value;
        }
    }
}
