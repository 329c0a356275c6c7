using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Promethoide.Network;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Faults;

/// <summary>SIGKILL of each part of the network while clients work. Short in the plain run; ten of each by <c>./test.sh --faults</c>.</summary>
[Collection("Faults")]
public sealed class DurabilityTests(FaultNetwork faults)
{
    private static readonly int Clients = FaultReport.IsFull ? 32 : 8;
    private static readonly int Rounds = FaultReport.IsFull ? 10 : 1;
    private static readonly string[] Parts = ["rest-api", "web", "apache", "postgres"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentBag<Answered> _answered = [];
    private readonly ConcurrentDictionary<string, int> _errors = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_was_acknowledged_is_lost_doubled_or_misnumbered_whatever_is_killed()
    {
        var network = await faults.Network;
        using var http = await network.Officers.ClientAsync(Officers.Supervisor);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var run = Random.Shared.Next(100_000);
        var clients = Enumerable.Range(0, Clients).Select(client => WorkAsync(http, $"F{run:D5}{client:D2}", over.Token)).ToList();
        var outages = new Dictionary<string, TimeSpan>();
        await using (var api = new Outages(http, "/api/flights/AA123"))
        await using (var desk = new Outages(http, "/sign-in"))
        {
            string[] killed = [.. Enumerable.Repeat(Parts, Rounds).SelectMany(parts => parts)];
            Random.Shared.Shuffle(killed);
            foreach (var part in killed)
            {
                await Task.Delay(TimeSpan.FromSeconds(Random.Shared.NextDouble()), Cancellation);
                network.Kill(part);
                await network.StartAsync(part);
                var outage = await (part == "web" ? desk : api).LongestAsync();
                outages[part] = outages.TryGetValue(part, out var longest) && longest > outage ? longest : outage;
            }

            await RestartAsync(network);
            FaultReport.Add("SIGKILL", "all of it stopped and started: longest outage", $"{(await api.LongestAsync()).TotalSeconds:0.0} s");
        }

        await over.CancelAsync();
        await Task.WhenAll(clients);

        await using var database = network.Database();
        await database.OpenAsync(Cancellation);
        var admitted = await RowsAsync(database, $"SELECT dni, id, created_at FROM immigration WHERE dni LIKE 'F{run:D5}%'");
        var refused = await RowsAsync(database, $"SELECT dni, id, created_at FROM refusals WHERE dni LIKE 'F{run:D5}%'");
        var (lost, wrong) = (0, 0);
        foreach (var answer in _answered)
        {
            var rows = (answer.Id is null ? refused : admitted)[answer.Dni].ToList();
            lost += rows.Count == 0 ? 1 : 0;
            wrong += answer.Id is { } id && rows.Any(row => row.Id != id) ? 1 : 0;
        }

        var doubled = admitted.Concat(refused).Count(rows => rows.Count() > 1);
        var unanswered = _answered.Count(answer => answer.Repeated is { } repeated && (answer.Id is null ? refused : admitted)[answer.Dni].Any(row => row.At < repeated));
        FaultReport.Add("SIGKILL", "decisions acknowledged", $"{_answered.Count}");
        FaultReport.Add("SIGKILL", "lost, doubled, with a wrong number", $"{lost}, {doubled}, {wrong}");
        FaultReport.Add("SIGKILL", "committed and not answered; the retry got the same decision", $"{unanswered}");
        FaultReport.Add("SIGKILL", "error answers", string.Join(", ", _errors.OrderByDescending(error => error.Value).Select(error => $"{error.Value} × {error.Key}")));
        foreach (var (part, outage) in outages)
        {
            FaultReport.Add("SIGKILL", $"{part}: longest outage until it was started again and answered", $"{outage.TotalSeconds:0.0} s");
        }

        Assert.Equal((0, 0, 0), (lost, doubled, wrong));
        Assert.InRange(_answered.Count, 100, int.MaxValue);
        // One of each that was counted: the clients have no other number to go by.
        Assert.Equal(_answered.Count, admitted.Count + refused.Count);
    }

    private static async Task RestartAsync(NetworkUnderTest network)
    {
        foreach (var part in Parts)
        {
            await network.StopAsync(part);
        }

        foreach (var part in Parts.Reverse())
        {
            await network.StartAsync(part);
        }
    }

    // Admissions and refusals, one after the other, each sent again until it is answered.
    private async Task WorkAsync(HttpClient http, string prefix, CancellationToken over)
    {
        for (var i = 0; !over.IsCancellationRequested; i++)
        {
            var dni = $"{prefix}{i:D6}";
            var application = new { name = "Ada", dni, lodging = "Hotel Arts", declared_money = i % 2 == 0 ? 750 : 1, flight_number = "AA123" };
            await DecideAsync(http, dni, application);
        }
    }

    private async Task DecideAsync(HttpClient http, string dni, object application)
    {
        var key = Guid.NewGuid().ToString();
        using var patience = new CancellationTokenSource(Patience);
        for (DateTime? repeated = null; ; repeated = DateTime.UtcNow)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/immigration") { Content = JsonContent.Create(application), Headers = { { "Idempotency-Key", key } } };
                using var answer = await http.SendAsync(request, patience.Token);
                if (answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.BadRequest)
                {
                    var json = await answer.Content.ReadFromJsonAsync<JsonElement>(patience.Token);
                    _answered.Add(new(dni, json.TryGetProperty("id", out var id) ? id.GetInt64() : null, repeated));
                    return;
                }

                Count($"{(int)answer.StatusCode}");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException)
            {
                Count("no answer");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }
    }

    private void Count(string error) => _errors.AddOrUpdate(error, 1, static (_, count) => count + 1);

    private static async Task<ILookup<string, (long Id, DateTime At)>> RowsAsync(NpgsqlConnection database, string sql)
    {
        await using var command = new NpgsqlCommand(sql, database);
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var rows = new List<(string Dni, long Id, DateTime At)>();
        while (await reader.ReadAsync(Cancellation))
        {
            rows.Add((reader.GetString(0), reader.GetInt64(1), reader.GetDateTime(2)));
        }

        return rows.ToLookup(row => row.Dni, row => (row.Id, row.At));
    }

    private sealed record Answered(string Dni, long? Id, DateTime? Repeated);
}
