using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.ServiceDefaults;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>What an outsider can reach, and the security headers of every response.</summary>
[Collection("Api")]
public sealed class SecurityFromOutsideTests(DeskBehindApache desk) : IClassFixture<DeskBehindApache>
{
    private const string Nothing = "default-src 'none'; frame-ancestors 'none'";
    private const string Page =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";
    private const string ApachesPage =
        "default-src 'none'; style-src 'sha256-YlDUHtTB5bysXdWxtZfyWXfaFqCJ9zRE92kq31BjpM0='; frame-ancestors 'none'";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Each kind of response: which component sends it, and which request gets it.
    [Theory]
    [InlineData("GET /sign-in HTTP/1.1", 200, "text/html; charset=utf-8", Page, "no-store")]
    [InlineData("GET /nowhere HTTP/1.1", 302, "", Page, "no-store")]
    [InlineData("GET /error HTTP/1.1", 404, "text/html; charset=utf-8", Page, "no-store")]
    [InlineData(
        "POST /sign-in HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\nContent-Length: 1\n\na",
        400,
        "text/html; charset=utf-8",
        Page,
        "no-store")]
    [InlineData("GET /desk.css HTTP/1.1", 200, "text/css", Page, "no-cache")]
    [InlineData("GET /logo.svg HTTP/1.1", 200, "image/svg+xml", Page, "max-age=3600, must-revalidate")]
    [InlineData("GET /api/ HTTP/1.1", 200, "application/json; charset=utf-8", Nothing, "no-store")]
    [InlineData("GET /delay?seconds=0 HTTP/1.1", 200, "application/json; charset=utf-8", Nothing, "no-store")]
    [InlineData("GET /api/dni/1 HTTP/1.1", 401, "application/problem+json", Nothing, "no-store")]
    [InlineData("GET /api/nowhere HTTP/1.1", 404, "application/problem+json", Nothing, "no-store")]
    [InlineData("PUT /api/immigration HTTP/1.1", 405, "application/problem+json", Nothing, "no-store")]
    [InlineData("GET /api HTTP/1.1", 308, "text/html; charset=iso-8859-1", Nothing, "no-store")]
    [InlineData("GET /api/%zz HTTP/1.1", 400, "application/problem+json", Nothing, "no-store")]
    [InlineData("TRACE /api/ HTTP/1.1", 405, "application/problem+json", Nothing, "no-store")]
    [InlineData("POST /api/immigration HTTP/1.1\nContent-Length: 70000", 413, "application/problem+json", Nothing, "no-store")]
    [InlineData(
        "POST /api/immigration HTTP/1.1\nTransfer-Encoding: chunked, chunked",
        400,
        "application/problem+json",
        Nothing,
        "no-store")]
    [InlineData("GET /api/{5000} HTTP/1.1", 414, "application/problem+json", Nothing, "no-store")]
    [InlineData(
        "GET /api/ HTTP/1.1\nA: {4000}\nB: {4000}\nC: {4000}\nD: {4000}\nE: {4000}",
        431,
        "application/problem+json",
        Nothing,
        "no-store")]
    [InlineData("GET /api/ HTTP/1.1\nX: {5000}", 400, "application/problem+json", Nothing, "no-store")]
    [InlineData("GET /api/ HTTP/1.1\nX", 400, "application/problem+json", Nothing, "no-store")]
    [InlineData("GET /api/ HTTP/1.1\nExpect: x", 417, "application/problem+json", Nothing, "no-store")]
    [InlineData("GET http://evil.example/api/ HTTP/1.1", 421, "application/problem+json", Nothing, "no-store")]
    [InlineData("GET /%zz HTTP/1.1", 400, "text/html; charset=utf-8", ApachesPage, "no-store")]
    [InlineData("TRACE / HTTP/1.1", 405, "text/html; charset=utf-8", ApachesPage, "no-store")]
    [InlineData("POST / HTTP/1.1\nContent-Length: 70000", 413, "text/html; charset=utf-8", ApachesPage, "no-store")]
    [InlineData("GET /{5000} HTTP/1.1", 414, "text/html; charset=utf-8", ApachesPage, "no-store")]
    [InlineData("GET / HTTP/1.1\nX: {5000}", 400, "text/html; charset=utf-8", ApachesPage, "no-store")]
    [InlineData("GET /errors/refused.html HTTP/1.1", 403, "text/html; charset=utf-8", ApachesPage, "no-store")]
    public async Task Every_answer_says_once_that_it_belongs_to_no_other_site_and_no_cache(
        string request, int status, string type, string policy, string cache)
    {
        var lines = Regex.Replace(
            request,
            @"\{(\d+)\}",
            match => new string('x', int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)))
            .Split("\n\n");
        var answer = await AskAsync($"{lines[0]}\nHost: localhost\nConnection: close\n\n{lines.ElementAtOrDefault(1)}");

        Assert.Equal(
            (status, type, policy, cache),
            (answer.Status, answer["content-type"], answer["content-security-policy"], answer["cache-control"]));
        Assert.Equal(
            ("nosniff", "DENY", "same-origin"), (answer["x-content-type-options"], answer["x-frame-options"], answer["referrer-policy"]));
        Assert.Contains(answer["server"], (string[])["", "Apache"]);
        if (type == "application/problem+json")
        {
            var problem = JsonElement.Parse(answer.Body);
            Assert.Equal(status, problem.GetProperty("status").GetInt32());
            Assert.Matches("^[a-z-]+$", problem.GetProperty("code").GetString());
        }
        else if (policy == ApachesPage)
        {
            Assert.Contains(
                "El puesto no puede atender esto",
                Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(answer.Body)),
                StringComparison.Ordinal);
            var style = SHA256.HashData(
                Encoding.Latin1.GetBytes(Regex.Match(answer.Body, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value));
            Assert.Contains($"'sha256-{Convert.ToBase64String(style)}'", policy, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("metrics")]
    [InlineData("health")]
    [InlineData("alive")]
    [InlineData("drill")]
    [InlineData("server-status")]
    [InlineData("server-status?auto")]
    [InlineData("balancer-manager")]
    public async Task What_is_for_operations_is_reached_by_no_spelling(string secret)
    {
        var (first, rest) = (secret[..1], secret[1..]);
        string[] spellings =
        [
            secret, secret.ToUpperInvariant(), $"%{(int)first[0]:x2}{rest}", $"%25{(int)first[0]:x2}{rest}", $"/{secret}", $"./{secret}",
            $"x/../{secret}", $"%2e/{secret}", $"%2e%2e/{secret}", $"x/%2e%2e/{secret}", $"%2f{secret}", $"{secret}/", $"{secret}%20",
            $"{secret};x", $"{secret}%00", $"{secret}%2f", $"{secret}/.", $"{secret}//", $"\\{secret}", $"%5c{secret}", $"..%2f{secret}",
            $"..;/{secret}",
        ];
        string[] starts =
        [
            "/", "/api/", "/api//", "/API/", "/delay/", "/delay/../", "/errors/", "/api/../", "/api/%2e%2e/", "/api/..%2f",
            "/x/../api/../",
        ];
        string[] hosts =
        [
            "localhost",
            "localhost:8081",
            $"localhost:{desk.Api.Ops.Address.Port}",
            $"localhost:{new Uri(desk.Desk.OpsAddress).Port}",
            "127.0.0.1:9464",
        ];
        var requests =
            from start in starts
            from spelling in spellings
            from method in (string[])["GET", "PUT"]
            select (Method: method, Target: start + spelling, Host: "localhost");
        requests = requests
            .Concat(from host in hosts from start in (string[])["/", "/api/"] select ("GET", start + secret, host))
            .Concat(from host in hosts from start in (string[])["/", "/api/"] select ("GET", $"http://{host}{start}{secret}", "localhost"));

        await Parallel.ForEachAsync(
            requests,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
            async (request, _) =>
            {
                var answer = await AskAsync(
                    $"{request.Method} {request.Target} HTTP/1.1\nHost: {request.Host}\nX-Forwarded-For: 127.0.0.1\n"
                    + $"X-Original-URL: /{secret}\nX-Rewrite-URL: /{secret}\nConnection: close\n\n");

                var described = $"{request}: {answer.Status}\n{answer.Body}";
                // Redirected to the sign-in page, or refused.
                Assert.True(answer.Status is 302 or (>= 400 and < 500), described);
                Assert.DoesNotMatch(
                    "^# TYPE |process_runtime|Healthy|Uptime|BusyWorkers|Scoreboard|Server Status|Load Balancer Manager|\"remaining",
                    answer.Body);
            });

        // The pages exist for those allowed to see them.
        Assert.Equal(HttpStatusCode.OK, (await desk.Api.Ops.GetAsync("/metrics")).Status);
    }

    // A body without a length, and a path that responds before reading anything.
    [Theory]
    [InlineData("/api/immigration", "application/json")]
    [InlineData("/api/sessions", "text/plain")]
    [InlineData("/api/dni/1", "text/plain")]
    [InlineData("/", "application/x-www-form-urlencoded")]
    [InlineData("/sign-in", "application/x-www-form-urlencoded")]
    public async Task A_body_that_is_too_long_is_always_413(string path, string type)
    {
        await Parallel.ForAsync(
            0,
            120,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
            async (number, _) =>
            {
                var length = ((int[])[RequestChecks.LongestBody, RequestChecks.LongestBody + 1, 100_000, 1_000_000])[number % 4];
                var body = new string('x', length);
                var start =
                    $"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {type}\r\n"
                    + $"Authorization: Bearer {TestDatabase.Key}\r\nConnection: close\r\n";
                var answer = await DeskBehindApache.SendAsync(desk.Address, number % 8 < 4
                    ? $"{start}Content-Length: {length}\r\n\r\n{body}"
                    : $"{start}Transfer-Encoding: chunked\r\n\r\n"
                        + $"{string.Concat(body.Chunk(4_000).Select(chunk => $"{chunk.Length:x}\r\n{new string(chunk)}\r\n"))}0\r\n\r\n");

                if (length > RequestChecks.LongestBody)
                {
                    Assert.Equal(413, answer.Status);
                }
                else
                {
                    Assert.InRange(answer.Status, 200, 499);
                    Assert.NotEqual(413, answer.Status);
                }
            });
    }

    [Theory]
    [InlineData("1%2F2")]
    [InlineData("%2F")]
    [InlineData("1%252F2")]
    [InlineData("%00")]
    [InlineData("1%zz")]
    [InlineData("..%2F..%2Fx")]
    [InlineData("é")]
    public async Task What_cannot_be_a_document_number_is_never_called_not_wanted(string number)
    {
        var answer = await AskAsync(
            $"GET /api/dni/{number} HTTP/1.1\nHost: localhost\nAuthorization: Bearer {TestDatabase.Key}\nConnection: close\n\n");

        Assert.Equal((400, "application/problem+json"), (answer.Status, answer["content-type"]));
        Assert.Equal("invalid-request", JsonElement.Parse(answer.Body).GetProperty("code").GetString());
    }

    [Fact]
    public async Task HTTP_0_9_is_not_spoken()
    {
        Assert.Equal(400, (await AskAsync("GET /api/\n")).Status);
    }

    private Task<RawAnswer> AskAsync(string request) =>
        DeskBehindApache.SendAsync(desk.Address, request.Replace("\n", "\r\n", StringComparison.Ordinal));
}
