using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CsCheck;
using Microsoft.Extensions.Logging;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>
/// Malformed raw requests: headers, names, encodings and framing, through the real Apache to the real services.
/// Every run sends the same requests; see <see cref="Api.FuzzTests"/> about failures.
/// </summary>
[Collection("Api")]
public sealed partial class ApacheFuzzTests(DeskBehindApache desk) : IClassFixture<DeskBehindApache>
{
    // Must not appear in any log.
    private const string PrivateNumber = "Q7X";

    private static readonly Gen<string> Method = Gen.Frequency(
        (8, Gen.Const("GET")), (8, Gen.Const("POST")),
        (2, Gen.OneOf("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "BREW", "PRI", "G=T", "")));

    private static readonly Gen<string> Piece = Gen.Frequency(
        (3, Gen.OneOf(
            "%2F", "%2f", "%5C", "%00", "%", "%2", "%zz", "%c0%af", "%ff", "%u0041", "%252F", "%0d%0aX-Injected:1", "..", ".", "%2e%2e",
            "..%2f", "//", "/./", "/../", ";a=b", "~", "*", "[x]", "{x}", "\\", "|", "^", "\"", "<", "é", "\u00ff", "\u0001", "\u007f", "@",
            ":", "+", "1", "AA123", PrivateNumber)),
        (1, Gen.Byte.Array[1, 6].Select(bytes => string.Concat(bytes.Select(one => $"%{one:X2}")))),
        (1, Gen.String[Gen.Char.AlphaNumeric, 0, 10]),
        (1, Gen.Int[1, 6000].Select(length => new string('1', length))));

    private static readonly Gen<string> Target =
        from start in Gen.Frequency(
            (6, Gen.OneOf(
                "/api/dni/", "/api/flights/", "/api/immigration", "/api/immigration/", "/api/sessions", "/api/refusals", "/api/officers/",
                "/api/", "/api/delay?seconds=0&x=")),
            (2, Gen.OneOf(
                "/", "/sign-in", "/entries", "/logo.svg", "/error", "/sign-out", "/account", "/nowhere/", "/delay?seconds=0&x=", "/errors/",
                "/api", "//api/dni/", "/x/../api/dni/", "*", "")),
            (1, Gen.OneOf(
                "http://localhost/api/dni/", "http://127.0.0.1/", "http:///api/dni/", "http://xn--/api/dni/", "https://localhost/api/dni/",
                "localhost/api/dni/", "ftp://x/")))
        from pieces in Piece.Array[0, 3]
        from query in Gen.Frequency((3, Gen.Const("")), (1, Piece.Select(piece => $"?dni={piece}&limit={piece}")))
        select $"{start}{string.Concat(pieces)}{query}";

    private static readonly Gen<string> Version = Gen.Frequency(
        (30, Gen.Const(" HTTP/1.1")),
        (2, Gen.OneOf(
            " HTTP/1.0", "", " HTTP/0.9", " HTTP/2.0", " HTTP/9.9", " HTTP/1", " http/1.1", " HTTP/1.1 ", "\tHTTP/1.1", " FOO/1.1")));

    private static readonly Gen<string> Host = Gen.Frequency(
        (12, Gen.Const("Host: localhost\r\n")),
        (4, Gen.OneOf(
            "xn--", "xn--a.xn--", "XN--", "", " ", ".", "..", "a..b", "localhost.", "localhost:", "localhost:0", "localhost:99999",
            "localhost:x", "[::1]", "[::1", "[::1]:5", "[", "127.0.0.1:80", "2130706433", "evil.example", "localhost@evil.example",
            "localhost, evil.example", "localhost/", "local host", "*", "-", "a_b", "a!b", "%41", "é", "\u00ff", new string('a', 64),
            new string('a', 300), new string('a', 4000))
            .Select(name => $"Host: {name}\r\n")),
        (1, Gen.OneOf(
            "",
            "Host: localhost\r\nHost: localhost\r\n",
            "Host: localhost\r\nHost: evil.example\r\n",
            "Host : localhost\r\n",
            "host:localhost\r\n",
            "Host: localhost\r\n x\r\n")));

    private static readonly Gen<string> Value = Gen.OneOf(
        Gen.OneOf(
            "", " ", ",", ";", "\"", "é", "\u00ff\u00fe", "\u00c3\u0028", "\u0001", "\u007f", "\0", "a\tb", "a\rb", "a\nb", "*", "*/*;q=2",
            "gzip;q=x", "bytes=0-", "bytes=9-1,-,x", "-1", "99999999999999999999", "\"x", "W/\"x\"", "${x}", "%n%s", "Bearer ", "Bearer x",
            "Basic !", "http/1.1", "h2c", "close", "keep-alive, upgrade", "X-Forwarded-For", "100-continue", "x", "trailers",
            "session=x; antiforgery=%", "Mon, 99 Foo 2026"),
        Gen.String[Gen.Char['\u0020', '\u00ff'], 0, 30],
        Gen.Int[1, 9000].Select(length => new string('x', length)));

    // No Expect: Apache rejects it with 417 before it knows the address, and adds its own page if the body is malformed too.
    private static readonly Gen<string> Header = Gen.Frequency(
        (12, Gen.Select(
            Gen.OneOf(
                "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cookie", "Connection", "Content-Encoding", "Content-Type",
                "Date", "Forwarded", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "Keep-Alive", "Max-Forwards", "Origin",
                "Proxy", "Proxy-Authorization", "Proxy-Connection", "Range", "Referer", "TE", "Trailer", "Upgrade", "User-Agent", "Via",
                "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto", "X-HTTP-Method-Override",
                "X-Original-URL", "X-Rewrite-URL", "Idempotency-Key", "traceparent", "baggage", "X-Other"),
            Value, (name, value) => $"{name}: {value}\r\n")),
        (1, Gen.OneOf(
            "no colon\r\n", ": empty\r\n", "a b: c\r\n", "a\u0001: c\r\n", "é: c\r\n", " folded\r\n", "X: a\r\n\tb\r\n", "X:a\n", "\r",
            "\0: \0\r\n")),
        (1, Gen.Int[1, 60].Select(count => string.Concat(Enumerable.Range(0, count).Select(number => $"X-{number}: {number}\r\n")))),
        (1, Gen.Int[1, 5].Select(count =>
            string.Concat(Enumerable.Range(0, count).Select(number => $"X-{number}: {new string('x', 4000)}\r\n")))));

    private static readonly Gen<string> ContentType = Gen
        .Select(
            Gen.Frequency(
                (6, Gen.Const("application/json")),
                (3, Gen.OneOf(
                    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data",
                    "multipart/form-data; boundary=\"", "text/plain", "x", "", "*/*"))),
            Gen.Frequency(
                (4, Gen.Const("")),
                (2, Gen.OneOf(
                    "utf-7", "\"utf-7\"", "unicode-1-1-utf-7", "utf-8", "utf-16", "utf-32", "us-ascii", "iso-8859-1", "windows-1252",
                    "65000", "nonsense", "\"", "", "é")
                    .Select(set => $"; charset={set}"))),
            (type, set) => $"Content-Type: {type}{set}\r\n");

    private static readonly Gen<string> Body = Gen.Frequency(
        (3, Gen.Const($$"""{"name":"Ana","dni":"{{PrivateNumber}}1","lodging":"Hotel","declared_money":500,"flight_number":"AA123"}""")),
        (2, Gen.OneOf(
            "{}",
            "{",
            "",
            "a=b&c=%",
            "_handler=sign-in&user_name=x&password=y",
            "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--\r\n",
            "--x\r\n\r\n",
            "+AHsAfQ-")),
        (1, Gen.Byte.Array[0, 60].Select(Encoding.Latin1.GetString)),
        (1, Gen.OneOf(16_384, 65_535, 65_536, 65_537, 70_000, 300_000).Select(length => new string('{', length))));

    private static readonly Gen<string> Framed = Gen.Select(
        Body,
        Gen.Frequency(
            (6, Gen.Const("length")), (5, Gen.Const("chunked")),
            (4, Gen.OneOf(
                "none", "shorter", "longer", "chunked, chunked", "gzip, chunked", "chunked, gzip", "gzip", "identity", "Chunked",
                "chunked;x=1", " chunked ,", "\"chunked\"", "twice", "both", "no last chunk", "bad chunk", "huge chunk", "-1", "+5", "1, 2",
                "5, 5", "0x5", "99999999999999999999", "5 5", "two lengths", "two equal lengths", "trailer", "extension", "line feeds",
                "big trailer"))),
        Frame);

    private static readonly Gen<(string Line, byte[] Bytes)> Request =
        from method in Method
        from target in Target
        from version in Version
        from host in Host
        from headers in Header.Array[0, 3]
        from rest in Gen.Frequency((2, Gen.Const("\r\n")), (3, Gen.Select(ContentType, Framed, (type, framed) => type + framed)))
        select ($"{method} {target}{version}", Encoding.Latin1.GetBytes(
            $"{method} {target}{version}\r\n{host}Authorization: Bearer {TestDatabase.Key}\r\n{string.Concat(headers)}{rest}"));

    [Fact]
    public async Task Whatever_comes_over_the_wire_is_answered_or_refused_and_under_api_in_problem_details()
    {
        await SeededFuzz.SendAsync(
            Request, 20_000, AskAsync, request => Regex.Replace(Encoding.Latin1.GetString(request.Bytes), "(.)\\1{99,}", "$1…"));

        Assert.DoesNotContain(desk.Log.Lines, line => line.Level >= LogLevel.Error);
        Assert.Equal(
            "",
            desk.Desk.Log.Split('\n').FirstOrDefault(line => line.Contains("\"LogLevel\":\"Error\"", StringComparison.Ordinal), ""));
        Assert.DoesNotContain(PrivateNumber, desk.ApacheLog, StringComparison.Ordinal);
        // Some requests are nearly valid and get through.
        Assert.InRange(await desk.Database.ReadAsync<long>("SELECT count(*) FROM immigration WHERE dni LIKE 'Q7X%'"), 1, 1);
    }

    private async Task AskAsync((string Line, byte[] Bytes) request)
    {
        var answer = await DeskBehindApache.SendAsync(desk.Address, request.Bytes, andNoMore: true);

        Assert.InRange(answer.Status, 200, 499);
        // Nor may a smuggled second request cause an error.
        Assert.DoesNotMatch(ServerError(), answer.Whole);
        Assert.False(answer.Headers.ContainsKey("x-injected"));
        if (answer.Status >= 400 && Api().IsMatch(request.Line))
        {
            Assert.Equal("application/problem+json", answer["content-type"]);
            if (!request.Line.StartsWith("HEAD", StringComparison.Ordinal))
            {
                var problem = JsonElement.Parse(answer.Body);
                Assert.Equal(answer.Status, problem.GetProperty("status").GetInt32());
                Assert.Matches("^[a-z-]+$", problem.GetProperty("code").GetString());
                Assert.False(string.IsNullOrWhiteSpace(problem.GetProperty("detail").GetString()));
            }
        }
    }

    private static string Frame(string body, string kind)
    {
        var chunks = string.Concat(body.Chunk(5_000).Select(chunk => $"{chunk.Length:x}\r\n{new string(chunk)}\r\n"));
        return kind switch
        {
            "length" => $"Content-Length: {body.Length}\r\n\r\n{body}",
            "none" => $"\r\n{body}",
            "shorter" => $"Content-Length: {body.Length / 2}\r\n\r\n{body}",
            "longer" => $"Content-Length: {body.Length + 9}\r\n\r\n{body}",
            "twice" => $"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n",
            "both" => $"Content-Length: {body.Length}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n",
            "two lengths" => $"Content-Length: {body.Length}\r\nContent-Length: 1\r\n\r\n{body}",
            "two equal lengths" => $"Content-Length: {body.Length}\r\nContent-Length: {body.Length}\r\n\r\n{body}",
            "no last chunk" => $"Transfer-Encoding: chunked\r\n\r\n{chunks}",
            "bad chunk" => $"Transfer-Encoding: chunked\r\n\r\n{chunks}zz\r\nx\r\n0\r\n\r\n",
            "huge chunk" => $"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{body}",
            "trailer" => $"Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\nHost: evil.example\r\nX: y\r\n\r\n",
            "big trailer" => $"Transfer-Encoding: chunked\r\n\r\n{chunks}0\r\nX: {new string('x', 9000)}\r\n\r\n",
            "extension" => $"Transfer-Encoding: chunked\r\n\r\n{chunks}0;a=\"b\"\r\n\r\n",
            "line feeds" => $"Transfer-Encoding: chunked\n\n{chunks.Replace("\r\n", "\n", StringComparison.Ordinal)}0\n\n",
            _ when kind.Length > 0 && (char.IsAsciiDigit(kind[0]) || kind[0] is '-' or '+') => $"Content-Length: {kind}\r\n\r\n{body}",
            _ => $"Transfer-Encoding: {kind}\r\n\r\n{chunks}0\r\n\r\n",
        };
    }

    [GeneratedRegex("^HTTP/1\\.[01] 5", RegexOptions.Multiline)]
    private static partial Regex ServerError();

    // Dots may lead out of /api/, and Apache rejects %00 before it checks the host name.
    [GeneratedRegex("^\\S+ (https?://[^/]*)?/api/(?!.*((\\.|%2e){2}|%00))", RegexOptions.IgnoreCase)]
    private static partial Regex Api();
}
