using Npgsql;
using Promethoide.Network;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Faults;

/// <summary>
/// SIGKILLs each part of the network while clients work: once each by default, ten times each in <c>./test.sh --faults</c>.
/// </summary>
[Collection("Faults")]
public sealed class DurabilityTests(FaultNetwork faults)
{
    private const string Drill = "SIGKILL";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_doubled_or_misnumbered_whatever_is_killed()
    {
        var network = await faults.Network;
        using var http = await network.Officers.ClientAsync(Officers.Supervisor);
        await using var deciders = new Deciders(http, Kills.Clients);
        await using (var outages = new PartOutages(Drill, http))
        {
            foreach (var part in Kills.InAnyOrder())
            {
                await Task.Delay(Kills.SomeTime, Cancellation);
                network.Kill(part);
                await network.StartAsync(part);
                await outages.EndedAsync(part);
            }

            foreach (var part in Kills.Parts)
            {
                await network.StopAsync(part);
            }

            foreach (var part in Kills.Parts.Reverse())
            {
                await network.StartAsync(part);
            }

            await outages.EndedAsync(Kills.Everything);
        }

        await deciders.StopAsync();
        deciders.Judge(Drill, await RowsAsync(network, deciders.Statement));
    }

    private static async Task<List<(bool, string, long, double)>> RowsAsync(NetworkUnderTest network, string sql)
    {
        await using var database = network.Database();
        await database.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, database);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<(bool, string, long, double)>();
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add((reader.GetBoolean(0), reader.GetString(1), reader.GetInt64(2), reader.GetDouble(3)));
        }

        return rows;
    }
}
