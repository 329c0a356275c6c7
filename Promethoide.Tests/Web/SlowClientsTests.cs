using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Promethoide.Tests.Faults;

namespace Promethoide.Tests.Web;

/// <summary>A client holds a thousand connections and keeps requesting a slow path, while an officer has to work.</summary>
[Collection("Api")]
public sealed class SlowClientsTests(DeskBehindApache desk) : IClassFixture<DeskBehindApache>
{
    private static readonly IPAddress Attacker = IPAddress.Parse("127.0.0.66");

    [Fact]
    public async Task One_client_with_a_thousand_slow_connections_and_three_hundred_on_delay_does_not_stop_an_officer()
    {
        using var officer = await desk.SupervisorAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var cutOff = new ConcurrentQueue<TimeSpan>();
        var delays = new ConcurrentDictionary<string, int>();
        // Connections that send nothing, an incomplete header, or one more byte a second.
        var attack = Enumerable.Range(0, 1_000).Select(number => HoldAsync(number % 3, cutOff, end.Token))
            .Concat(Enumerable.Range(0, 300).Select(_ => AskAgainAsync(delays, end.Token)))
            .ToList();
        await Task.Delay(TimeSpan.FromSeconds(3), end.Token);

        var times = new List<TimeSpan>();
        for (var all = Stopwatch.StartNew(); all.Elapsed < TimeSpan.FromSeconds(12); await Task.Delay(50, end.Token))
        {
            var clock = Stopwatch.StartNew();
            using var page = await officer.SendAsync(HttpMethod.Get, times.Count % 2 == 0 ? "/" : "/entries");
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            times.Add(clock.Elapsed);
        }

        await end.CancelAsync();
        await Task.WhenAll(attack);
        Assert.InRange(Quantiles.Of(times, 0.95).TotalSeconds, 0, 1);
        Assert.NotEmpty(cutOff);
        Assert.True(delays.GetValueOrDefault("429") > delays.GetValueOrDefault("200"), string.Join(", ", delays));
    }

    private async Task HoldAsync(int kind, ConcurrentQueue<TimeSpan> cutOff, CancellationToken end)
    {
        var buffer = new byte[1_000];
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var socket = await ConnectAsync(end);
                var clock = Stopwatch.StartNew();
                if (kind > 0)
                {
                    await socket.SendAsync("GET /api/ HTTP/1.1\r\nHost: localhost\r\nX: "u8.ToArray(), end);
                }

                var answered = socket.ReceiveAsync(buffer, end).AsTask();
                while (!answered.IsCompleted)
                {
                    await Task.WhenAny(answered, Task.Delay(TimeSpan.FromSeconds(1), end));
                    if (kind == 2 && !answered.IsCompleted)
                    {
                        await socket.SendAsync("x"u8.ToArray(), end);
                    }
                }

                await answered;
                cutOff.Enqueue(clock.Elapsed);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Cut off by the server, or the test is over.
            }
        }
    }

    private async Task AskAgainAsync(ConcurrentDictionary<string, int> answers, CancellationToken end)
    {
        var buffer = new byte[4_000];
        while (!end.IsCancellationRequested)
        {
            try
            {
                using var socket = await ConnectAsync(end);
                await socket.SendAsync("GET /delay HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), end);
                var length = await socket.ReceiveAsync(buffer, end);
                answers.AddOrUpdate(
                    Encoding.ASCII.GetString(buffer, 0, length).Split(' ').ElementAtOrDefault(1) ?? "none", 1, (_, count) => count + 1);
                // More requests would measure this machine's CPU.
                await Task.Delay(100, end);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Cut off by the server, or the test is over.
            }
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken end)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(Attacker, 0));
            await socket.ConnectAsync(IPAddress.Loopback, new Uri(desk.Address).Port, end);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
