using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Promethoide.Local;
using Promethoide.Local.Components;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Bench;

/// <summary>What the dashboards' queries cost Prometheus, over six hours of a sample every 15 s of every series that the network has.</summary>
internal sealed class DashboardBench(int rounds)
{
    // As many connections as a browser opens to one server.
    private const int AtOnce = 6;

    // For a live Prometheus, which is warm.
    private const double LimitMilliseconds = 1000;

    private static readonly TimeSpan Range = TimeSpan.FromHours(6);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // The last of the recording rules to appear after a start.
    private const string LastRule = "job:slo_errors:ratio_rate30d";

    /// <returns>0, or 1 when a dashboard takes longer than a second.</returns>
    /// <exception cref="UserException">Something could not be started or asked.</exception>
    public async Task<int> RunAsync()
    {
        var checkout = Checkout.Find();
        using var state = StateFolder.OpenEphemeral(checkout);
        var programs = new Programs();
        var promtool = programs.Find("history", "promtool");
        var prometheus = programs.Find("prometheus", "prometheus");
        programs.EnsureAllFound();

        var history = state.Combine("history");
        Console.WriteLine("Starting the network, for its series.");
        var (end, series) = await WithNetworkAsync(checkout, state, client => History.WriteAsync(client, history, Range, promtool));
        Console.WriteLine(Line($"{series} series, {Range.TotalHours:0} h, a sample every 15 s; a browser's {AtOnce} queries at once; cold: the first after a start of Prometheus; warm, as a live one is: median of {rounds}"));
        Console.WriteLine();

        var ports = Ports.Choose("auto", null);
        var address = $"http://127.0.0.1:{ports["prometheus"]}";
        var supervisor = new Supervisor([Server(prometheus, state, history, ports["prometheus"], address)], state, restart: false);
        supervisor.Start();
        var slow = 0;
        try
        {
            await HealthyAsync(supervisor, state);
            using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce }) { BaseAddress = new(address) };
            Console.WriteLine("| dashboard | queries | cold ms | warm ms | one by one ms | slowest query, ms | without data |");
            Console.WriteLine("|---|---|---|---|---|---|---|");
            foreach (var dashboard in Directory.EnumerateFiles(checkout.Combine("monitoring", "grafana", "dashboards"), "*.json")
                .Order(StringComparer.Ordinal)
                .Select(file => DashboardQueries.Read(file, end, Range))
                .Where(dashboard => dashboard.Queries.Count > 0))
            {
                await supervisor.StopAsync("history");
                await supervisor.StartAsync("history", CancellationToken.None);
                slow += await MeasureAsync(client, dashboard) ? 0 : 1;
            }
        }
        finally
        {
            await supervisor.StopAllAsync(CancellationToken.None);
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
        Console.WriteLine(Line(
            $"| {dashboard.Title} | {dashboard.Queries.Count} | {cold:0} | {Mark(median)} | {alone.Sum(one => one.Took):0} | {slowest.Title}, {slowest.Took:0} | {alone.Count(one => one.Empty)} |"));
        return median <= LimitMilliseconds;

        static string Mark(double milliseconds) => milliseconds <= LimitMilliseconds ? Line($"{milliseconds:0}") : Line($"**{milliseconds:0}: over 1 s**");
    }

    private static async Task<double> TogetherAsync(HttpClient client, DashboardQueries dashboard)
    {
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(dashboard.Queries, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (query, _) => await AskAsync(client, query));
        return watch.Elapsed.TotalMilliseconds;
    }

    private static async Task<bool> AskAsync(HttpClient client, DashboardQueries.Query query)
    {
        using var content = query.Form is null ? null : new FormUrlEncodedContent(query.Form);
        using var response = content is null ? await client.GetAsync($"/api/v1/{query.Path}") : await client.PostAsync($"/api/v1/{query.Path}", content);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new UserException($"{query.Title}: Prometheus answers {(int)response.StatusCode}: {text}");
        }

        return text.Contains("\"result\":[]", StringComparison.Ordinal) || text.Contains("\"data\":[]", StringComparison.Ordinal);
    }

    private static async Task<T> WithNetworkAsync<T>(Checkout checkout, StateFolder state, Func<HttpClient, Task<T>> work)
    {
        var plan = NetworkPlan.Make(checkout, state, new Settings(checkout), Ports.Choose("auto", null));
        var supervisor = new Supervisor(plan.Components, state, restart: false);
        supervisor.Start();
        try
        {
            await HealthyAsync(supervisor, state);
            using var client = new HttpClient { BaseAddress = new(plan.Context.Local("prometheus")) };
            await UntilAllSeriesAsync(client);
            return await work(client);
        }
        finally
        {
            await supervisor.StopAllAsync(CancellationToken.None);
        }
    }

    // Every target has been scraped, and every rule evaluated, once the last rule has a result and next to nothing has come for half a minute.
    private static async Task UntilAllSeriesAsync(HttpClient client)
    {
        var watch = Stopwatch.StartNew();
        for (int last = -1, same = 0; same < 2;)
        {
            if (watch.Elapsed > Patience)
            {
                throw new UserException($"After {Patience.TotalMinutes:0} minutes the network still has no {LastRule}.");
            }

            await Task.Delay(TimeSpan.FromSeconds(15));
            var now = await CountAsync(client, "{__name__!=\"\"}");
            same = now < 1.01 * last && await CountAsync(client, LastRule) > 0 ? same + 1 : 0;
            last = now;
        }
    }

    private static async Task<int> CountAsync(HttpClient client, string selector)
    {
        using var answer = JsonDocument.Parse(await client.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString($"count({selector})")}"));
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? 0 : int.Parse(result[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture);
    }

    // It scrapes nothing and joins no blocks together: only the queries cost.
    private static Component Server(string program, StateFolder state, string history, int port, string address) => new("history")
    {
        Health = HttpHealth.Of($"{address}/-/ready"),
        Start = async cancellationToken =>
        {
            var configuration = state.Combine("history.yml");
            await File.WriteAllTextAsync(configuration, "global: {scrape_interval: 15s}\n", cancellationToken);
            return new Command(
                program,
                $"--config.file={configuration}",
                $"--storage.tsdb.path={history}",
                "--storage.tsdb.min-block-duration=2h",
                "--storage.tsdb.max-block-duration=2h",
                $"--web.listen-address=127.0.0.1:{port}");
        },
    };

    private static async Task HealthyAsync(Supervisor supervisor, StateFolder state)
    {
        if (await Task.WhenAny(supervisor.AllHealthy, supervisor.FailedToStart) == supervisor.FailedToStart)
        {
            var failure = await supervisor.FailedToStart;
            throw new UserException($"{failure.Component} did not start: {failure.Reason}\n{await File.ReadAllTextAsync(state.Log(failure.Component))}");
        }
    }

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
