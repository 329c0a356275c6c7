using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Promethoide.Api.Limits;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class LimitTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData(65_536, false, HttpStatusCode.BadRequest)]
    [InlineData(65_537, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(65_536, true, HttpStatusCode.BadRequest)]
    [InlineData(65_537, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_may_have_64_KiB_whether_it_tells_its_length_or_not(int bytes, bool inParts, HttpStatusCode expected)
    {
        var json = $"{{\"unknown\":\"{new string('x', bytes - 14)}\"}}";
        Assert.Equal(bytes, Encoding.UTF8.GetByteCount(json));
        using var content = inParts ? new ChunkedContent(json) : new StringContent(json, Encoding.UTF8, "application/json");

        Assert.Equal(expected, (await fixture.Api.SendAsync(HttpMethod.Post, "/immigration", content)).Status);
        // The connection, or a new one, serves the next request.
        Assert.Equal(HttpStatusCode.OK, (await fixture.Api.GetAsync("/")).Status);
    }

    [Fact]
    public async Task Too_many_bytes_of_headers_are_refused() => Assert.Equal(
        HttpStatusCode.RequestHeaderFieldsTooLarge, (await fixture.Api.GetAsync("/", ("X-Large", new string('x', 16_500)))).Status);

    // The server rejects these before the application sees a request, so the response has no body and no code.
    [Theory]
    [InlineData("GET /dni/%00 HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("GET /dni/\0 HTTP/1.1\r\nHost: x\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET / HTTP/9.9\r\nHost: x\r\n\r\n", "505")]
    [InlineData("nonsense\r\n\r\n", "400")]
    [InlineData("POST /immigration HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("POST /immigration HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: nonsense\r\n\r\n", "400")]
    public async Task What_is_no_HTTP_is_refused_by_the_server_itself_without_a_body(string request, string status)
    {
        var answer = await SendRawAsync(fixture.Api.Address, request);

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_refused() => Assert.StartsWith(
        "HTTP/1.1 414 ",
        await SendRawAsync(fixture.Api.Address, $"GET /dni/{new string('1', 9000)} HTTP/1.1\r\nHost: x\r\n\r\n"),
        StringComparison.Ordinal);

    [Fact]
    public async Task A_body_that_never_ends_is_given_up()
    {
        using var log = new Recorder();
        await using var host = new ApiHost(
            fixture.Database.AsApi,
            log: log,
            settings: [new("Limits:RequestTimeout", "00:00:00.5"), new("Logging:Console:LogLevel:Default", "None")]);
        var watch = Stopwatch.StartNew();

        var answer = await SendRawAsync(
            host.Public.Address,
            $"POST /immigration HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TestDatabase.Key}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"name\":");

        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 5", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"request-timeout\"", answer, StringComparison.Ordinal);
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.4), TimeSpan.FromSeconds(3));
        Assert.Equal("the body did not arrive within 0.5 s", Assert.Single(log.Problems)["Reason"]);
        // Nor does the server log an error about the half that it received.
        await host.DisposeAsync();
        Assert.DoesNotContain(log.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task A_delay_may_last_longer_than_a_request_may()
    {
        await using var host = new ApiHost(fixture.Database.AsApi, settings: [new("Limits:RequestTimeout", "00:00:00.1")]);

        Assert.Equal(HttpStatusCode.OK, (await host.Public.GetAsync("/delay?seconds=0.4")).Status);
    }

    [Fact]
    public async Task Delays_hold_no_threads()
    {
        await using var host = await new ApiHost(fixture.Database.AsApi, settings: [new("Limits:Delays", "1000")]).ReadyAsync();
        await host.Public.GetAsync("/delay?seconds=0");
        var threads = ThreadPool.ThreadCount;
        var watch = Stopwatch.StartNew();

        var delays = Task.WhenAll(Enumerable.Range(0, 200).Select(_ => host.Public.GetAsync("/delay?seconds=1")));
        await Task.Delay(TimeSpan.FromSeconds(0.7), TestContext.Current.CancellationToken);
        Assert.InRange(ThreadPool.ThreadCount, 0, threads + 20);

        Assert.All(await delays, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Each_client_behind_the_trusted_proxy_has_a_limit_of_its_own()
    {
        var opsPort = Loopback.FreePort();
        await using var host = await new ApiHost(
            fixture.Database.AsApi, opsPort, settings: [new("Limits:RequestsPerSecond", "1"), new("Limits:RequestBurst", "3")])
            .ReadyAsync();

        Assert.Equal(["OK", "OK", "OK", "TooManyRequests"], await StatusesAsync("203.0.113.7", 4));
        Assert.Equal(["OK", "OK"], await StatusesAsync("203.0.113.8", 2));
        // The desk bypasses the proxy but has the same address.
        Assert.Equal(["OK", "OK", "OK", "TooManyRequests"], await StatusesAsync("127.0.0.1", 4));
        Assert.Equal(HttpStatusCode.OK, (await host.Public.GetAsync("/")).Status);
        // Addresses within one subscriber's network are free, so they share one limit.
        Assert.Equal(["OK", "OK"], await StatusesAsync("2001:db8:1:2::1", 2));
        Assert.Equal(["OK", "TooManyRequests"], await StatusesAsync("2001:db8:1:2:ffff::9", 2));
        // Monitoring is never rate-limited.
        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.Ops.GetAsync("/alive"))),
            alive => Assert.Equal(HttpStatusCode.OK, alive.Status));

        await Task.Delay(TimeSpan.FromSeconds(1.5), TestContext.Current.CancellationToken);
        Assert.Equal(["OK"], await StatusesAsync("203.0.113.7", 1));

        async Task<List<string>> StatusesAsync(string client, int times)
        {
            var statuses = new List<string>();
            for (var i = 0; i < times; i++)
            {
                statuses.Add($"{(await host.Public.GetAsync("/", ("X-Forwarded-For", client))).Status}");
            }

            return statuses;
        }
    }

    [Fact]
    public async Task A_limit_of_0_is_none()
    {
        await using var host = new ApiHost(
            fixture.Database.AsApi, settings: [new("Limits:RequestsPerSecond", "0"), new("Limits:RequestBurst", "1")]);

        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.Public.GetAsync("/"))),
            answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Theory]
    [InlineData("Limits:RequestHeaderBytes", "12")]
    [InlineData("Limits:RequestTimeout", "00:00:00")]
    [InlineData("Limits:DatabaseConnections", "0")]
    [InlineData("Limits:DatabaseTimeout", "-00:00:01")]
    [InlineData("Limits:RequestsPerSecond", "-1")]
    [InlineData("Limits:RequestBurst", "0")]
    public void A_limit_that_makes_no_sense_ends_the_start(string setting, string value)
    {
        var refused = Assert.Throws<OptionsValidationException>(() => new ApiHost(fixture.Database.AsApi, settings: [new(setting, value)]));
        Assert.Contains(setting.Split(':')[1], refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void A_client_is_an_address_or_a_subscriber(string address, string client) =>
        Assert.Equal(IPAddress.Parse(client), RateLimit.Client(IPAddress.Parse(address)));

    private static async Task<string> SendRawAsync(Uri server, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), TestContext.Current.CancellationToken);
        // Reads until the response is complete: the server may leave the connection open.
        var received = new StringBuilder();
        var buffer = new byte[8192];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        while (!IsComplete(received.ToString()))
        {
            var length = await client.GetStream().ReadAsync(buffer, patience.Token);
            if (length == 0)
            {
                break;
            }

            received.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }

        return received.ToString();
    }

    private static bool IsComplete(string answer) => answer.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
        || (answer.EndsWith("\r\n\r\n", StringComparison.Ordinal) && answer.Contains("Content-Length: 0", StringComparison.Ordinal));

    private sealed class ChunkedContent : StringContent
    {
        public ChunkedContent(string text) : base(text, Encoding.UTF8, "application/json") => Headers.ContentLength = null;

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
