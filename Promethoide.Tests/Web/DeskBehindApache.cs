using System.Net;
using System.Net.Sockets;
using System.Text;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>The real desk and the real API on their own database, behind the real Apache: what an outsider sees.</summary>
public sealed class DeskBehindApache(PostgresServer server) : IAsyncLifetime
{
    private readonly ApacheUnderTest _apache = new();
    private ApacheUnderTest.OneMore _front = null!;

    public TestDatabase Database { get; private set; } = null!;

    public ApiHost Api { get; private set; } = null!;

    public RunningDesk Desk { get; private set; } = null!;

    /// <summary>The API's log.</summary>
    public Recorder Log { get; } = new();

    /// <summary>Apache's log.</summary>
    public string ApacheLog => _front.Program.Output;

    public string Address => _front.Address;

    public async ValueTask InitializeAsync()
    {
        Database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await Database.ChangeAsync("UPDATE officers SET must_change_password = false");
        // Rate limits and database timeouts are not tested here.
        Api = await new ApiHost(
            Database.AsApi,
            Loopback.FreePort(),
            Log,
            [
                new("Logging:LogLevel:Default", "Information"), new("Logging:Console:LogLevel:Default", "None"),
                new("Limits:RequestsPerSecond", "0"), new("Limits:DatabaseTimeout", "00:00:30"),
                new("Limits:RequestTimeout", "00:01:00"),
            ])
            .ReadyAsync();
        Desk = await RunningDesk.StartAsync([Api.Public.Address.GetLeftPart(UriPartial.Authority)]);
        await _apache.InitializeAsync();
        _front = await _apache.StartOneAsync(
            ("WEB_HTTP", Desk.Address), ("REST_API_HTTP", Api.Public.Address.GetLeftPart(UriPartial.Authority)));
    }

    /// <summary>The first supervisor's browser, signed in through Apache.</summary>
    public async Task<DeskClient> SupervisorAsync()
    {
        var officer = new DeskClient(Address, "en");
        await officer.SignInAsync("supervisor", TestDatabase.SupervisorPassword);
        Assert.True(officer.HasSession, officer.Page);
        return officer;
    }

    /// <summary>Sends a request with Connection: close and reads until the connection closes.</summary>
    public static Task<RawAnswer> SendAsync(string address, string request) =>
        SendAsync(address, Encoding.Latin1.GetBytes(request), andNoMore: false);

    /// <param name="address">The listener's address.</param>
    /// <param name="request">The bytes to send, verbatim.</param>
    /// <param name="andNoMore">Whether to shut down the sending side afterwards; Apache still responds then, Kestrel does not.</param>
    public static async Task<RawAnswer> SendAsync(string address, byte[] request, bool andNoMore)
    {
        var listener = new Uri(address);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Parse(listener.Host), listener.Port);
        using var received = new MemoryStream();
        var buffer = new byte[16_384];
        var sending = SendAllAsync();
        try
        {
            for (int length; (length = await socket.ReceiveAsync(buffer)) > 0;)
            {
                received.Write(buffer, 0, length);
            }
        }
        catch (SocketException)
        {
            // A request that is refused early is not read to the end.
        }

        await sending;
        return RawAnswer.Read(received.ToArray());

        async Task SendAllAsync()
        {
            try
            {
                for (var sent = 0; sent < request.Length;)
                {
                    sent += await socket.SendAsync(request.AsMemory(sent));
                }

                if (andNoMore)
                {
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
            catch (SocketException)
            {
                // The same.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _apache.DisposeAsync();
        await Desk.DisposeAsync();
        await Api.DisposeAsync();
        Log.Dispose();
    }
}

/// <summary>The first response on a connection.</summary>
/// <param name="Status">0 if there was none.</param>
/// <param name="Headers">By lower-case name; repeated headers are joined with a line break.</param>
/// <param name="Body">Without the framing.</param>
/// <param name="Whole">Everything that was received.</param>
public sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body, string Whole)
{
    public string this[string header] => Headers.GetValueOrDefault(header, "");

    public static RawAnswer Read(byte[] bytes)
    {
        var whole = Encoding.Latin1.GetString(bytes);
        var end = whole.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || !whole.StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            return new(0, new Dictionary<string, string>(), "", whole);
        }

        var lines = whole[..end].Split("\r\n");
        var status = int.Parse(lines[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        if (status == 100)
        {
            return Read(bytes[(end + 4)..]);
        }

        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).GroupBy(pair => pair[0].ToLowerInvariant())
            .ToDictionary(same => same.Key, same => string.Join('\n', same.Select(pair => pair[1].Trim())));
        var body = whole[(end + 4)..];
        return new(
            status, headers, headers.ContainsKey("transfer-encoding") ? Join(body) : body[..Math.Min(body.Length, Length(headers))], whole);
    }

    private static int Length(Dictionary<string, string> headers) =>
        headers.TryGetValue("content-length", out var length)
            ? int.Parse(length, System.Globalization.CultureInfo.InvariantCulture)
            : int.MaxValue;

    private static string Join(string chunks)
    {
        var body = new StringBuilder();
        for (var at = 0; at < chunks.Length;)
        {
            var line = chunks.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (line < 0
                || !int.TryParse(
                    chunks[at..line],
                    System.Globalization.NumberStyles.HexNumber,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var length)
                || length == 0)
            {
                break;
            }

            body.Append(chunks, line + 2, Math.Min(length, chunks.Length - line - 2));
            at = line + 2 + length + 2;
        }

        return body.ToString();
    }
}
