using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Monitoring;

namespace Promethoide.Tests.Network;

/// <summary>
/// A day of a healthy network: the series of the running network, extrapolated over 24 hours at their current rate.
/// </summary>
public sealed partial class FalseAlarmTests(RunningNetworkFixture fixture)
{
    private const int Hours = 24;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(75);

    // The machine's free space, and its speed while other tests run on it, do not depend on this network.
    private const string Machine = "node.yml";

    private static readonly string[] Speed = ["EndpointSlow", "ProbeSlow", "ApacheSlow", "LatencyBudgetBurnFast", "LatencyBudgetBurnSlow"];

    [Fact]
    public async Task A_healthy_network_alarms_nobody_for_a_day()
    {
        var network = await fixture.Network;
        await Eventually.GetAsync(
            () => network.QueryAsync(
                "count(job:slo_requests:rate5m) == 3 and on () promethoide_smoke_last_run_success{instance=\"smoke\"} == 1"),
            samples => samples.Count > 0);
        var rules = RuleFiles.Names(RuleFiles.Folder).Where(file => file != Machine).ToList();
        var text = string.Concat(rules.Select(file => File.ReadAllText(Path.Combine(RuleFiles.Folder, file))));
        var used = Name().Matches(text).Select(match => match.Value).ToHashSet();

        // The very first requests are over.
        var before = await SeriesAsync(network, used);
        var clock = Stopwatch.StartNew();
        await Task.Delay(Pace, TestContext.Current.CancellationToken);
        var after = await SeriesAsync(network, used);
        var minutes = clock.Elapsed.TotalMinutes;
        var series = after.Where(one => before.ContainsKey(one.Key))
            .Select(one =>
                new { series = one.Key, values = Values(one.Key.Split('{')[0], one.Value, (one.Value - before[one.Key]) / minutes) })
            .ToList();

        var file = Path.Combine(Directory.CreateTempSubdirectory("promethoide-day-").FullName, "day.yml");
        var alerts = RuleFiles.Groups()
            .Where(group => group.File != Machine)
            .SelectMany(group => group.Alerts)
            .Select(alert => alert.Name)
            .Except(Speed);
        // JSON is valid YAML.
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            rule_files = rules.Select(rule => Path.Combine(RuleFiles.Folder, rule)),
            evaluation_interval = "1m",
            tests = new[]
            {
                new
                {
                    interval = "1m",
                    input_series = series,
                    alert_rule_test =
                        from alert in alerts
                        from hour in Enumerable.Range(1, Hours - 1)
                        select new { eval_time = $"{hour}h", alertname = alert, exp_alerts = Array.Empty<object>() },
                },
            },
        }), TestContext.Current.CancellationToken);

        var result = await Tool.RunAsync("promtool", ["test", "rules", file]);

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        Assert.True(series.Count > 100, $"{series.Count} series");
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    private static async Task<IReadOnlyDictionary<string, double>> SeriesAsync(NetworkUnderTest network, HashSet<string> names) =>
        (await network.QueryAsync("""{__name__=~".+", job!=""}"""))
            .Where(sample => double.IsFinite(sample.Value)
                && names.Contains(sample.Labels["__name__"])
                && !sample.Labels["__name__"].Contains(':', StringComparison.Ordinal))
            .ToDictionary(sample => Text(sample.Labels), sample => sample.Value);

    private static string Text(IReadOnlyDictionary<string, string> labels)
    {
        var others = labels.Where(label => label.Key != "__name__").Select(label => $"{label.Key}={JsonSerializer.Serialize(label.Value)}");
        return $"{labels["__name__"]}{{{string.Join(", ", others)}}}";
    }

    // The day starts at 0 with a network that has already run for an hour.
    private static string Values(string name, double value, double perMinute) => name switch
    {
        "process_start_time_seconds" => Series(-3600, 0),
        "promethoide_smoke_last_run_timestamp_seconds" => Series(0, 60),
        _ when Counter().IsMatch(name) && !name.StartsWith("dotnet_thread_pool", StringComparison.Ordinal) =>
            Series(value, Math.Max(0, perMinute)),
        _ => Series(value, 0),
    };

    private static string Series(double first, double step) =>
        string.Create(CultureInfo.InvariantCulture, $"{first}{(step < 0 ? "" : "+")}{step}x{Hours * 60}");

    [GeneratedRegex(@"\b[a-z][a-z0-9_]+\b")]
    private static partial Regex Name();

    [GeneratedRegex("_(total|sum|bucket|seconds_count)$|^pg_stat_database_(xact|deadlocks)")]
    private static partial Regex Counter();
}
