using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Promethoide.Network;

namespace Promethoide.Tests.Faults;

/// <summary>A stranger asks for far more than there is, from an address of its own, while an officer works.</summary>
[Collection("Faults")]
public sealed class OverloadTests(FaultNetwork faults)
{
    private const int Connections = 256;
    private static readonly IPAddress Stranger = IPAddress.Parse("127.0.0.3");
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(FaultReport.IsFull ? 60 : 8);
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whoever_asks_too_much_is_told_so_and_an_officer_works_on()
    {
        var network = await faults.Network;
        using var officer = await network.Officers.ClientAsync(Officers.Ordinary);
        using var stranger = new HttpClient(new SocketsHttpHandler { ConnectCallback = ConnectAsync, MaxConnectionsPerServer = Connections })
        {
            BaseAddress = new(network.Desk),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", (await network.Officers.OfAsync(Officers.Supervisor)).Token) },
        };
        await TimeAsync(officer);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        over.CancelAfter(Length);
        var answers = new ConcurrentBag<(HttpStatusCode? Status, TimeSpan Time)>();
        var flood = Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => FloodAsync(stranger, answers, over.Token), Cancellation)));
        var pages = new List<(bool IsGood, TimeSpan Time)>();
        while (!over.IsCancellationRequested)
        {
            pages.Add(await TimeAsync(officer));
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
        var (p99, p95) = (Quantile(accepted, 0.99), Quantile([.. pages.Select(page => page.Time)], 0.95));
        FaultReport.Add("Overload", "requests per second, of which accepted", $"{answers.Count / Length.TotalSeconds:0}, {accepted.Count / Length.TotalSeconds:0}");
        FaultReport.Add("Overload", "answers by status", string.Join(", ", answers.CountBy(answer => answer.Status is { } status ? $"{(int)status}" : "none").OrderBy(pair => pair.Key).Select(pair => $"{pair.Value} × {pair.Key}")));
        FaultReport.Add("Overload", "accepted, p99", $"{p99.TotalSeconds:0.00} s");
        FaultReport.Add("Overload", "an officer's page, p95", $"{p95.TotalSeconds:0.00} s, {pages.Count(page => !page.IsGood)} of {pages.Count} failed");
        FaultReport.Add("Overload", "normal again after", $"{recovered.TotalSeconds:0.0} s");

        Assert.All(pages, page => Assert.True(page.IsGood));
        Assert.Contains(answers, answer => answer.Status == HttpStatusCode.TooManyRequests);
        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode?[])[HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.ServiceUnavailable]));
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

    private static async Task<(bool IsGood, TimeSpan Time)> TimeAsync(HttpClient http, string path = "/")
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await http.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return (answer.IsSuccessStatusCode, Stopwatch.GetElapsedTime(started));
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new IPEndPoint(Stranger, 0));
        await socket.ConnectAsync(context.DnsEndPoint, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static TimeSpan Quantile(List<TimeSpan> times, double quantile)
    {
        times.Sort();
        return times.Count == 0 ? TimeSpan.Zero : times[(int)Math.Min(times.Count - 1, Math.Floor(times.Count * quantile))];
    }
}
