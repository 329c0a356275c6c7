using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.Network;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Monitoring;

namespace Promethoide.Tests.Network;

/// <summary>
/// Runs every query of every panel against the running Prometheus, after all kinds of travellers: found, wanted, unknown, refused, slow.
/// </summary>
public sealed partial class DashboardsShowDataTests(RunningNetworkFixture fixture)
{
    private const string NoGrafana = "Grafana is scraped only where it runs.";
    private const string NoHistory = "It waits for an hour of history.";

    // Panel and query, with the reason why it may show nothing.
    private static readonly Dictionary<(string Dashboard, int Panel, string Query), string> MayBeEmpty = new()
    {
        [("overview", 8, "A")] = "A list of what fires: nothing, when all is well.",
        [("node", 7, "A")] = NoHistory,
        [("node", 27, "A")] = "How long reads take: none, when all is in memory.",
        [("postgres", 17, "B")] = NoHistory,
        [("prometheus", 8, "A")] = "When alerts fired: never, when all is well.",
        [("prometheus", 10, "A")] = NoGrafana,
        [("prometheus", 10, "B")] = NoGrafana,
    };

    // Metrics that the test network lacks, and why.
    private static readonly Dictionary<string, string> MayBeMissing = new()
    {
        ["ALERTS"] = "Only while an alert fires or is pending.",
        ["ALERTS_FOR_STATE"] = "Only while an alert fires or is pending.",
        ["push_time_seconds"] = "Only once something was pushed, which the other test does.",
        ["grafana_alerting_rule_evaluations_total"] = NoGrafana,
        ["grafana_alerting_rule_evaluation_failures_total"] = NoGrafana,
        ["pg_stat_checkpointer_num_timed_total"] = "From PostgreSQL 17 on, which counts its checkpoints there.",
        ["pg_stat_checkpointer_num_requested_total"] = "From PostgreSQL 17 on, which counts its checkpoints there.",
    };

    // Labels that only some versions of the exporters have, or that are addresses.
    private static readonly string[] Unstable =
    [
        "server", "datid", "usename", "application_name", "db_client_connection_pool_name", "server_address", "server_port",
    ];

    // Admitted only once, however often they appear: other tests look at the first page of entries.
    private static readonly string Traveller = $"D{Random.Shared.NextInt64(10_000_000_000):D10}";

    private static readonly IReadOnlyList<Query> Queries =
    [
        .. DashboardFiles.WithQueries.SelectMany(dashboard => dashboard.Queries).SelectMany(panel => panel.Queries),
    ];

    [Fact]
    public async Task Every_query_of_every_panel_has_an_answer_that_is_a_number_and_series_that_can_be_told_apart()
    {
        var network = await fixture.Network;
        var push = await Smoke.CommandLineTests.RunAsync(
            ["--once", "--target", network.Desk, "--pushgateway", network.Url("pushgateway")],
            new KeyValuePair<string, string?>("Smoke__ApiKey", await network.SmokeKeyAsync()));
        Assert.True(push.ExitCode == 0, push.Output + push.Error);

        // A rate needs two scrapes, so keep sending travellers until each panel shows data.
        var waiting = Queries.Where(query => !MayBeEmpty.ContainsKey((query.Panel.Dashboard, query.Panel.Id, query.Reference))).ToList();
        var answers = new Dictionary<Query, IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>>();
        await Eventually.GetAsync(
            async () =>
            {
                await PassAsync(network);
                foreach (var query in waiting.ToList())
                {
                    if (await network.QueryAsync(query.Expression) is { Count: > 0 } answer)
                    {
                        answers[query] = answer;
                        waiting.Remove(query);
                    }
                }

                return waiting.Count;
            },
            count => count == 0,
            _ => string.Join("\n", waiting));

        List<string> wrong =
        [
            .. from answer in answers
               where answer.Value.Any(sample => double.IsNaN(sample.Value))
               select $"NaN: {answer.Key}",
            .. from answer in answers
               from label in answer.Value.SelectMany(sample => sample.Labels.Keys).Intersect(Unstable)
               select $"label {label}: {answer.Key}",
            .. from answer in answers
               from label in answer.Key.LegendLabels
               where answer.Value.Any(sample => !sample.Labels.ContainsKey(label))
               select $"a legend of {label}, which is not there: {answer.Key}",
            .. from answer in answers
               where answer.Key.Panel.Type != "table"
               from series in answer.Value.CountBy(sample => answer.Key.NameOf(sample.Labels).Trim())
               where series.Value > 1 || series.Key == "" && answer.Key.Panel.Queries.Count > 1
               select $"{series.Value} series named '{series.Key}': {answer.Key}",
        ];
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task Every_metric_of_every_query_is_exported()
    {
        var network = await fixture.Network;
        var metrics = Queries.SelectMany(query => query.Selectors)
            .Select(selector => selector.Metric)
            .Where(metric => metric != "")
            .Distinct()
            .Except(MayBeMissing.Keys)
            .ToList();
        Assert.NotEmpty(metrics);

        await Eventually.GetAsync(
            async () =>
            {
                await PassAsync(network);
                var known = (await network.QueryAsync("""count by (__name__) ({__name__!=""})"""))
                    .Select(sample => sample.Labels["__name__"]);
                return metrics.Except(known).ToList();
            },
            missing => missing.Count == 0,
            missing => string.Join("\n", missing));
    }

    [Fact]
    public async Task Every_variable_offers_something_to_choose()
    {
        var network = await fixture.Network;
        var variables = from dashboard in DashboardFiles.WithQueries
                        from variable in dashboard.Variables.Values
                        where variable.GetProperty("type").GetString() == "query"
                        let match = LabelValues().Match(variable.GetProperty("query").GetProperty("query").GetString()!)
                        select (dashboard.Name, Series: AnyVariable().Replace(match.Groups[1].Value, ".+"), Label: match.Groups[2].Value);

        await PassAsync(network);
        foreach (var (name, series, label) in variables)
        {
            await Eventually.GetAsync(
                async () => (await network.QueryAsync($"count by ({label}) ({series})"))
                    .Select(sample => sample.Labels.GetValueOrDefault(label, ""))
                    .ToList(),
                values => values.Count > 0 && !values.Contains(""),
                _ => $"{name}: {series} {label}");
        }
    }

    [Fact]
    public async Task The_dots_on_durations_have_the_label_by_which_Grafana_opens_the_trace()
    {
        var network = await fixture.Network;
        var source = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "monitoring", "grafana", "provisioning", "datasources", "prometheus.yaml"),
            TestContext.Current.CancellationToken);
        var destination = TraceDestination().Match(source);
        Assert.Equal("$TRACES_URL/traces/detail/$${__value.raw}", destination.Groups["url"].Value);
        var waiting = Queries.Where(query => query.Json.TryGetProperty("exemplar", out var exemplar) && exemplar.GetBoolean()).ToList();
        Assert.NotEmpty(waiting);

        using var client = new HttpClient { BaseAddress = new Uri(network.Url("prometheus")) };
        await Eventually.GetAsync(
            async () =>
            {
                await PassAsync(network);
                var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
                foreach (var query in waiting.ToList())
                {
                    var answer = await client.GetFromJsonAsync<JsonElement>(
                        $"/api/v1/query_exemplars?query={Uri.EscapeDataString(query.Expression)}&start={now - 3600}&end={now}",
                        TestContext.Current.CancellationToken);
                    var labels = answer.Items("data")
                        .SelectMany(series => series.Items("exemplars"))
                        .Select(exemplar => exemplar.GetProperty("labels"));
                    if (labels.Any(label =>
                        label.TryGetProperty(destination.Groups["label"].Value, out var trace) && TraceId().IsMatch(trace.GetString()!)))
                    {
                        waiting.Remove(query);
                    }
                }

                return waiting.Count;
            },
            count => count == 0,
            _ => string.Join("\n", waiting));
    }

    [Fact]
    public void Every_exception_is_of_a_query_that_is_there() =>
        Assert.Empty(MayBeEmpty.Keys.Except(Queries.Select(query => (query.Panel.Dashboard, query.Panel.Id, query.Reference))));

    // One of each: found or not, wanted or not, admitted or refused, slow, and a page of the desk.
    private static async Task PassAsync(NetworkUnderTest network)
    {
        using var client = await network.Officers.ClientAsync(Officers.Supervisor);
        var cancellation = TestContext.Current.CancellationToken;

        var slow = client.GetAsync(new Uri("/delay?seconds=1", UriKind.Relative), cancellation);
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/api/dni/12345678A"));
        Assert.Equal(HttpStatusCode.NotFound, await GetAsync($"/api/dni/{Traveller}"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/api/flights/AA123"));
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/entries"));
        Assert.Contains(await DecideAsync(Traveller, 1200), (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]);
        Assert.Equal(HttpStatusCode.BadRequest, await DecideAsync($"R{Traveller}", 20));
        Assert.Equal(HttpStatusCode.Forbidden, await DecideAsync("12345678A", 1200));
        (await slow).EnsureSuccessStatusCode();

        // The synthetic officer only runs once a minute by itself.
        if (await network.ScrapeUrlAsync("smoke") is { } smoke)
        {
            (await client.PostAsync(new Uri(smoke, "/run"), content: null, cancellation)).EnsureSuccessStatusCode();
        }

        async Task<HttpStatusCode> GetAsync(string path) =>
            (await client.GetAsync(new Uri(path, UriKind.Relative), cancellation)).StatusCode;

        async Task<HttpStatusCode> DecideAsync(string dni, int money) => (await client.PostAsJsonAsync(
            "/api/immigration",
            new { name = "Ana Torres", dni, lodging = "Hotel Arts", declared_money = money, flight_number = "AA123" },
            cancellation)).StatusCode;
    }

    [GeneratedRegex("""exemplarTraceIdDestinations:\s+- name: (?<label>\S+)\s+url: (?<url>\S+)""")]
    private static partial Regex TraceDestination();

    [GeneratedRegex("""^[0-9a-f]{32}$""")]
    private static partial Regex TraceId();

    [GeneratedRegex("""^label_values\((.+), (\w+)\)$""")]
    private static partial Regex LabelValues();

    [GeneratedRegex("""\$\w+""")]
    private static partial Regex AnyVariable();
}
