using System.Globalization;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>The desk's own metrics about pages.</summary>
public sealed class MetricsTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    private const int Views = 40;

    // With its metrics enabled, Blazor awaits a task that server rendering has cancelled.
    [Fact]
    public async Task A_page_that_is_shown_throws_no_exception()
    {
        using var officer = await desk.SupervisorAsync();
        await ViewAsync();
        var before = await SeenAsync(views: 1);

        for (var view = 1; view < Views; view++)
        {
            await ViewAsync();
        }

        var after = await SeenAsync(Views);
        // The metrics exporter throws when its buffer is too small, then doubles it: once or twice after a start.
        Assert.InRange(Exceptions(after) - Exceptions(before), 0, 3);

        async Task ViewAsync()
        {
            foreach (var page in (string[])["/", "/entries", "/refusals"])
            {
                await officer.OpenAsync(page);
            }
        }
    }

    [Fact]
    public async Task All_files_of_the_pages_are_one_route()
    {
        using var client = new HttpClient { BaseAddress = new Uri(desk.Address) };
        var page = await client.GetStringAsync("/", TestContext.Current.CancellationToken);
        string[] files =
        [
            .. from part in page.Split('"')
               where part.StartsWith('/') && Path.GetExtension(part) is ".css" or ".js" or ".svg"
               select part,
        ];
        Assert.Contains(files, file => file.Count(character => character == '.') == 2);
        foreach (var file in files)
        {
            await client.GetStringAsync(file, TestContext.Current.CancellationToken);
        }

        var samples = await Eventually.GetAsync(
            ScrapeAsync, samples => Requests(samples, "/{file}") >= files.Length, samples => string.Join('\n', samples.Keys));
        var routes = from sample in samples.Keys
                     where sample.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)
                         && sample.Contains("http_route=", StringComparison.Ordinal)
                     select sample.Split("http_route=\"")[1].Split('"')[0];
        Assert.DoesNotContain(routes, route => route.Contains('.', StringComparison.Ordinal));
    }

    // A percentile is interpolated within its bucket: requests of 1 s must not show as 2.4 s.
    [Fact]
    public async Task Durations_around_the_objective_and_around_a_second_are_told_apart()
    {
        using var officer = await desk.OfficerAsync();
        await officer.OpenAsync("/entries");

        var samples = (await Eventually.GetAsync(ScrapeAsync, samples => Requests(samples, "/entries") > 0)).Keys;
        foreach (var histogram in (string[])["http_server_request_duration_seconds", "http_client_request_duration_seconds"])
        {
            double[] bounds =
            [
                .. (from sample in samples
                    where sample.StartsWith($"{histogram}_bucket{{", StringComparison.Ordinal)
                        && !sample.Contains("+Inf", StringComparison.Ordinal)
                    select double.Parse(sample.Split("le=\"")[1].Split('"')[0], CultureInfo.InvariantCulture)).Distinct().Order(),
            ];
            Assert.Contains(0.25, bounds);
            Assert.Contains(bounds, bound => bound is > 1 and <= 1.1);
            Assert.All(
                bounds.Zip(bounds.Skip(1)).Where(pair => pair.First is >= 0.1 and < 2.5),
                pair => Assert.InRange(pair.Second / pair.First, 1, 1.5));
            Assert.InRange(bounds.Length, 1, 24);
        }
    }

    private static double Exceptions(IReadOnlyDictionary<string, double> samples) =>
        samples.Where(sample => sample.Key.StartsWith("dotnet_exceptions_total{", StringComparison.Ordinal)).Sum(sample => sample.Value);

    // A request is counted after its response, and a scrape soon after another gets the cached response.
    private Task<IReadOnlyDictionary<string, double>> SeenAsync(int views) =>
        Eventually.GetAsync(
            ScrapeAsync, samples => Requests(samples, "/refusals") >= views, samples => $"{Requests(samples, "/refusals")}");

    private static double Requests(IReadOnlyDictionary<string, double> samples, string route) => samples
        .Where(sample => sample.Key.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal)
            && sample.Key.Contains($"http_route=\"{route}\"", StringComparison.Ordinal))
        .Sum(sample => sample.Value);

    private async Task<IReadOnlyDictionary<string, double>> ScrapeAsync()
    {
        using var client = new HttpClient();
        return PrometheusText.Parse(await client.GetStringAsync($"{desk.OpsAddress}/metrics", TestContext.Current.CancellationToken));
    }
}
