using System.Diagnostics;
using System.Net;
using Npgsql;
using Promethoide.Tests.Faults;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>A stall in decisions does not affect look-ups.</summary>
[Collection("Api")]
public sealed class BulkheadTests(PostgresServer server)
{
    [Fact]
    public async Task While_a_table_of_decisions_is_locked_look_ups_are_answered_and_no_connection_is_given_up()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await using var host = await new ApiHost(
            database.AsApi, settings: [new("Limits:DatabaseTimeout", "00:00:06"), new("Limits:RequestsPerSecond", "0")])
            .ReadyAsync();
        await using var owner = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database.AsOwner) { Pooling = false }.ConnectionString);
        await owner.OpenAsync(TestContext.Current.CancellationToken);
        // Opens every connection that the pool allows.
        await Task.WhenAll(Enumerable.Range(0, 200)
            .Select(i => i % 2 == 0 ? host.Public.PostAsync("/immigration", Travellers.Body()) : host.Public.GetAsync("/dni/X1")));
        var sessions = await SessionsAsync();
        var before = new List<TimeSpan>();
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(FaultReport.IsFull ? 6 : 1);)
        {
            before.Add(await LookUpAsync());
        }

        await using var locking = new NpgsqlCommand("BEGIN; LOCK TABLE immigration IN ACCESS EXCLUSIVE MODE", owner);
        await locking.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        // More decisions than connections.
        var decisions = Task.WhenAll(Enumerable.Range(0, 64).Select(_ => host.Public.PostAsync("/immigration", Travellers.Body())));
        var meanwhile = new List<TimeSpan>();
        while (!decisions.IsCompleted)
        {
            meanwhile.Add(await LookUpAsync());
        }

        Assert.All(await decisions, answer => answer.IsProblem(HttpStatusCode.ServiceUnavailable, "database-unavailable"));
        Assert.InRange(meanwhile.Count, 50, int.MaxValue);
        var (p99, p99Meanwhile) = (Quantiles.Of(before, 0.99), Quantiles.Of(meanwhile, 0.99));
        FaultReport.Add(
            "A table is locked",
            "look-ups, p99 before and meanwhile",
            $"{p99.TotalMilliseconds:0.0} ms, {p99Meanwhile.TotalMilliseconds:0.0} ms");
        if (FaultReport.IsFull)
        {
            Assert.InRange(p99Meanwhile, TimeSpan.Zero, p99 * 2);
        }

        // The server still accepts new connections: it is slow, not gone, so the API keeps the old ones.
        Assert.Subset(await SessionsAsync(), sessions);

        async Task<TimeSpan> LookUpAsync()
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(HttpStatusCode.OK, (await host.Public.GetAsync("/dni/12345678A")).Status);
            Assert.Equal(HttpStatusCode.OK, (await host.Public.GetAsync("/flights/AA123")).Status);
            return Stopwatch.GetElapsedTime(started);
        }

        async Task<HashSet<int>> SessionsAsync() => [.. await database.ReadAsync<int[]>(
            "SELECT array_agg(pid) FROM pg_stat_activity WHERE usename = 'promethoide_api' AND datname = current_database()")];
    }
}
