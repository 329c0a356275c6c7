using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.ServiceDefaults;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>The configuration that both forms of Apache share, in the real server.</summary>
public sealed class ApacheConfigurationTests(ApacheUnderTest apache) : IClassFixture<ApacheUnderTest>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/", "web", "/")]
    [InlineData("/entries?x=1", "web", "/entries?x=1")]
    [InlineData("/api/", "rest-api", "/")]
    [InlineData("/api/flights/AA123?x=1", "rest-api", "/flights/AA123?x=1")]
    [InlineData("/api/dni/1%2F2", "rest-api", "/dni/1%2F2")]
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

    [Fact]
    public async Task No_answer_names_the_server_or_its_version()
    {
        foreach (var url in (string[])
        [
            apache.Address, $"{apache.Address}/api/", $"{apache.Address}/api", $"{apache.StatusAddress}/", $"{apache.Address}/%zz",
        ])
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
        using var certificate = new CertificateRequest(
            ApacheUnderTest.CertificateSubject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await File.WriteAllTextAsync(Path.Combine(root, "tls", "server.crt"), certificate.ExportCertificatePem(), Cancellation);
        await File.WriteAllTextAsync(Path.Combine(root, "tls", "server.key"), key.ExportPkcs8PrivateKeyPem(), Cancellation);
        var (plain, status, secure) = (Loopback.FreePort(), Loopback.FreePort(), Loopback.FreePort());

        await using var program = apache.StartIn(
            root,
            ("APACHE_LISTEN", $"127.0.0.1:{plain}"),
            ("APACHE_STATUS_LISTEN", $"127.0.0.1:{status}"),
            ("APACHE_TLS_LISTEN", $"127.0.0.1:{secure}"));
        await program.AnswersAsync($"http://127.0.0.1:{plain}");
        using var http = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, presented, _, _) => presented?.Subject == ApacheUnderTest.CertificateSubject,
        });
        using var response = await http.GetAsync($"https://127.0.0.1:{secure}/api/x", Cancellation);
        var asked = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(
            ("rest-api", "https"),
            (asked.GetProperty("name").GetString(), asked.GetProperty("headers").GetProperty("x-forwarded-proto").GetString()));
        Assert.True(response.Headers.Contains("Strict-Transport-Security"));
        Assert.False((await http.GetAsync($"http://127.0.0.1:{plain}/", Cancellation)).Headers.Contains("Strict-Transport-Security"));

        // Other names are refused on every listener, with or without SNI.
        var before = (apache.Web.Requests, apache.RestApi.Requests);
        Assert.Matches(
            ApacheUnderTest.Refused,
            await ApacheUnderTest.SendAsync($"https://127.0.0.1:{secure}", "GET /api/x HTTP/1.1\nHost: evil.example"));
        Assert.Matches(
            ApacheUnderTest.Refused,
            await ApacheUnderTest.SendAsync($"https://localhost:{secure}", "GET https://evil.example/api/x HTTP/1.1\nHost: localhost"));
        Assert.Equal(before, (apache.Web.Requests, apache.RestApi.Requests));
        Assert.StartsWith(
            "HTTP/1.1 200",
            await ApacheUnderTest.SendAsync($"https://localhost:{secure}", "GET /api/x HTTP/1.1\nHost: localhost"),
            StringComparison.Ordinal);
        Directory.Delete(root, recursive: true);
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
    public async Task What_a_back_end_answers_itself_is_passed_on()
    {
        using var response = await apache.Http.GetAsync($"{apache.Address}/api/own-503", Cancellation);

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "its own words"),
            (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
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
            Assert.Equal("service-unavailable", JsonSerializer
                .Deserialize<JsonElement>(await problem.Content.ReadAsStringAsync(Cancellation))
                .GetProperty("code")
                .GetString());
            Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
            var text = await page.Content.ReadAsStringAsync(Cancellation);
            Assert.Contains("El puesto no responde", text, StringComparison.Ordinal);
            Assert.Contains("The desk is not responding", text, StringComparison.Ordinal);
            var style = Convert.ToBase64String(SHA256.HashData(
                Encoding.UTF8.GetBytes(Regex.Match(text, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value)));
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
    [InlineData(RequestChecks.LongestBody, HttpStatusCode.OK)]
    [InlineData(RequestChecks.LongestBody + 1, HttpStatusCode.RequestEntityTooLarge)]
    public async Task A_body_is_as_long_as_the_services_take_it(int length, HttpStatusCode status)
    {
        using var response = await apache.Http.PostAsync(
            $"{apache.Address}/api/immigration", new ByteArrayContent(new byte[length]), Cancellation);

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
}
