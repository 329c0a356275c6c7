using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Promethoide.Network;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Faults;

/// <summary>PostgreSQL runs out of space: first for its tables, then for its write-ahead log (WAL), without which it crashes.</summary>
[Collection("Faults")]
public sealed class FullDiskTests(FaultNetwork faults)
{
    private const string Slot = "drill";

    // A page of 8 KiB holds a few dozen decisions.
    private const int MostDecisions = 2_000;
    private const int Refused = 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Decisions_are_told_so_look_ups_go_on_and_with_space_everything_that_was_acknowledged_is_there()
    {
        var network = await faults.Network;
        Assert.SkipUnless(faults.Disk is not null, "Only root can mount a small disk, and not in every container.");
        using var http = await network.Officers.ClientAsync(Officers.Supervisor);
        var prefix = $"D{Random.Shared.Next(100_000):D5}";
        var acknowledged = new List<(string Dni, long Id)>();
        var refused = new List<HttpStatusCode>();
        async Task<HttpStatusCode> DecideAsync()
        {
            var dni = $"{prefix}{acknowledged.Count + refused.Count:D6}";
            var application = new { name = "Ada", dni, lodging = new string('H', 200), declared_money = 750, flight_number = "AA123" };
            using var answer = await http.PostAsJsonAsync("/api/immigration", application, Cancellation);
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                acknowledged.Add((dni, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("id").GetInt64()));
            }
            else
            {
                refused.Add(answer.StatusCode);
            }

            return answer.StatusCode;
        }

        // The slot keeps every WAL segment; without it PostgreSQL would recycle old ones and survive.
        await ExecuteAsync(network, $"SELECT pg_create_physical_replication_slot('{Slot}', true)");
        await using (await faults.Disk.FillAsync())
        {
            while (refused.Count < Refused && acknowledged.Count < MostDecisions)
            {
                await DecideAsync();
                using var lookUp = await http.GetAsync(new Uri("/api/flights/AA123", UriKind.Relative), Cancellation);
                Assert.Equal(HttpStatusCode.OK, lookUp.StatusCode);
            }

            // PostgreSQL panics.
            await Assert.ThrowsAnyAsync<NpgsqlException>(async () =>
            {
                while (true)
                {
                    await ExecuteAsync(network, "SELECT pg_logical_emit_message(false, 'drill', repeat('x', 1000000))");
                }
            });
        }

        var clock = Stopwatch.StartNew();
        await Eventually.GetAsync(
            async () =>
            {
                // As a process supervisor would; PostgreSQL may have restarted by itself.
                if (network.Shown.Single(shown => shown.Resource.Name == "postgres").Shown.State?.Text
                    is "Exited" or "Finished" or "FailedToStart")
                {
                    await network.StartAsync("postgres");
                }

                return await DecideAsync();
            },
            status => status == HttpStatusCode.Created);
        var recovered = clock.Elapsed;
        await ExecuteAsync(network, $"SELECT pg_drop_replication_slot('{Slot}')");

        await using var database = network.Database();
        await database.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand($"SELECT dni, id FROM immigration WHERE dni LIKE '{prefix}%'", database);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var kept = new List<(string, long)>();
        while (await reader.ReadAsync(Cancellation))
        {
            kept.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        FaultReport.Add(
            "PostgreSQL's disk full",
            "acknowledged before and after, lost, doubled",
            $"{acknowledged.Count}, {acknowledged.Except(kept).Count()}, {kept.Count - kept.Distinct().Count()}");
        FaultReport.Add(
            "PostgreSQL's disk full",
            "answers to decisions meanwhile",
            string.Join(", ", refused.CountBy(status => (int)status).Select(pair => $"{pair.Value} × {pair.Key}")));
        FaultReport.Add(
            "PostgreSQL's disk full", "decides again after there is space and PostgreSQL was started", $"{recovered.TotalSeconds:0.0} s");
        Assert.Equal(acknowledged.Order(), kept.Order());
        Assert.InRange(refused.Count, Refused, int.MaxValue);
        Assert.All(refused, status => Assert.Equal(HttpStatusCode.ServiceUnavailable, status));
    }

    private static async Task ExecuteAsync(NetworkUnderTest network, string sql)
    {
        await using var database = network.Database();
        await database.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, database);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
