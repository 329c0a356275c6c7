using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>An unresponsive database: connections stay open, or appear to open, but no reply arrives.</summary>
[Collection("Api")]
public sealed class BlackHoleTests(PostgresServer server)
{
    // Allows one more second for a busy machine.
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2 + 1);

    private static readonly string[] Paths = ["/dni/12345678A", "/flights/AA123", "/immigration", "/immigration/1", "/refusals"];

    [Fact]
    public async Task A_database_that_falls_silent_costs_no_request_more_than_two_seconds_and_is_used_again_when_it_returns()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await using var proxy = new LossyProxy(server.Port);
        await using var host = await new ApiHost(Through(database, proxy.Port)).ReadyAsync();
        var api = host.Public;
        // Opens every connection that the pool allows; all of them will go dead.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => api.PostAsync("/immigration", Travellers.Body())));

        proxy.Swallow();
        // More requests than connections, and far more than threads.
        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => TimeAsync(() =>
            i % 6 == 5 ? api.PostAsync("/immigration", Travellers.Body()) : api.GetAsync(Paths[i % 6]))));
        Assert.All(answers, answer => IsUnavailable(answer, TwoSeconds));
        var health = await TimeAsync(() => host.Ops.GetAsync("/health"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.Answer.Status);
        Assert.InRange(health.Time, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        IsUnavailable(await TimeAsync(() => api.GetAsync("/dni/12345678A")), TwoSeconds);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/")).Status);

        proxy.Restore();
        var returned = Stopwatch.StartNew();
        while ((await api.PostAsync("/immigration", Travellers.Body())).Status != HttpStatusCode.Created)
        {
            Assert.InRange(returned.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }

        Assert.Equal(HttpStatusCode.OK, (await host.Ops.GetAsync("/health")).Status);
        // No dead connection is left in the pool.
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => api.GetAsync("/dni/12345678A"))),
            answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task One_dead_connection_is_enough_to_drop_the_idle_ones()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await using var proxy = new LossyProxy(server.Port);
        await using var host = await new ApiHost(Through(database, proxy.Port)).ReadyAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => host.Public.PostAsync("/immigration", Travellers.Body())));

        proxy.Swallow();
        IsUnavailable(await TimeAsync(() => host.Public.GetAsync("/dni/12345678A")), TwoSeconds);
        proxy.Restore();

        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.Public.GetAsync("/dni/12345678A"))),
            answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task A_server_whose_network_drops_everything_is_told_in_time()
    {
        // Nothing accepts, so the kernel drops the first packet of each further connection.
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start(backlog: 1);
        var address = (IPEndPoint)deaf.LocalEndpoint;
        var waiting = Enumerable.Range(0, 4).Select(_ => new TcpClient()).ToList();
        waiting.ForEach(client => _ = client.ConnectAsync(address));
        var database = await server.CreateDatabaseAsync(withRoles: false);
        await using var host = new ApiHost(Through(database, address.Port));

        // The first request also pays for compilation.
        await host.Public.GetAsync("/dni/12345678A");
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TimeAsync(() => host.Public.GetAsync("/dni/12345678A"))));
        Assert.All(answers, answer => IsUnavailable(answer, TwoSeconds));
        var health = await TimeAsync(() => host.Ops.GetAsync("/health"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.Answer.Status);
        Assert.InRange(health.Time, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        waiting.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task A_statement_is_cancelled_on_the_server_when_its_client_is_gone()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await using var host = await new ApiHost(
            database.AsApi, settings: [new("Limits:DatabaseTimeout", "00:01:00"), new("Limits:RequestTimeout", "00:01:00")]).ReadyAsync();
        await using var busy = await TableLock.TakeAsync(database);
        using var http = new HttpClient
        {
            BaseAddress = host.Public.Address,
            DefaultRequestHeaders = { Authorization = new("Bearer", TestDatabase.Key) }
        };
        using var leave = new CancellationTokenSource();

        Task[] clients =
        [
            http.GetAsync(new Uri("/dni/1", UriKind.Relative), leave.Token),
            http.GetAsync(new Uri("/immigration", UriKind.Relative), leave.Token),
            http.PostAsync(
                new Uri("/immigration", UriKind.Relative), System.Net.Http.Json.JsonContent.Create(Travellers.Body()), leave.Token),
        ];
        await UntilAsync(3);
        await leave.CancelAsync();

        await UntilAsync(0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(clients));

        async Task UntilAsync(long running)
        {
            var waited = Stopwatch.StartNew();
            while (await RunningAsync(database) != running)
            {
                Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task Who_finds_no_connection_free_waits_so_long_and_no_longer()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await using var host = await new ApiHost(
            database.AsApi, settings: [new("Limits:DatabaseConnections", "4"), new("Limits:DatabaseTimeout", "00:00:01")]).ReadyAsync();

        await using (await TableLock.TakeAsync(database))
        {
            var asking = Task.WhenAll(Enumerable.Range(0, 30).Select(_ => TimeAsync(() => host.Public.GetAsync("/dni/12345678A"))));
            var most = 0L;
            while (!asking.IsCompleted)
            {
                most = Math.Max(most, await RunningAsync(database));
            }

            Assert.All(await asking, answer => IsUnavailable(answer, TimeSpan.FromSeconds(1.5)));
            // Look-ups may use half of the connections.
            Assert.Equal(2, most);
        }

        var free = Enumerable.Range(0, 30).Select(_ => host.Public.GetAsync("/dni/12345678A"));
        Assert.All(await Task.WhenAll(free), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    /// <summary>The number of API statements that the server is executing.</summary>
    private static Task<long> RunningAsync(TestDatabase database) => database.ReadAsync<long>(
        "SELECT count(*) FROM pg_stat_activity WHERE usename = 'promethoide_api' AND datname = current_database() AND state = 'active'");

    private static string Through(TestDatabase database, int port) =>
        new NpgsqlConnectionStringBuilder(database.AsApi) { Port = port }.ConnectionString;

    private static void IsUnavailable((Answer Answer, TimeSpan Time) answer, TimeSpan within)
    {
        answer.Answer.IsProblem(HttpStatusCode.ServiceUnavailable, "database-unavailable");
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Answer.Headers.RetryAfter?.Delta);
        Assert.InRange(answer.Time, TimeSpan.Zero, within);
    }

    private static async Task<(Answer Answer, TimeSpan Time)> TimeAsync(Func<Task<Answer>> ask)
    {
        var watch = Stopwatch.StartNew();
        return (await ask(), watch.Elapsed);
    }
}
