using System.Net;
using System.Text;
using System.Text.Json;
using Promethoide.Local.Control;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Tests.Local;

/// <summary>The preview's server, on a network of its own. Its page comes from npm (eng/dashboard-preview): a file stands in for it.</summary>
public sealed class DashboardPreviewTests : IDisposable
{
    private readonly string _site = Directory.CreateTempSubdirectory("promethoide-preview-").FullName;

    public void Dispose() => Directory.Delete(_site, recursive: true);

    [Fact]
    public async Task Where_Grafana_is_not_installed_the_preview_shows_the_dashboards_at_its_port()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(folder => File.Exists(Path.Combine(folder, "grafana"))), "Grafana is installed.");
        await File.WriteAllTextAsync(Path.Combine(_site, "index.html"), "the page", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_site, "main.js"), "the script", TestContext.Current.CancellationToken);

        await using var network = LocalProgram.Start("--ephemeral", "--ports", "auto", "--json", "--preview", _site);
        var preview = (await TableAsync(network)).Single(component => component.Name == "dashboard-preview");
        Assert.Equal(ComponentState.Healthy, preview.State);
        using var client = new HttpClient { BaseAddress = new(preview.Url!) };

        // The page, under Grafana's addresses, so that the dashboards' links lead somewhere.
        foreach (var path in (string[])["/", "/d/promethoide-overview", "/d/promethoide-overview/overview?from=now-6h", "/alerting/list"])
        {
            Assert.Equal("the page", await client.GetStringAsync(path, TestContext.Current.CancellationToken));
        }

        Assert.Equal("the script", await client.GetStringAsync("/main.js", TestContext.Current.CancellationToken));

        // The dashboards, as their files are.
        using var dashboards = JsonDocument.Parse(await client.GetStringAsync("/dashboards", TestContext.Current.CancellationToken));
        Assert.Equal(
            Directory.EnumerateFiles(Checkout.Find().Combine("monitoring", "grafana", "dashboards"), "*.json").Select(TitleOf).Order(),
            dashboards.RootElement.EnumerateArray().Select(dashboard => dashboard.GetProperty("title").GetString()).Order());

        // Prometheus' answers, and its errors in its own words.
        Assert.Contains("\"4711\"", await AskAsync(client, "query", "query=vector(4711)"), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"success\"", await AskAsync(client, "query_range", "query=up&start=0&end=60&step=15"), StringComparison.Ordinal);
        Assert.Contains("parse error", await AskAsync(client, "query", "query=sum("), StringComparison.Ordinal);
        Assert.Contains("\"status\":\"success\"", await client.GetStringAsync("/api/v1/label/job/values?match[]=up", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_preview_passes_on_questions_only_and_only_to_this_machine()
    {
        await File.WriteAllTextAsync(Path.Combine(_site, "index.html"), "the page", TestContext.Current.CancellationToken);
        var port = Ports.Choose("auto", null)["grafana"];
        var traces = "http://localhost:18888";
        var silent = Ports.Choose("auto", null)["prometheus"];
        await using var server = LocalProgram.Start("preview", _site, "--prometheus", $"http://127.0.0.1:{silent}", "--traces", traces, "--port", $"{port}");
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new($"http://127.0.0.1:{port}") };
        await AnswersAsync(client);

        foreach (var path in (string[])["/api/v1/status/config", "/api/v1/admin/tsdb/snapshot", "/-/quit", "/api/v1/targets", "/../Promethoide.sln"])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(path, TestContext.Current.CancellationToken)).StatusCode);
        }

        // A name that somebody else made lead here.
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/dashboards") { Headers = { Host = "attacker.example" } };
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await client.SendAsync(foreign, TestContext.Current.CancellationToken)).StatusCode);

        // An exemplar's link, to where traces are shown.
        Assert.Equal($"{traces}/traces/detail/0af7651916cd43dd", (await client.GetAsync("/traces/detail/0af7651916cd43dd", TestContext.Current.CancellationToken)).Headers.Location?.ToString());

        Assert.Contains("Prometheus does not answer", await AskAsync(client, "query", "query=up"), StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(HttpClient client, string path, string form)
    {
        using var content = new StringContent(form, Encoding.ASCII, "application/x-www-form-urlencoded");
        using var response = await client.PostAsync($"/api/v1/{path}", content, TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task AnswersAsync(HttpClient client)
    {
        using var limit = new CancellationTokenSource(LocalProgram.Patience);
        while (true)
        {
            try
            {
                await client.GetStringAsync("/", limit.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
            }
        }
    }

    private static async Task<List<ComponentStatus>> TableAsync(LocalProgram network)
    {
        var json = new StringBuilder();
        while (await network.ReadLineAsync() is { } line)
        {
            json.AppendLine(line);
            if (line == "]")
            {
                return JsonSerializer.Deserialize<List<ComponentStatus>>(json.ToString(), ControlJson.Options)!;
            }
        }

        throw new InvalidOperationException(network.Errors);
    }

    private static string? TitleOf(string file)
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(file));
        return dashboard.RootElement.GetProperty("title").GetString();
    }
}
