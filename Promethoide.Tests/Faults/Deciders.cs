using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Promethoide.Tests.Faults;

/// <summary>
/// Clients that decide on one traveller after another, alternating admissions and refusals. Each request is retried with its key until
/// it is answered.
/// </summary>
internal sealed class Deciders : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http;
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _clients;
    private readonly ConcurrentBag<Answered> _answered = [];
    private readonly ConcurrentDictionary<string, int> _errors = [];
    private readonly string _prefix = $"F{Random.Shared.Next(100_000):D5}";

    /// <param name="http">A signed-in client with the desk's address.</param>
    /// <param name="clients">How many work concurrently.</param>
    public Deciders(HttpClient http, int clients)
    {
        _http = http;
        _clients = [.. Enumerable.Range(0, clients).Select(client => WorkAsync($"{_prefix}{client:D2}"))];
    }

    /// <summary>
    /// Selects the rows for <see cref="Judge"/>: whether it is an admission, the document, the number and the time in seconds since 1970.
    /// </summary>
    public string Statement =>
        $"""
         SELECT true, dni, id, extract(epoch FROM created_at)::float8 FROM immigration WHERE dni LIKE '{_prefix}%'
         UNION ALL SELECT false, dni, id, extract(epoch FROM created_at)::float8 FROM refusals WHERE dni LIKE '{_prefix}%'
         """;

    /// <summary>Waits until each client has received its last response.</summary>
    public async Task StopAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_clients);
    }

    /// <summary>Each acknowledged decision must be in the database exactly once, with its number.</summary>
    public void Judge(string drill, IReadOnlyCollection<(bool IsAdmission, string Dni, long Id, double At)> rows)
    {
        var kept = rows.ToLookup(row => row.Dni);
        var lost = _answered.Count(answer => !kept.Contains(answer.Dni));
        var wrong = _answered.Count(answer =>
            kept[answer.Dni].Any(row => row.IsAdmission != answer.Id.HasValue || answer.Id is { } id && row.Id != id));
        var doubled = kept.Count(decisions => decisions.Count() > 1);
        var unanswered = _answered.Count(answer => kept[answer.Dni].Any(row => row.At < answer.Repeated));
        FaultReport.Add(drill, "decisions acknowledged", $"{_answered.Count}");
        FaultReport.Add(drill, "lost, doubled, with a wrong number", $"{lost}, {doubled}, {wrong}");
        FaultReport.Add(drill, "committed and not answered; the retry got the same decision", $"{unanswered}");
        FaultReport.Add(
            drill,
            "error answers",
            string.Join(", ", _errors.OrderByDescending(error => error.Value).Select(error => $"{error.Value} × {error.Key}")));

        Assert.Equal((0, 0, 0), (lost, doubled, wrong));
        Assert.InRange(_answered.Count, 100, int.MaxValue);
        // The database has no decisions beyond those acknowledged.
        Assert.Equal(_answered.Count, kept.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_clients).ContinueWith(_ => { }, TaskScheduler.Default);
        _over.Dispose();
    }

    private async Task WorkAsync(string prefix)
    {
        for (var i = 0; !_over.IsCancellationRequested; i++)
        {
            var dni = $"{prefix}{i:D6}";
            await DecideAsync(
                dni, new { name = "Ada", dni, lodging = "Hotel Arts", declared_money = i % 2 == 0 ? 750 : 1, flight_number = "AA123" });
        }
    }

    private async Task DecideAsync(string dni, object application)
    {
        var key = Guid.NewGuid().ToString();
        using var patience = new CancellationTokenSource(Patience);
        for (double? repeated = null; ; repeated = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0)
        {
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/immigration")
                {
                    Content = JsonContent.Create(application),
                    Headers = { { "Idempotency-Key", key } }
                };
                using var answer = await _http.SendAsync(request, patience.Token);
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

            await Task.Delay(Pause, patience.Token);
        }
    }

    private void Count(string error) => _errors.AddOrUpdate(error, 1, static (_, count) => count + 1);

    // Id is the admission's number; Repeated is the time of the last retry.
    private sealed record Answered(string Dni, long? Id, double? Repeated);
}
