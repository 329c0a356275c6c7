using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Promethoide.Network;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.AppHost;

/// <summary>
/// PostgreSQL of a throw-away network: it does not wait for the disk, yet what it has acknowledged survives a kill of the server.
/// </summary>
public sealed class ThrowAwayDatabaseTests
{
    private const int Clients = 8;
    private const int Kills = 3;

    [Fact]
    public async Task Killed_in_the_middle_of_writes_it_has_all_that_it_acknowledged_and_gives_no_number_twice()
    {
        await using var network = await RunningNetwork.StartAsync(builder => builder.StartOnly("postgres"));
        var login = new NpgsqlConnectionStringBuilder(await network.ConnectionStringAsync("promethoide"))
        {
            Pooling = false,
        }.ConnectionString;
        await ExecuteAsync(login, "CREATE TABLE entries (id serial PRIMARY KEY, client int NOT NULL, step int NOT NULL)");
        var acknowledged = new ConcurrentBag<(int Id, int Client, int Step)>();

        for (var kill = 0; kill < Kills; kill++)
        {
            var before = acknowledged.Count;
            var writers = Enumerable.Range(kill * Clients, Clients).Select(client => WriteAsync(login, client, acknowledged)).ToList();
            while (acknowledged.Count < before + 40 * Clients)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            KillPostgres(network.Data);
            await Task.WhenAll(writers);
            await network.StartAsync("postgres");
        }

        var kept = new HashSet<(int, int, int)>();
        await using var connection = new NpgsqlConnection(login);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT id, client, step FROM entries", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            kept.Add((reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2)));
        }

        Assert.DoesNotContain(acknowledged, entry => !kept.Contains(entry));
        Assert.Equal(acknowledged.Count, acknowledged.Select(entry => entry.Id).Distinct().Count());
    }

    [Fact]
    public async Task Started_while_the_one_before_is_still_ending_it_waits_for_that()
    {
        await using var network = await RunningNetwork.StartAsync(builder => builder.StartOnly("postgres"));
        var before = Server(network.Data);
        await SignalAsync("STOP", before);
        await SignalAsync("KILL", network.ProcessOf("postgres"));

        var start = network.StartAsync("postgres");
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        await SignalAsync("CONT", before);
        await start;

        Assert.NotEqual(before, Server(network.Data));
    }

    // Writes until the connection breaks.
    private static async Task WriteAsync(string login, int client, ConcurrentBag<(int, int, int)> acknowledged)
    {
        try
        {
            await using var connection = new NpgsqlConnection(login);
            await connection.OpenAsync();
            for (var step = 0; ; step++)
            {
                await using var command = new NpgsqlCommand(
                    $"INSERT INTO entries (client, step) VALUES ({client}, {step}) RETURNING id", connection);
                acknowledged.Add(((int)(await command.ExecuteScalarAsync())!, client, step));
            }
        }
        catch (NpgsqlException)
        {
            // The server was killed.
        }
    }

    // The server itself, not the script that started it.
    private static void KillPostgres(string data)
    {
        using var server = Process.GetProcessById(Server(data));
        server.Kill();
        server.WaitForExit();
    }

    private static int Server(string data) =>
        int.Parse(File.ReadLines(Path.Combine(data, "postgres", "data", "postmaster.pid")).First(), CultureInfo.InvariantCulture);

    private static Task<string> SignalAsync(string signal, int process) => Tool.MustRunAsync("kill", [$"-{signal}", $"{process}"]);

    private static async Task ExecuteAsync(string login, string statement)
    {
        await using var connection = new NpgsqlConnection(login);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
