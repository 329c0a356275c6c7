using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Promethoide.Api.Limits;

namespace Promethoide.Tests.Faults;

/// <summary>A client sends far more requests than the API can serve, from the desk's own address, while an officer works.</summary>
internal static class Overload
{
    private const int Connections = 256;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(FaultReport.IsFull ? 60 : 8);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Floods the API through Apache and checks the responses.</summary>
    /// <param name="drill">Its name in the table.</param>
    /// <param name="desk">The desk's address.</param>
    /// <param name="officer">A client signed in at the desk.</param>
    /// <param name="token">A token that may use the API.</param>
    public static async Task RunAsync(string drill, string desk, HttpClient officer, string token)
    {
        using var stranger = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections })
        {
            BaseAddress = new(desk),
            DefaultRequestHeaders = { Authorization = new("Bearer", token) }
        };
        await TimeAsync(officer, "/");

        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        over.CancelAfter(Length);
        var answers = new ConcurrentBag<(HttpStatusCode? Status, TimeSpan Time)>();
        var flood = Task.WhenAll(
            Enumerable.Range(0, Connections).Select(_ => Task.Run(() => FloodAsync(stranger, answers, over.Token), Cancellation)));
        var pages = new List<(bool IsGood, TimeSpan Time)>();
        while (!over.IsCancellationRequested)
        {
            pages.Add(await TimeAsync(officer, "/"));
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
        }

        await flood;
        var clock = Stopwatch.StartNew();
        while (!(await TimeAsync(stranger, "/api/flights/AA123")).IsGood)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
        }

        var recovered = clock.Elapsed;
        var accepted = answers.Where(answer => answer.Status == HttpStatusCode.OK).Select(answer => answer.Time).ToList();
        var (p99, p95) = (Quantiles.Of(accepted, 0.99), Quantiles.Of([.. pages.Select(page => page.Time)], 0.95));
        FaultReport.Add(
            drill,
            "requests per second, of which accepted",
            $"{answers.Count / Length.TotalSeconds:0}, {accepted.Count / Length.TotalSeconds:0}");
        FaultReport.Add(
            drill,
            "answers by status",
            string.Join(", ", answers.CountBy(answer => answer.Status is { } status ? $"{(int)status}" : "none")
                .OrderBy(pair => pair.Key)
                .Select(pair => $"{pair.Value} × {pair.Key}")));
        FaultReport.Add(drill, "accepted, p99", $"{p99.TotalSeconds:0.00} s");
        FaultReport.Add(
            drill, "an officer's page, p95", $"{p95.TotalSeconds:0.00} s, {pages.Count(page => !page.IsGood)} of {pages.Count} failed");
        FaultReport.Add(drill, "normal again after", $"{recovered.TotalSeconds:0.0} s");

        Assert.All(pages, page => Assert.True(page.IsGood));
        // A client may send a burst plus a fixed rate. On a machine too slow to exceed that, nothing is refused.
        var limits = new LimitsOptions();
        var allowed = limits.RequestBurst + (limits.RequestsPerSecond * Length.TotalSeconds);
        Assert.InRange(accepted.Count, 1, allowed * 1.05);
        if (answers.Count > allowed * 1.05)
        {
            Assert.Contains(answers, answer => answer.Status == HttpStatusCode.TooManyRequests);
        }

        Assert.All(
            answers,
            answer => Assert.Contains(
                answer.Status, (HttpStatusCode?[])[HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable]));
        Assert.InRange(recovered, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        if (FaultReport.IsFull)
        {
            Assert.InRange(p99, TimeSpan.Zero, Bound);
            Assert.InRange(p95, TimeSpan.Zero, Bound);
        }
    }

    private static async Task FloodAsync(HttpClient stranger, ConcurrentBag<(HttpStatusCode?, TimeSpan)> answers, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            var started = Stopwatch.GetTimestamp();
            HttpStatusCode? status = null;
            try
            {
                using var answer = await stranger.GetAsync(new Uri("/api/flights/AA123", UriKind.Relative), Cancellation);
                status = answer.StatusCode;
            }
            catch (HttpRequestException)
            {
                // No answer.
            }

            answers.Add((status, Stopwatch.GetElapsedTime(started)));
        }
    }

    private static async Task<(bool IsGood, TimeSpan Time)> TimeAsync(HttpClient http, string path)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return (answer.IsSuccessStatusCode, Stopwatch.GetElapsedTime(started));
    }
}
