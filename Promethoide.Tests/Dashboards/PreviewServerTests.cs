using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Web;

namespace Promethoide.Tests.Dashboards;

/// <summary>
/// The server of the dashboard preview. Its page comes from npm, so a few files stand in for it; an echo of the request stands in for
/// Prometheus.
/// </summary>
public sealed class PreviewServerTests : IAsyncLifetime
{
    private const string Traces = "http://localhost:18888";

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-preview-").FullName;
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false });
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication _prometheus = null!;
    private RunningProgram _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Site => Path.Combine(_folder, "site");

    private string Dashboards => Path.Combine(_folder, "dashboards");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Site);
        Directory.CreateDirectory(Dashboards);
        await File.WriteAllTextAsync(Path.Combine(Site, "index.html"), "the page");
        await File.WriteAllTextAsync(Path.Combine(Site, "main.js"), new string('x', 5000));
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret.js"), "a secret");
        await File.WriteAllTextAsync(Path.Combine(Dashboards, "overview.json"), """{"title":"Overview"}""");
        await Tool.MustRunAsync("node", [Repository.Combine("eng", "dashboard-preview", "compress.mjs"), Site]);

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _prometheus = builder.Build();
        _prometheus.MapGet("/api/v1/query_exemplars", async context =>
        {
            await context.Response.WriteAsync("{", Cancellation);
            await context.Response.Body.FlushAsync(Cancellation);
            await _begun.Task;
            context.Abort();
        });
        _prometheus.Map("/{**path}", async (HttpRequest request) => Results.Text(
            $"{request.Method} {request.Path}{request.QueryString} {await new StreamReader(request.Body).ReadToEndAsync()}",
            "application/json",
            statusCode: request.Path.Value!.EndsWith("range", StringComparison.Ordinal) ? 400 : 200));
        await _prometheus.StartAsync();

        var port = Loopback.FreePort();
        _client.BaseAddress = new($"http://127.0.0.1:{port}");
        _server = RunningProgram.Start(
            "node",
            [Repository.Combine("eng", "dashboard-preview", "serve.mjs"), Site],
            _folder,
            new Dictionary<string, string>
            {
                ["PORT"] = $"{port}",
                ["PROMETHEUS_URL"] = _prometheus.Urls.Single(),
                ["TRACES_URL"] = Traces,
                ["DASHBOARDS_PATH"] = Dashboards,
            });
        await _server.AnswersAsync($"{_client.BaseAddress}");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _prometheus.DisposeAsync();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/d/promethoide-overview")]
    [InlineData("/d/promethoide-overview/overview?from=now-6h")]
    [InlineData("/alerting/list")]
    public async Task The_page_is_at_Grafanas_addresses_so_that_the_dashboards_links_lead_somewhere(string path) =>
        Assert.Equal("the page", await _client.GetStringAsync(path, Cancellation));

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br", "br")]
    public async Task What_is_large_goes_compressed_and_what_a_browser_has_is_not_sent_again(string accepted, string encoding)
    {
        using var first = await GetAsync("/main.js", request => request.Headers.Add("Accept-Encoding", accepted));
        Assert.Equal([encoding], first.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", first.Headers.Vary);
        var compressed = await first.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.InRange(compressed.Length, 1, 500);
        using var plain = encoding == "br"
            ? (Stream)new BrotliStream(new MemoryStream(compressed), CompressionMode.Decompress)
            : new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        Assert.Equal(5000, (await new StreamReader(plain).ReadToEndAsync(Cancellation)).Length);

        using var again = await GetAsync("/main.js", request =>
        {
            request.Headers.Add("Accept-Encoding", accepted);
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(first.Headers.ETag!.ToString()));
        });
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task The_dashboards_are_what_their_files_are_now_and_a_broken_one_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(Dashboards, "apache.json"), """{"title":"Apache"}""", Cancellation);
        using var dashboards = JsonDocument.Parse(await _client.GetStringAsync("/dashboards", Cancellation));
        Assert.Equal(
            ["Apache", "Overview"],
            dashboards.RootElement.EnumerateArray().Select(dashboard => dashboard.GetProperty("title").GetString()));

        await File.WriteAllTextAsync(Path.Combine(Dashboards, "apache.json"), "{", Cancellation);
        using var broken = await _client.GetAsync("/dashboards", Cancellation);
        Assert.Equal(HttpStatusCode.InternalServerError, broken.StatusCode);
        Assert.Contains("apache.json cannot be read", await broken.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Questions_go_to_Prometheus_and_its_answers_come_back_as_they_are()
    {
        using var content = new StringContent("query=up", Encoding.ASCII, "application/x-www-form-urlencoded");
        using var answer = await _client.PostAsync("/api/v1/query", content, Cancellation);
        Assert.Equal("POST /api/v1/query query=up", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);

        Assert.Equal(
            "GET /api/v1/label/job/values?match[]=up ", await _client.GetStringAsync("/api/v1/label/job/values?match[]=up", Cancellation));
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.GetAsync("/api/v1/query_range?query=sum(", Cancellation)).StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/status/config", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/v1/targets", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/v1/admin/tsdb/snapshot", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/-/quit", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/..%2fsecret.js", HttpStatusCode.NotFound)]
    [InlineData("GET", "/%2e%2e/secret.js", HttpStatusCode.NotFound)]
    public async Task Nothing_else_is_passed_on_and_nothing_outside_of_the_site_is_sent(string method, string path, HttpStatusCode expected)
    {
        using var answer = await _client.SendAsync(new HttpRequestMessage(new(method), path), Cancellation);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task A_name_that_somebody_else_made_lead_here_is_refused()
    {
        using var answer = await GetAsync("/dashboards", request => request.Headers.Host = "attacker.example");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_exemplars_link_leads_to_where_traces_are_shown() =>
        Assert.Equal(
            $"{Traces}/traces/detail/0af7651916cd43dd",
            (await _client.GetAsync("/traces/detail/0af7651916cd43dd", Cancellation)).Headers.Location?.ToString());

    [Fact]
    public async Task A_Prometheus_that_is_away_is_told_in_its_own_format()
    {
        await _prometheus.StopAsync(Cancellation);

        using var answer = await _client.GetAsync("/api/v1/query?query=up", Cancellation);
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
        Assert.Contains(
            "\"error\":\"Prometheus does not respond: ", await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_Prometheus_breaks_off_breaks_off_for_the_browser_too()
    {
        using var answer = await _client.GetAsync("/api/v1/query_exemplars", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        _begun.SetResult();

        await Assert.ThrowsAsync<HttpRequestException>(() =>
            answer.Content.ReadAsStringAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task A_GET_passes_on_no_body_in_which_another_request_could_hide()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/query?query=up")
        {
            Content = new StringContent("POST /api/v1/admin/tsdb/snapshot HTTP/1.1\r\n\r\n"),
        };
        using var answer = await _client.SendAsync(request, Cancellation);
        Assert.Equal("GET /api/v1/query?query=up ", await answer.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_does_not_end_the_server()
    {
        await File.WriteAllTextAsync(Path.Combine(Site, "odd.js"), "odd", Cancellation);
        Directory.CreateDirectory(Path.Combine(Site, "odd.js.gz"));
        await Assert.ThrowsAsync<HttpRequestException>(async () =>
            await GetAsync("/odd.js", request => request.Headers.Add("Accept-Encoding", "gzip")));

        Assert.Equal("the page", await _client.GetStringAsync("/", Cancellation));
    }

    [Fact]
    public async Task It_ends_when_it_is_asked_to_although_a_browser_keeps_its_connection()
    {
        await _client.GetStringAsync("/", Cancellation);

        await _server.TerminateAsync();

        Assert.Equal(0, await _server.EndsAsync());
    }

    private async Task<HttpResponseMessage> GetAsync(string path, Action<HttpRequestMessage> change)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        change(request);
        return await _client.SendAsync(request, Cancellation);
    }
}
