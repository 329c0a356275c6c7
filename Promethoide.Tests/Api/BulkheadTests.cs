using System.Net;
using Npgsql;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>What holds up decisions leaves look-ups alone.</summary>
[Collection("Api")]
public sealed class BulkheadTests(PostgresServer server)
{
    [Fact]
    public async Task While_a_table_of_decisions_is_locked_look_ups_are_answered_and_no_connection_is_given_up()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await using var host = await new ApiHost(database.AsApi, settings: [new("Limits:DatabaseTimeout", "00:00:06"), new("Limits:RequestsPerSecond", "0")]).ReadyAsync();
        await using var owner = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.AsOwner) { Pooling = false }.ConnectionString);
        await owner.OpenAsync(TestContext.Current.CancellationToken);
        // All connections that there may be.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => i % 2 == 0 ? host.Public.PostAsync("/immigration", Travellers.Body()) : host.Public.GetAsync("/dni/X1")));
        var sessions = await SessionsAsync();

        await using var locking = new NpgsqlCommand("BEGIN; LOCK TABLE immigration IN ACCESS EXCLUSIVE MODE", owner);
        await locking.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        // More than there are connections.
        var decisions = Task.WhenAll(Enumerable.Range(0, 64).Select(_ => host.Public.PostAsync("/immigration", Travellers.Body())));
        var lookUps = new List<Answer>();
        while (!decisions.IsCompleted)
        {
            lookUps.Add(await host.Public.GetAsync("/dni/12345678A"));
            lookUps.Add(await host.Public.GetAsync("/flights/AA123"));
        }

        Assert.All(await decisions, answer => answer.IsProblem(HttpStatusCode.ServiceUnavailable, "database-unavailable"));
        Assert.All(lookUps, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.InRange(lookUps.Count, 50, int.MaxValue);
        // The server answers whoever comes anew: what is slow is not gone.
        Assert.Equal(sessions, await SessionsAsync());

        Task<string> SessionsAsync() => database.ReadAsync<string>(
            "SELECT string_agg(pid::text, ',' ORDER BY pid) FROM pg_stat_activity WHERE usename = 'promethoide_api' AND datname = current_database()");
    }
}
