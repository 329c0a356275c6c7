using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Promethoide.Network;

namespace Promethoide.Bench;

/// <summary>
/// The cost of the dashboards' queries in Prometheus, over six hours with a sample every 15 s of every series of the network.
/// </summary>
internal sealed class DashboardBench(int rounds)
{
    // As many connections as a browser opens to one server.
    private const int AtOnce = 6;

    // For a live Prometheus, which is warm.
    private const double LimitMilliseconds = 1000;

    private static readonly TimeSpan Range = TimeSpan.FromHours(6);
    private static readonly string Dashboards = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "../../../../monitoring/grafana/dashboards"));
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // The last of the recording rules to appear after a start.
    private const string LastRule = "job:slo_errors:ratio_rate30d";

    /// <returns>0, or 1 when a dashboard takes longer than a second.</returns>
    /// <exception cref="InvalidOperationException">Something could not be started or queried.</exception>
    public async Task<int> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("promethoide-history-").FullName;
        try
        {
            return await RunAsync(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<int> RunAsync(string folder)
    {
        Console.WriteLine("Starting the network, for its series.");
        var (end, series) = await WithNetworkAsync(client =>
            History.WriteAsync(client, Path.Combine(folder, "history"), Range, "promtool"));
        Console.WriteLine(
            Line($"{series} series, {Range.TotalHours:0} h, a sample every 15 s; a browser's {AtOnce} queries at once; ")
            + Line($"cold: the first after a start of Prometheus; warm, as a live one is: median of {rounds}"));
        Console.WriteLine();

        var slow = 0;
        Console.WriteLine("| dashboard | queries | cold ms | warm ms | one by one ms | slowest query, ms | without data |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var dashboard in Directory.EnumerateFiles(Dashboards, "*.json")
            .Order(StringComparer.Ordinal)
            .Select(file => DashboardQueries.Read(file, end, Range))
            .Where(dashboard => dashboard.Queries.Count > 0))
        {
            var address = $"http://127.0.0.1:{Server.FreePort()}";
            await using var prometheus = await PrometheusAsync(folder, address);
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce }) { BaseAddress = new(address) };
            slow += await MeasureAsync(client, dashboard) ? 0 : 1;
        }

        Console.WriteLine();
        Console.WriteLine(slow == 0 ? "Each takes at most 1 s." : $"FAILED: {slow} take more than 1 s.");
        return slow == 0 ? 0 : 1;
    }

    private async Task<bool> MeasureAsync(HttpClient client, DashboardQueries dashboard)
    {
        var cold = await TogetherAsync(client, dashboard);
        List<double> warm = [];
        for (var round = 0; round < rounds; round++)
        {
            warm.Add(await TogetherAsync(client, dashboard));
        }

        List<(string Title, double Took, bool Empty)> alone = [];
        foreach (var query in dashboard.Queries)
        {
            var watch = Stopwatch.StartNew();
            var empty = await AskAsync(client, query);
            alone.Add((query.Title, watch.Elapsed.TotalMilliseconds, empty));
        }

        var median = warm.Order().ElementAt(warm.Count / 2);
        var slowest = alone.MaxBy(one => one.Took);
        Console.WriteLine(
            Line($"| {dashboard.Title} | {dashboard.Queries.Count} | {cold:0} | {Mark(median)} | {alone.Sum(one => one.Took):0} ")
            + Line($"| {slowest.Title}, {slowest.Took:0} | {alone.Count(one => one.Empty)} |"));
        return median <= LimitMilliseconds;

        static string Mark(double milliseconds) =>
            milliseconds <= LimitMilliseconds ? Line($"{milliseconds:0}") : Line($"**{milliseconds:0}: over 1 s**");
    }

    private static async Task<double> TogetherAsync(HttpClient client, DashboardQueries dashboard)
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(
            dashboard.Queries, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (query, _) => await AskAsync(client, query));
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task<bool> AskAsync(HttpClient client, DashboardQueries.Query query)
    {
        using var content = query.Form is null ? null : new FormUrlEncodedContent(query.Form);
        using var response = content is null
            ? await client.GetAsync($"/api/v1/{query.Path}")
            : await client.PostAsync($"/api/v1/{query.Path}", content);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{query.Title}: Prometheus answers {(int)response.StatusCode}: {text}");
        }

        return text.Contains("\"result\":[]", StringComparison.Ordinal) || text.Contains("\"data\":[]", StringComparison.Ordinal);
    }

    private static async Task<T> WithNetworkAsync<T>(Func<HttpClient, Task<T>> work)
    {
        await using var network = await RunningNetwork.StartAsync();
        using var client = new HttpClient { BaseAddress = new(network.Url("prometheus")) };
        await UntilAllSeriesAsync(client);
        return await work(client);
    }

    // Every target has been scraped, and every rule evaluated, once the last rule has a result and almost nothing new has arrived for half
    // a minute.
    private static async Task UntilAllSeriesAsync(HttpClient client)
    {
        var watch = Stopwatch.StartNew();
        for (int last = -1, same = 0; same < 2;)
        {
            if (watch.Elapsed > Patience)
            {
                throw new InvalidOperationException($"After {Patience.TotalMinutes:0} minutes the network still has no {LastRule}.");
            }

            await Task.Delay(TimeSpan.FromSeconds(15));
            var now = await CountAsync(client, "{__name__!=\"\"}");
            same = now < 1.01 * last && await CountAsync(client, LastRule) > 0 ? same + 1 : 0;
            last = now;
        }
    }

    private static async Task<int> CountAsync(HttpClient client, string selector)
    {
        using var answer = JsonDocument.Parse(
            await client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString($"count({selector})")}"));
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? 0 : int.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    // It neither scrapes nor compacts blocks: only the queries cost.
    private static async Task<Server> PrometheusAsync(string folder, string address)
    {
        var configuration = Path.Combine(folder, "history.yml");
        await File.WriteAllTextAsync(configuration, "global: {scrape_interval: 15s}\n");
        return await Server.StartAsync(
            "prometheus",
            [
                $"--config.file={configuration}",
                $"--storage.tsdb.path={Path.Combine(folder, "history")}",
                "--storage.tsdb.min-block-duration=2h",
                "--storage.tsdb.max-block-duration=2h",
                $"--web.listen-address={new Uri(address).Authority}",
            ],
            new Dictionary<string, string>(),
            $"{address}/-/ready");
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
