using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>
/// Requests that nobody should send. Every run sends the same ones. A failure is shrunk and printed with its seed; set <c>CsCheck_Seed</c>
/// in the environment to that seed to start with the same request.
/// </summary>
[Collection("Api")]
public sealed class FuzzTests(FuzzTests.Target target) : IClassFixture<FuzzTests.Target>
{
    // No other text contains these, so a log that has one contains personal data.
    private const string PrivateNumber = "Q7X";
    private const string PrivateName = "Zyxwv";

    private static readonly string[] Fields = ["name", "dni", "lodging", "declared_money", "flight_number", "stay_days", "smoke"];

    private static readonly Gen<string> Hostile = Gen.OneOf(
        "", " ", "\0", "\u0001", "a\nb", "\u2028", "\u0085", "\ud83d", "\udc00x", "🧳", "ﬁ", "İ", "ß", "e\u0301", "\u202e", "NaN",
        "Infinity", "null", "true", "-1", "1e400",
        "'; DROP TABLE immigration; --", "1' OR '1'='1", "\\'; SELECT pg_sleep(9); --", "$1", "$$", "{{7*7}}", "${jndi:ldap://x}", "%s%n%x",
        "<script>alert(1)</script>", "<img src=x onerror=1>", "]]>", "../../etc/passwd", "%2e%2e%2f", "\r\nX-Injected: 1", "O'Neill",
        "Zoë Nuñez", new string('9', 400), new string('x', 5000), new string(' ', 300), "12345678A", "AA123", "ZZ1");

    private static readonly Gen<string> Text = Gen.Frequency(
        (3, Hostile),
        (2, Gen.String[0, 20]),
        (2, Gen.String[Gen.Char.AlphaNumeric, 0, 18]),
        (1, Hostile.Select(Gen.String[0, 5], (a, b) => b + a)));

    /// <summary>Numbers as text, so that they can be arbitrarily long or malformed.</summary>
    private static readonly Gen<string> Number = Gen.OneOf(
        Gen.OneOf(
            "0", "-0", "1", "365", "366", "500", "499.99", "500.001", "0.001", "-0.01", "-5000", "1e3", "5e2", "1e13", "9999999999999.99",
            "9999999999999.991", "1e28", "1e29", "1e308", "1e400", "-1e400", "1e-400", "2147483648",
            "99999999999999999999999999999999999999", "79228162514264337593543950336", "NaN", "Infinity", "-Infinity", "01", "1.", ".5",
            "0x10", "1_000"),
        Gen.Decimal.Select(value => value.ToString(CultureInfo.InvariantCulture)),
        Gen.Int.Select(value => value.ToString(CultureInfo.InvariantCulture)),
        Gen.Double.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));

    private static readonly Gen<string> Leaf = Gen.OneOf(
        Text.Select(Quote), Number, Gen.OneOf("null", "true", "false", "{}", "[]", "undefined", "'x'"));

    private static readonly Gen<string> Value = Gen.Frequency(
        (6, Leaf),
        (1, Leaf.Array[0, 4].Select(items => $"[{string.Join(',', items)}]")),
        (1, Gen.Select(Text, Leaf, (name, value) => $"{{{Quote(name)}:{value}}}")),
        (1, Gen.Int[1, 2000].Select(depth => new string('[', depth) + new string(']', depth))),
        (1, Gen.Int[1, 500].Select(depth => string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth))));

    /// <summary>A valid application with some fields wrong, missing, duplicated or of another type.</summary>
    private static readonly Gen<string> Application =
        from number in Gen.String[Gen.Char.AlphaNumeric, 0, 12]
        from name in Gen.OneOf(Gen.String[Gen.Char.AlphaNumeric, 0, 10], Text)
        from changes in Gen.Select(Gen.OneOf([.. Fields, "unknown", "Dni", "DECLARED_MONEY", ""]), Value).Array[0, 3]
        from missing in Gen.Frequency((4, Gen.Const("-")), (1, Gen.OneOf(Fields)))
        select Json(
            new Dictionary<string, string>
            {
                ["name"] = Quote($"{PrivateName} {name}"),
                ["dni"] = Quote(PrivateNumber + number),
                ["lodging"] = Quote("Hotel"),
                ["declared_money"] = "500",
                ["flight_number"] = Quote("AA123"),
            }.Where(field => field.Key != missing).Select(field => (field.Key, field.Value)).Concat(changes));

    private static readonly Gen<byte[]> Body = Gen.Frequency(
        (12, Application.Select(Encoding.UTF8.GetBytes)),
        (2, Value.Select(Encoding.UTF8.GetBytes)),
        // Truncated, or with bytes that are not valid UTF-8.
        (2, Gen.Select(Application, Gen.Int[0, 100], (json, cut) => Encoding.UTF8.GetBytes(json[..(json.Length * cut / 100)]))),
        (2, Gen.Select(
            Application, Gen.Byte.Array[1, 4], Gen.Int[0, 100], (json, bytes, at) => Insert(Encoding.UTF8.GetBytes(json), bytes, at))),
        (1, Gen.Byte.Array[0, 200]));

    private static readonly Gen<string> ContentType = Gen.Frequency(
        (20, Gen.Const("application/json")),
        (1, Gen.OneOf(
            "application/json; charset=utf-8", "application/json; charset=utf-16", "application/json; charset=utf-7",
            "application/json; charset=nonsense", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "application/problem+json", "application/xml", "nonsense", "", ";", "application/json; charset=\"")));

    private static readonly Gen<Request> Post =
        from body in Body from type in ContentType select new Request(HttpMethod.Post, "/immigration", body, type);

    private static readonly Gen<string> Segment = Gen.Frequency(
        (3, Text.Select(Uri.EscapeDataString)),
        (1, Gen.Byte.Array[1, 20].Select(bytes => string.Concat(bytes.Select(b => $"%{b:X2}")))),
        (1, Gen.OneOf(
            "%", "%2", "%zz", "%c0%af", "%ff", "%u0041", "..", ".", "%2e%2e", "a/b", "a//b", "a;b=c", "a%2Fb", "a%5Cb", "~", "*", "[x]",
            "{x}")),
        (1, Gen.Int[1, 7000].Select(length => new string('1', length))));

    private static readonly Gen<string> Query = Gen
        .Select(
            Gen.OneOf("dni", "flight_number", "after", "limit", "seconds", "Dni", "", "x"),
            Gen.OneOf(Segment, Number.Select(Uri.EscapeDataString)))
        .Array[0, 5]
        .Select(pairs => string.Join('&', pairs.Select(pair => $"{pair.Item1}={pair.Item2}")));

    private static readonly Gen<Request> Get =
        from path in Gen.OneOf(
            "/dni/", "/flights/", "/immigration/", "/immigration", "/refusals", "/hits", "/officers/", "/sessions/", "/sessions", "/dni",
            "/", "/openapi/", "//dni/", "/dni/Q7X")
        from segment in Gen.Frequency((3, Segment), (1, Gen.Const("")))
        from query in Gen.Frequency((1, Query), (1, Gen.Const("")))
        from method in Gen.Frequency((30, Gen.Const(HttpMethod.Get)), (1, Gen.OneOf(
            HttpMethod.Head, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options, HttpMethod.Trace, HttpMethod.Parse("Q7XMETHOD"))))
        select new Request(method, $"{path}{(path.EndsWith('/') ? segment : "")}?{query}", null, null);

    [Fact]
    public async Task Whatever_is_posted_is_decided_or_refused()
    {
        await SendAsync(Post, 12_000);
        await AssertCleanAsync();
        // Many of the requests are nearly valid and get far.
        Assert.InRange(await target.Database.ReadAsync<long>("SELECT count(*) FROM immigration"), 500, long.MaxValue);
        Assert.InRange(await target.Database.ReadAsync<long>("SELECT count(*) FROM refusals"), 50, long.MaxValue);
    }

    [Fact]
    public async Task Whatever_is_asked_is_answered_or_refused()
    {
        await SendAsync(Get, 9_000);
        await AssertCleanAsync();
    }

    [Fact]
    public async Task Bodies_of_a_megabyte_are_refused()
    {
        var megabyte = Application.Select(json => Encoding.UTF8.GetBytes($"{{\"unknown\":\"{new string('x', 1 << 20)}\",{json[1..]}"));
        await SendAsync(
            megabyte.Select(body => new Request(HttpMethod.Post, "/immigration", body, "application/json")),
            50,
            status => Assert.Equal(413, status));
        await AssertCleanAsync();
    }

    private Task SendAsync(Gen<Request> requests, int count, Action<int>? check = null) => SeededFuzz.SendAsync(
        requests, count,
        async request =>
        {
            var status = await AskAsync(request);
            check?.Invoke(status);
        },
        Print);

    /// <returns>The status.</returns>
    private async Task<int> AskAsync(Request request)
    {
        using var message = new HttpRequestMessage(
            request.Method,
            new Uri(target.Address + request.Path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {TestDatabase.Key}");
        if (request.Body is { } body)
        {
            message.Content = new ByteArrayContent(body);
            // A large body waits for 100 Continue; otherwise the server may refuse it and close the connection mid-send.
            message.Headers.ExpectContinue = body.Length > 65_536;
            message.Content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);
        }

        using var response = await target.Http.SendAsync(message);
        var text = await response.Content.ReadAsStringAsync();
        var status = (int)response.StatusCode;

        Assert.InRange(status, 200, 499);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Promethoide.Api", text, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("X-Injected"));
        if (status >= 400 && request.Method != HttpMethod.Head && !IsServersOwn(request, status, response.Content.Headers))
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
            var problem = JsonElement.Parse(text);
            Assert.Equal(status, problem.GetProperty("status").GetInt32());
            Assert.Matches("^[a-z-]+$", problem.GetProperty("code").GetString());
            Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
            if (problem.TryGetProperty("errors", out var errors))
            {
                Assert.All(errors.EnumerateObject(), error => Assert.Equal(1, error.Value.GetArrayLength()));
            }
        }

        return status;
    }

    /// <summary>Kestrel rejects these before the application sees a request.</summary>
    private static bool IsServersOwn(Request request, int status, HttpContentHeaders headers) => headers.ContentLength == 0 && status switch
    {
        400 => request.Path.Contains("%00", StringComparison.Ordinal),
        414 => request.Path.Length > 8_000,
        _ => false,
    };

    private async Task AssertCleanAsync()
    {
        // Every row satisfies the constraints and the rules, checked here independently.
        const string Wrong =
            """
            SELECT (SELECT count(*) FROM immigration WHERE NOT (name <> '' AND length(name) <= 100
                        AND dni ~ '^[A-Z0-9]{1,15}$' AND lodging <> ''
                        AND declared_money BETWEEN 500 AND 9999999999999.99 AND stay_days BETWEEN 1 AND 365 AND created_at IS NOT NULL
                        AND name !~ '[\u0001-\u001F\u007F-\u009F]' AND lodging !~ '[\u0001-\u001F\u007F-\u009F]')
                    OR (id > 5 AND (NOT EXISTS (SELECT FROM flights f WHERE f.flight_number = immigration.flight_number)
                        OR EXISTS (SELECT FROM interpol p WHERE p.dni = immigration.dni))))
                 + (SELECT count(*) FROM refusals WHERE NOT (name <> '' AND dni ~ '^[A-Z0-9]{1,15}$' AND flight_number ~ '^[A-Z0-9]{1,10}$'
                        AND declared_money BETWEEN 0 AND 9999999999999.99 AND stay_days BETWEEN 1 AND 365
                        AND reason IN ('interpol-match', 'flight-not-found', 'lodging-required', 'insufficient-money')))
            """;
        Assert.Equal(0, await target.Database.ReadAsync<long>(Wrong));
        Assert.Equal(5, await target.Database.ReadAsync<long>("SELECT count(*) FROM interpol"));

        Assert.DoesNotContain(target.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.All(target.Log.Lines, line =>
        {
            var whole = $"{line.Text} {string.Join(' ', line.State)}";
            Assert.DoesNotContain(PrivateNumber, whole, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(PrivateName, whole, StringComparison.OrdinalIgnoreCase);
        });
        Assert.Equal("OK", $"{(await target.Host.Ops.GetAsync("/health")).Status}");
    }

    private static string Print(Request request) =>
        $"{request.Method} {request.Path} {request.ContentType} "
        + $"{(request.Body is { } body ? Encoding.UTF8.GetString(body[..Math.Min(body.Length, 2000)]) : "")}";

    private static string Json(IEnumerable<(string Name, string Value)> fields) =>
        $"{{{string.Join(',', fields.Select(field => $"{Quote(field.Name)}:{field.Value}"))}}}";

    /// <summary>JSON text; lone surrogates, which UTF-8 cannot encode, are escaped.</summary>
    private static string Quote(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var character in text)
        {
            json.Append(character is '"' or '\\' or < ' ' || char.IsSurrogate(character) ? $"\\u{(int)character:x4}" : $"{character}");
        }

        return json.Append('"').ToString();
    }

    private static byte[] Insert(byte[] text, byte[] bytes, int percent)
    {
        var at = text.Length * percent / 100;
        return [.. text[..at], .. bytes, .. text[at..]];
    }

    /// <summary>A request; <c>Path</c> is sent as it is.</summary>
    private sealed record Request(HttpMethod Method, string Path, byte[]? Body, string? ContentType);

    /// <summary>The API and everything it logs.</summary>
    public sealed class Target(PostgresServer server) : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public ApiHost Host { get; private set; } = null!;

        public Recorder Log { get; } = new();

        public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

        public string Address => Host.Public.Address.GetLeftPart(UriPartial.Authority);

        public async ValueTask InitializeAsync()
        {
            Database = await (await server.CreateDatabaseAsync()).MigrateAsync();
            // Logs what production logs, but only to this recorder. Limits and timeouts are relaxed: load is not under test.
            Host = await new ApiHost(
                Database.AsApi,
                Loopback.FreePort(),
                Log,
                [
                    new("Logging:LogLevel:Default", "Information"), new("Logging:Console:LogLevel:Default", "None"),
                    new("Limits:RequestsPerSecond", "0"), new("Limits:DatabaseTimeout", "00:00:30"),
                    new("Limits:RequestTimeout", "00:01:00"),
                ])
                .ReadyAsync();
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await Host.DisposeAsync();
            Log.Dispose();
        }
    }
}
