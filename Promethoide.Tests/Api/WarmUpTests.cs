using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class WarmUpTests(PostgresServer server)
{
    [Fact]
    public async Task Before_it_is_ready_everything_has_run_once_and_nobody_is_told()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        var name = new NpgsqlConnectionStringBuilder(database.AsApi).Database;
        var statements = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            // Other tests use databases with other names.
            ActivityStopped = activity =>
                statements.Enqueue(Equals(activity.GetTagItem("db.namespace"), name) ? $"{activity.GetTagItem("db.query.text")}" : ""),
        };
        ActivitySource.AddActivityListener(listener);
        using var log = new Recorder();
        await using var host = await new ApiHost(
            database.AsApi,
            log: log,
            settings:
            [
                new("Logging:LogLevel:Default", "Debug"), new("Logging:Console:LogLevel:Default", "None"), new("Limits:RequestBurst", "1"),
            ])
            .ReadyAsync();

        Assert.All(
            [
                "FROM interpol WHERE dni = $1", "FROM flights WHERE flight_number = $1 AND arrival_date =", "WHERE i.id = @",
                "ORDER BY i.id DESC", "ORDER BY r.id DESC", "INSERT INTO immigration ( id",
            ],
            statement => Assert.Contains(statements, told => OnOneLine(told).Contains(statement, StringComparison.Ordinal)));
        Assert.Empty(log.Problems);
        Assert.Equal(5, await database.ReadAsync<long>("SELECT (SELECT count(*) FROM immigration) + (SELECT count(*) FROM refusals)"));
    }

    private static string OnOneLine(string statement) =>
        string.Join(' ', statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
