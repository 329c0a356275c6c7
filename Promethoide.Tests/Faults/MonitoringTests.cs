using System.Text.Json.Nodes;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Faults;

/// <summary>Faults in Prometheus itself and in its targets.</summary>
[Collection("Faults")]
public sealed class MonitoringTests(WatchingNetwork watching) : IClassFixture<WatchingNetwork>
{
    private const string Own = """up{job="prometheus"}""";
    private const double Megabyte = 1024 * 1024;

    [Fact]
    public async Task Whoever_hangs_answers_garbage_or_far_too_much_is_down_and_nothing_else_suffers()
    {
        await using var bad = await BadExporter.StartAsync();
        var file = watching.Targets("pushgateway");
        var good = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        var before = await UntilAsync("""process_resident_memory_bytes{job="prometheus"}""", value => value is not null);
        var targets = JsonNode.Parse(good)!.AsArray();
        foreach (var path in BadExporter.Faults.Keys)
        {
            targets.Add(new JsonObject
            {
                ["targets"] = new JsonArray(bad.Address),
                ["labels"] = new JsonObject { ["instance"] = path, ["__metrics_path__"] = $"/{path}" }
            });
        }

        await File.WriteAllTextAsync(file, targets.ToJsonString(), TestContext.Current.CancellationToken);
        await using (await HangAsync("node-exporter"))
        {
            string[] down = [.. BadExporter.Faults.Keys, "node-exporter"];
            await Eventually.GetAsync(
                watching.Network.AlertsAsync,
                alerts =>
                    down.All(instance =>
                        alerts.Any(alert => alert.Name == "TargetDown" && alert.Labels["instance"] == instance && alert.State == "firing")),
                alerts =>
                    string.Join(", ", alerts.Select(alert => $"{alert.Name} {alert.Labels.GetValueOrDefault("instance")} {alert.State}")));
            var scraped = await watching.Network.TargetsAsync();

            Assert.All(BadExporter.Faults, fault =>
                Assert.Contains(fault.Value, scraped.Single(target => target.Instance == fault.Key).LastError, StringComparison.Ordinal));
            Assert.Equal(1, await ValueAsync("""min_over_time(up{instance="pushgateway"}[20s])"""));
            Assert.Equal(1, await ValueAsync("""min_over_time(up{instance="prometheus"}[20s])"""));
        }

        await File.WriteAllTextAsync(file, good, TestContext.Current.CancellationToken);
        var grown = ((await ValueAsync("""max_over_time(process_resident_memory_bytes{job="prometheus"}[1m])"""))!.Value - before!.Value)
            / Megabyte;
        FaultReport.Add("Monitoring", "Prometheus beside a target that sends 100 MB each two seconds: more memory", $"{grown:0} MB");
        // It reads at most 10 MB of a response; the rest is memory that its garbage collector has not reclaimed yet.
        Assert.InRange(grown, double.MinValue, 250);
        await UntilAsync("""up{instance="node-exporter"} == 1""", value => value is not null);
    }

    [Fact]
    public async Task A_killed_Prometheus_misses_only_the_time_until_it_is_back()
    {
        await UntilAsync($"count_over_time({Own}[10m])", count => count >= 5);
        var before = await SamplesAsync();

        watching.Network.Kill("prometheus");
        await watching.Network.StartAsync("prometheus");
        var after = await UntilAsync($"count_over_time({Own}[10m])", count => count > before.Count);

        Assert.NotNull(after);
        var kept = await SamplesAsync();
        Assert.Subset(kept.ToHashSet(), before.ToHashSet());
        var gap = kept.Zip(kept.Skip(1), (one, next) => next - one).Max();
        FaultReport.Add("Monitoring", "Prometheus killed and started: samples lost, longest gap", $"0 of {before.Count}, {gap:0} s");
    }

    [Fact]
    public async Task A_full_disk_is_alarmed_while_it_lasts_and_afterwards_that_Prometheus_has_to_be_restarted()
    {
        Assert.SkipUnless(watching.Disk is not null, "Only root can mount a small disk, and not in every container.");
        await UntilAsync($"count_over_time({Own}[10m])", count => count >= 3);
        var before = await SamplesAsync();

        await using (await watching.Disk.FillAsync())
        {
            await FiresAsync("PrometheusDown");
        }

        await FiresAsync("PrometheusWalDamaged");
        await watching.Network.StopAsync("prometheus");
        await watching.Network.StartAsync("prometheus");
        await UntilAsync($"count_over_time({Own}[10m])", count => count > before.Count + 2);
        await Eventually.GetAsync(
            watching.Network.AlertsAsync,
            alerts => !alerts.Any(alert => alert.Name.StartsWith("Prometheus", StringComparison.Ordinal)),
            alerts => string.Join("\n", alerts.Select(alert => alert.Name)));
        var restarted = await SamplesAsync();
        Assert.Subset(restarted.ToHashSet(), before.ToHashSet());

        FaultReport.Add("Monitoring", "Prometheus' disk full, then a restart: samples of before it that are lost", $"0 of {before.Count}");

        // Samples taken after the restart are safe again.
        watching.Network.Kill("prometheus");
        await watching.Network.StartAsync("prometheus");
        Assert.Subset((await SamplesAsync()).ToHashSet(), restarted.ToHashSet());
    }

    private async Task<IAsyncDisposable> HangAsync(string component)
    {
        var process = $"{watching.Network.ProcessOf(component)}";
        await Tool.MustRunAsync("kill", ["-STOP", process]);
        return new Ending(() => Tool.MustRunAsync("kill", ["-CONT", process]));
    }

    private async Task FiresAsync(string name) => await Eventually.GetAsync(
        watching.Network.AlertsAsync,
        alerts => alerts.Any(alert => alert.Name == name && alert.State == "firing"),
        alerts => $"{name}; {string.Join(", ", alerts.Select(alert => $"{alert.Name} {alert.State}"))}");

    private Task<double?> UntilAsync(string promql, Func<double?, bool> satisfies) =>
        Eventually.GetAsync(() => ValueAsync(promql), satisfies, value => $"{promql}: {value}");

    private async Task<double?> ValueAsync(string promql) => (await watching.Network.QueryAsync(promql)) is [var (_, value)] ? value : null;

    // The times at which Prometheus scraped itself, in seconds since 1970.
    private Task<IReadOnlyList<double>> SamplesAsync() => watching.Network.TimesAsync($"{Own}[10m]");
}
