using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>The configuration that both forms of Apache share, in the real server.</summary>
public sealed class ApacheConfigurationTests(ApacheUnderTest apache) : IClassFixture<ApacheUnderTest>
{
    // Misdirected request, or no good request at all.
    private const string Refused = @"^HTTP/1\.[01] (421|400) ";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "web", "/")]
    [InlineData("/entries?x=1", "web", "/entries?x=1")]
    [InlineData("/api/", "rest-api", "/")]
    [InlineData("/api/flights/AA123?x=1", "rest-api", "/flights/AA123?x=1")]
    [InlineData("/delay?seconds=1", "rest-api", "/delay?seconds=1")]
    [InlineData("/delayed", "web", "/delayed")]
    [InlineData("/server-status", "web", "/server-status")]
    [InlineData("/apiary", "web", "/apiary")]
    public async Task Each_path_has_its_back_end(string path, string backEnd, string asked)
    {
        var answer = await apache.AskedAsync(path);

        Assert.Equal((backEnd, asked), (answer.GetProperty("name").GetString(), answer.GetProperty("path").GetString()));
    }

    [Fact]
    public async Task The_status_is_on_its_own_listener_and_nothing_else_is()
    {
        var status = await apache.Http.GetStringAsync($"{apache.StatusAddress}/server-status?auto", Cancellation);

        Assert.Contains("BusyWorkers:", status, StringComparison.Ordinal);
        Assert.Contains("Uptime:", status, StringComparison.Ordinal);
        Assert.Contains("Total Accesses:", status, StringComparison.Ordinal);
        foreach (var path in (string[])["/", "/api/", "/delay", "/server-status/x", "/errors/unavailable.html"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await apache.Http.GetAsync(apache.StatusAddress + path, Cancellation)).StatusCode);
        }

        var asked = await apache.AskedAsync("/server-status", ("Host", new Uri(apache.StatusAddress).Authority));
        Assert.Equal("web", asked.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("/api/dni/1", "/api")]
    [InlineData("/", null)]
    public async Task Nobody_can_forge_where_a_request_comes_from(string path, string? prefix)
    {
        var headers = (await apache.AskedAsync(
            path,
            ("X-Forwarded-For", "6.6.6.6"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Prefix", "/forged"),
            ("X-Forwarded-Host", "forged"),
            ("X-Real-IP", "6.6.6.6"),
            ("Forwarded", "for=6.6.6.6"),
            ("Connection", "X-Forwarded-For, x-forwarded-proto, X-Forwarded-Prefix"))).GetProperty("headers");

        Assert.Equal("127.0.0.1", headers.GetProperty("x-forwarded-for").GetString());
        Assert.Equal("http", headers.GetProperty("x-forwarded-proto").GetString());
        Assert.Equal(new Uri(apache.Address).Authority, headers.GetProperty("host").GetString());
        Assert.Equal(new Uri(apache.Address).Authority, headers.GetProperty("x-forwarded-host").GetString());
        Assert.Equal(prefix, headers.TryGetProperty("x-forwarded-prefix", out var forwarded) ? forwarded.GetString() : null);
        Assert.False(headers.TryGetProperty("forwarded", out _));
        Assert.False(headers.TryGetProperty("x-real-ip", out _));
    }

    [Theory]
    [InlineData("https", "https")]
    [InlineData("", "http")]
    public async Task Where_TLS_ends_at_a_proxy_in_front_the_back_ends_hear_so_and_clients_cannot_say_it(string setting, string scheme)
    {
        await using var program = await StartOneAsync(("APACHE_FORWARDED_PROTO", setting));

        foreach (var claimed in (string[])["http", "https", "ftp"])
        {
            var asked = await AskedOneAsync(program.Address, $"GET / HTTP/1.1\nHost: localhost\nX-Forwarded-Proto: {claimed}");
            Assert.Equal(scheme, asked.GetProperty("headers").GetProperty("x-forwarded-proto").GetString());
        }
    }

    // As docker compose gives it when it is not set: there, and empty.
    [Theory]
    [InlineData("APACHE_FORWARDED_PROTO", "http")]
    [InlineData("APACHE_ALLOWED_HOSTS", "http")]
    public async Task A_setting_that_is_there_but_empty_is_one_that_is_not_given(string variable, string scheme)
    {
        await using var program = await StartOneAsync(empty: variable);

        var asked = await AskedOneAsync(program.Address, "GET / HTTP/1.1\nHost: localhost");

        Assert.Equal(scheme, asked.GetProperty("headers").GetProperty("x-forwarded-proto").GetString());
    }

    [Fact]
    public async Task Another_scheme_than_https_is_refused_at_the_start_in_words()
    {
        await using var program = apache.Start(("APACHE_FORWARDED_PROTO", "htps"));

        Assert.NotEqual(0, await program.EndsAsync());
        Assert.Contains("APACHE_FORWARDED_PROTO is 'htps': it has to be https", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_answer_names_the_server_or_its_version()
    {
        foreach (var url in (string[])[apache.Address, $"{apache.Address}/api/", $"{apache.Address}/api", $"{apache.StatusAddress}/", $"{apache.Address}/%zz"])
        {
            using var response = await apache.Http.GetAsync(url, Cancellation);
            var banner = response.Headers.NonValidated.TryGetValues("Server", out var values) ? values.ToString() : "";
            Assert.Contains(banner, (string[])["", "Apache"]);
            Assert.DoesNotMatch(@"Apache/|\b2\.4\b", await response.Content.ReadAsStringAsync(Cancellation));
        }

        Assert.Equal("", (await apache.Http.GetAsync(apache.Address, Cancellation)).Headers.NonValidated["Server"].ToString());
    }

    [Fact]
    public async Task With_a_certificate_the_same_site_is_there_by_HTTPS_and_the_back_end_knows()
    {
        var root = Directory.CreateTempSubdirectory("promethoide-tls-").FullName;
        File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Path.Combine(root, "tls"));
        File.Copy(Repository.Combine("Promethoide.Web", "Apache", "httpd.conf"), Path.Combine(root, "httpd.conf"));
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(ApacheUnderTest.CertificateSubject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(root, "tls", "server.crt"), certificate.ExportCertificatePem(), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(root, "tls", "server.key"), key.ExportPkcs8PrivateKeyPem(), Cancellation);
        var (plain, status, secure) = (Loopback.FreePort(), Loopback.FreePort(), Loopback.FreePort());

        await using var program = apache.StartIn(root, ("APACHE_LISTEN", $"127.0.0.1:{plain}"), ("APACHE_STATUS_LISTEN", $"127.0.0.1:{status}"), ("APACHE_TLS_LISTEN", $"127.0.0.1:{secure}"));
        await program.AnswersAsync($"http://127.0.0.1:{plain}");
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Subject == ApacheUnderTest.CertificateSubject });
        using var response = await http.GetAsync($"https://127.0.0.1:{secure}/api/x", Cancellation);
        var asked = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(("rest-api", "https"), (asked.GetProperty("name").GetString(), asked.GetProperty("headers").GetProperty("x-forwarded-proto").GetString()));
        Assert.True(response.Headers.Contains("Strict-Transport-Security"));
        Assert.False((await http.GetAsync($"http://127.0.0.1:{plain}/", Cancellation)).Headers.Contains("Strict-Transport-Security"));

        // By whichever listener, and with or without the name in the handshake, other names are refused.
        var before = (apache.Web.Requests, apache.RestApi.Requests);
        Assert.Matches(Refused, await ApacheUnderTest.SendAsync($"https://127.0.0.1:{secure}", "GET /api/x HTTP/1.1\nHost: evil.example"));
        Assert.Matches(Refused, await ApacheUnderTest.SendAsync($"https://localhost:{secure}", "GET https://evil.example/api/x HTTP/1.1\nHost: localhost"));
        Assert.Equal(before, (apache.Web.Requests, apache.RestApi.Requests));
        Assert.StartsWith("HTTP/1.1 200", await ApacheUnderTest.SendAsync($"https://localhost:{secure}", "GET /api/x HTTP/1.1\nHost: localhost"), StringComparison.Ordinal);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task With_replicas_a_request_goes_to_one_that_answers_and_reaches_each_of_them()
    {
        var root = Directory.CreateTempSubdirectory("promethoide-replicas-").FullName;
        File.SetUnixFileMode(root, (UnixFileMode)0b111_101_101);
        Directory.CreateDirectory(Path.Combine(root, "replicas"));
        File.Copy(Repository.Combine("Promethoide.Web", "Apache", "httpd.conf"), Path.Combine(root, "httpd.conf"));
        // The published file, with addresses of this machine: one replica of each is away.
        var members = new Dictionary<string, string>
        {
            ["http://rest-api:8080"] = apache.RestApi.Address,
            ["http://rest-api-2:8080"] = apache.Web.Address,
            ["http://rest-api-3:8080"] = $"http://127.0.0.1:{Loopback.FreePort()}",
            ["http://web:8080"] = $"http://127.0.0.1:{Loopback.FreePort()}",
            ["http://web-2:8080"] = apache.Web.Address,
            ["http://web-3:8080"] = $"http://127.0.0.1:{Loopback.FreePort()}",
        };
        var balancers = await File.ReadAllTextAsync(Repository.Combine("deploy", "replicas", "apache", "balancers.conf"), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(root, "replicas", "balancers.conf"), members.Aggregate(balancers, (text, member) => text.Replace(member.Key, member.Value, StringComparison.Ordinal)), Cancellation);
        var (plain, status) = (Loopback.FreePort(), Loopback.FreePort());

        await using var program = apache.StartIn(root, ("APACHE_LISTEN", $"127.0.0.1:{plain}"), ("APACHE_STATUS_LISTEN", $"127.0.0.1:{status}"));
        await program.AnswersAsync($"http://127.0.0.1:{status}/server-status");
        var answers = new List<string>();
        for (var i = 0; i < 20; i++)
        {
            var answer = JsonSerializer.Deserialize<JsonElement>(await apache.Http.GetStringAsync($"http://127.0.0.1:{plain}/api/x", Cancellation));
            Assert.Equal("/x", answer.GetProperty("path").GetString());
            answers.Add(answer.GetProperty("name").GetString()!);
            await apache.Http.GetStringAsync($"http://127.0.0.1:{plain}/", Cancellation);
        }

        Assert.Equal(["rest-api", "web"], answers.Distinct().Order());
        Directory.Delete(root, recursive: true);
    }

    // Of any method and path; a name in the request line counts more than the one in Host.
    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: evil.example:8080")]
    [InlineData("GET / HTTP/1.1\nHost: EVIL.EXAMPLE")]
    [InlineData("GET / HTTP/1.1\nHost: evil.example.")]
    [InlineData("GET / HTTP/1.1\nHost: localhost.evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: evil.localhost")]
    [InlineData("GET / HTTP/1.1\nHost: notdesk.example.org")]
    [InlineData("GET / HTTP/1.1\nHost: desk.example.org.evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: border.example.org")]
    [InlineData("GET / HTTP/1.1\nHost: refused.invalid.")]
    [InlineData("GET / HTTP/1.1\nHost: 127.0.0.2")]
    [InlineData("GET / HTTP/1.1\nHost: 192.168.1.10:8080")]
    [InlineData("GET / HTTP/1.1\nHost: [::2]:8080")]
    [InlineData("GET / HTTP/1.1\nHost: 2130706433")]
    [InlineData("GET / HTTP/1.1\nHost: localhost@evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: localhost, evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: localhost\nHost: evil.example")]
    [InlineData("GET / HTTP/1.1\nHost: *")]
    [InlineData("GET / HTTP/1.1\nHost:")]
    [InlineData("GET / HTTP/1.1\nAccept: */*")]
    [InlineData("GET / HTTP/1.0\nAccept: */*")]
    [InlineData("GET http://evil.example/ HTTP/1.1\nHost: localhost")]
    [InlineData("GET http://evil.example:8080/api/dni/1 HTTP/1.1\nHost: desk.example.org")]
    [InlineData("GET http://evil.example/ HTTP/1.0\nAccept: */*")]
    [InlineData("GET /api/dni/1 HTTP/1.1\nHost: evil.example")]
    [InlineData("GET /delay HTTP/1.1\nHost: evil.example")]
    [InlineData("GET /errors/unavailable.html HTTP/1.1\nHost: evil.example")]
    [InlineData("GET /sign-in?link=x HTTP/1.1\nHost: evil.example")]
    [InlineData("POST /api/immigration HTTP/1.1\nHost: evil.example\nContent-Length: 0")]
    [InlineData("OPTIONS / HTTP/1.1\nHost: evil.example")]
    public async Task Whoever_asks_by_another_name_is_refused_before_anybody_behind_Apache_hears_of_it(string request)
    {
        var before = (apache.Web.Requests, apache.RestApi.Requests);

        foreach (var listener in (string[])[apache.Address, apache.StatusAddress])
        {
            Assert.Matches(Refused, await ApacheUnderTest.SendAsync(listener, request));
        }

        Assert.Equal(before, (apache.Web.Requests, apache.RestApi.Requests));
    }

    [Theory]
    [InlineData("GET /api/x HTTP/1.1\nHost: localhost", "localhost")]
    [InlineData("GET /api/x HTTP/1.1\nHost: LocalHost:9", "LocalHost:9")]
    [InlineData("GET /api/x HTTP/1.1\nHost: 127.0.0.1:8080", "127.0.0.1:8080")]
    [InlineData("GET /api/x HTTP/1.1\nHost: [::1]", "[::1]")]
    [InlineData("GET /api/x HTTP/1.1\nHost: [::1]:8080", "[::1]:8080")]
    [InlineData("GET /api/x HTTP/1.1\nHost: desk.example.org", "desk.example.org")]
    [InlineData("GET /api/x HTTP/1.1\nHost: DESK.example.org:8080", "DESK.example.org:8080")]
    [InlineData("GET /api/x HTTP/1.1\nHost: border", "border")]
    [InlineData("GET /api/x HTTP/1.1\nHost: north.border.example.org", "north.border.example.org")]
    [InlineData("GET /api/x HTTP/1.0\nHost: localhost", "localhost")]
    [InlineData("GET http://desk.example.org/api/x HTTP/1.1\nHost: evil.example", "desk.example.org")]
    // An address of another scheme than the listener's does not count.
    [InlineData("GET https://evil.example/api/x HTTP/1.1\nHost: localhost", "localhost")]
    public async Task Who_asks_by_a_name_of_the_desk_or_of_loopback_is_served_and_the_back_end_hears_that_name(string request, string name)
    {
        var asked = await AskedOneAsync(apache.Address, request);

        Assert.Equal(("rest-api", name), (asked.GetProperty("name").GetString(), asked.GetProperty("headers").GetProperty("host").GetString()));
    }

    [Fact]
    public async Task Without_a_setting_only_the_names_of_loopback_are_served()
    {
        await using var program = await StartOneAsync(("APACHE_ALLOWED_HOSTS", ""));

        Assert.StartsWith("HTTP/1.1 200", await ApacheUnderTest.SendAsync(program.Address, "GET / HTTP/1.1\nHost: localhost"), StringComparison.Ordinal);
        Assert.Matches(Refused, await ApacheUnderTest.SendAsync(program.Address, "GET / HTTP/1.1\nHost: desk.example.org"));
    }

    [Fact]
    public async Task A_refusal_says_which_setting_has_the_names_and_is_no_answer_of_the_desk_to_the_log_exporter()
    {
        var lines = (await File.ReadAllLinesAsync(apache.MetricsLog, Cancellation)).Length;

        var answer = await ApacheUnderTest.SendAsync(apache.Address, "GET /secret-path HTTP/1.1\nHost: evil.example");

        Assert.StartsWith("HTTP/1.1 421 ", answer, StringComparison.Ordinal);
        Assert.Contains("DESK_HOSTS", answer, StringComparison.Ordinal);
        await apache.AskedAsync("/delay");
        await apache.Program.SaysAsync("GET /delay 200");
        Assert.DoesNotContain((await File.ReadAllLinesAsync(apache.MetricsLog, Cancellation)).Skip(lines), line => line.Contains(" 421 ", StringComparison.Ordinal));
        Assert.DoesNotContain("evil.example", apache.Program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Back_ends_are_reached_over_few_connections()
    {
        var before = apache.RestApi.Connections;

        for (var i = 0; i < 50; i++)
        {
            await apache.AskedAsync($"/api/flights/{i}");
        }

        Assert.InRange(apache.RestApi.Connections - before, 0, 5);
    }

    [Fact]
    public async Task The_access_log_has_the_time_taken_and_no_document()
    {
        var secret = $"S{Random.Shared.Next(1_000_000_000)}";
        string[] paths =
        [
            "/api/dni/{0}", "/API/DNI/{0}", "/api//dni/{0}", "//api/dni/{0}", "/./api/dni/{0}", "/x/../api/dni/{0}", "/api/dni/{0}%2F", "/api/dni/{0}%zz", "/{0}", "/api/dni/{0}/abort", "/entries?dni={0}",
            "/sign-in?link={0}", "/sign-in/callback?code={0}", "/api/sessions/{0}", "/api/officers/{0}", "/api/officers/{0}/reset", "/api/hits?officer={0}", "/api/hits/{0}",
        ];
        using var raw = new HttpClient();
        foreach (var path in paths)
        {
            // Uri would tidy the paths up.
            var uri = new Uri(apache.Address + path.Replace("{0}", secret, StringComparison.Ordinal), new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var response = await raw.GetAsync(uri, Cancellation);
        }

        await apache.AskedAsync("/api/flights/last");
        await apache.Program.SaysAsync("GET /api/flights/*");

        Assert.Matches(@"GET /api/dni/\* 200 [0-9]+ [0-9]+us", apache.Program.Output);
        Assert.All((string[])["/sign-in", "/api/sessions/*", "/api/officers/*", "/api/hits"], logged => Assert.Contains($"GET {logged} 200 ", apache.Program.Output, StringComparison.Ordinal));
        Assert.Contains("error reading status line from remote server", apache.Program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, apache.Program.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_a_back_end_answers_itself_is_passed_on()
    {
        using var response = await apache.Http.GetAsync($"{apache.Address}/api/own-503", Cancellation);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "its own words"), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task Each_answer_is_a_line_for_the_log_exporter_with_whose_it_is_and_nothing_of_the_traveller()
    {
        foreach (var path in (string[])["/api/dni/SECRET1", "/api/own-503", "/entries?dni=SECRET2", "/delay"])
        {
            using var answer = await apache.Http.GetAsync($"{apache.Address}{path}", Cancellation);
        }

        await apache.RestApi.StopAsync();
        using (var answer = await apache.Http.GetAsync($"{apache.Address}/api/dni/SECRET3", Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        await apache.RestApi.StartAsync();
        await apache.AskedAsync("/api/dni/1");

        // Written by a process of its own.
        string[] expected = ["api 200 -", "api 503 -", "desk 200 -", "delay 200 -", "api 503 503"];
        var clock = Stopwatch.StartNew();
        var lines = Array.Empty<string>();
        while (!expected.All(line => Array.Exists(lines, one => one.StartsWith(line, StringComparison.Ordinal))) && clock.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(100, Cancellation);
            lines = await File.ReadAllLinesAsync(apache.MetricsLog, Cancellation);
        }

        Assert.All(expected, line => Assert.Contains(lines, one => one.StartsWith(line, StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.Matches(@"^(desk|api|delay) \d{3} (-|\d{3}) \d+$", line));
    }

    [Fact]
    public async Task A_dead_back_end_is_a_problem_for_programs_and_a_page_for_people_until_it_is_back()
    {
        await apache.RestApi.StopAsync();
        await apache.Web.StopAsync();
        using (var problem = await apache.Http.GetAsync($"{apache.Address}/api/dni/1", Cancellation))
        using (var delay = await apache.Http.GetAsync($"{apache.Address}/delay", Cancellation))
        using (var page = await apache.Http.PostAsync($"{apache.Address}/", new StringContent("x"), Cancellation))
        {
            Assert.Equal(
                (HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable),
                (problem.StatusCode, delay.StatusCode, page.StatusCode));
            Assert.Equal("application/problem+json", problem.Content.Headers.ContentType!.MediaType);
            Assert.Equal("application/problem+json", delay.Content.Headers.ContentType!.MediaType);
            Assert.Equal("service-unavailable", JsonSerializer.Deserialize<JsonElement>(await problem.Content.ReadAsStringAsync(Cancellation)).GetProperty("code").GetString());
            Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
            var text = await page.Content.ReadAsStringAsync(Cancellation);
            Assert.Contains("El puesto no responde", text, StringComparison.Ordinal);
            Assert.Contains("The desk does not answer", text, StringComparison.Ordinal);
            var style = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Regex.Match(text, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value)));
            Assert.Contains($"'sha256-{style}'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        }

        await apache.RestApi.StartAsync();
        await apache.Web.StartAsync();
        var clock = Stopwatch.StartNew();
        await apache.AskedAsync("/api/dni/1");
        await apache.AskedAsync("/");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(1), $"Used again after {clock.Elapsed}.");
    }

    [Fact]
    public async Task The_pages_for_a_dead_back_end_cannot_be_opened_by_their_address()
    {
        using var response = await apache.Http.GetAsync($"{apache.Address}/errors/unavailable.html", Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData(1_048_576, HttpStatusCode.OK)]
    [InlineData(1_048_577, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_has_at_most_a_megabyte(int length, HttpStatusCode status)
    {
        using var response = await apache.Http.PostAsync($"{apache.Address}/api/immigration", new ByteArrayContent(new byte[length]), Cancellation);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("WEB_HTTP")]
    [InlineData("REST_API_HTTP")]
    public async Task Without_a_back_end_it_does_not_start_and_says_what_is_missing(string variable)
    {
        await using var program = apache.Start((variable, ""));

        Assert.NotEqual(0, await program.EndsAsync());
        Assert.Contains($"{variable} is not set", program.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_ends_within_two_seconds_of_SIGTERM()
    {
        var address = $"127.0.0.1:{Loopback.FreePort()}";
        await using var program = apache.Start(("APACHE_LISTEN", address), ("APACHE_STATUS_LISTEN", $"127.0.0.1:{Loopback.FreePort()}"));
        await program.AnswersAsync($"http://{address}/");

        Assert.InRange((await program.TerminateAsync()).TotalSeconds, 0, 2);
    }

    private static async Task<JsonElement> AskedOneAsync(string address, string request)
    {
        var answer = await ApacheUnderTest.SendAsync(address, request);
        Assert.Matches("^HTTP/1.1 200 ", answer);
        // Its length is told by chunks or not: the object is the same.
        return JsonSerializer.Deserialize<JsonElement>(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]);
    }

    /// <summary>One more Apache, which answers.</summary>
    private Task<OneMore> StartOneAsync(params (string Name, string Value)[] changes) => StartOneAsync(empty: null, changes);

    private async Task<OneMore> StartOneAsync(string? empty, params (string Name, string Value)[] changes)
    {
        var (address, status) = ($"127.0.0.1:{Loopback.FreePort()}", $"127.0.0.1:{Loopback.FreePort()}");
        var program = apache.Start([("APACHE_LISTEN", address), ("APACHE_STATUS_LISTEN", status), .. changes], empty);
        await program.AnswersAsync($"http://{status}/server-status");
        return new(program, $"http://{address}");
    }

    private sealed record OneMore(RunningProgram Program, string Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Program.DisposeAsync();
    }
}
