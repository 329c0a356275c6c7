using System.Globalization;
using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using Promethoide.Monitoring.Checks;
using Promethoide.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Network.Drills;

/// <summary>
/// The repository's Prometheus configuration with shorter times, so that a drill takes seconds. Each rule's ranges and offsets
/// are <see cref="Factor"/> times shorter, as are each group's interval and the ages that values are compared with; <c>for</c> and
/// <c>keep_firing_for</c> even <see cref="WaitFactor"/> times, since they only wait. None is under a second. Targets are scraped and probed
/// every two to four seconds. Counts derived from a rate (<c>* 300</c>) are unchanged and therefore too high: such alerts need less to
/// fire than in production.
/// </summary>
internal static partial class FastMonitoring
{
    public const int Factor = 20;

    private const int WaitFactor = 60;

    private const string Scrape = "2s";

    // A probe of /delay takes one second, a slow one more than two, and the exporter times out half a second before the next probe.
    private const string Probe = "4s";

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Changes <c>prometheus.yml</c> and <c>rules/</c> in a network's Prometheus folder.</summary>
    public static void Write(string folder)
    {
        var source = Path.Combine(Repository.Root, "monitoring", "prometheus");
        // A link to the repository's rules until now.
        File.Delete(Path.Combine(folder, "rules"));
        var rules = Directory.CreateDirectory(Path.Combine(folder, "rules")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(source, "rules")))
        {
            var yaml = Yaml.Read(file);
            foreach (var group in yaml.Items("groups"))
            {
                Shorten(group, "interval", Factor);
                foreach (var rule in group.Items("rules"))
                {
                    Shorten(rule, "for", WaitFactor);
                    Shorten(rule, "keep_firing_for", WaitFactor);
                    rule.Children["expr"] = new YamlScalarNode(Age().Replace(
                        Window().Replace(rule.Text("expr")!, window => ShorterDuration.Of(window.Value, Factor, Shortest)), Younger));
                }
            }

            File.WriteAllText(Path.Combine(rules, Path.GetFileName(file)), Yaml.Text(yaml));
        }

        var prometheus = Yaml.Read(Path.Combine(source, "prometheus.yml"));
        foreach (var section in prometheus.Items("scrape_configs").Append((YamlMappingNode)prometheus.Children["global"]))
        {
            section.Children["scrape_interval"] = section.Children["scrape_timeout"] = section.Text("job_name") == "blackbox-exporter"
                ? Probe
                : Scrape;
        }

        File.Delete(Path.Combine(folder, "prometheus.yml"));
        File.WriteAllText(Path.Combine(folder, "prometheus.yml"), Yaml.Text(prometheus));
    }

    private static void Shorten(YamlMappingNode node, string key, int factor)
    {
        if (node.Text(key) is { } duration)
        {
            node.Children[key] = ShorterDuration.Of(duration, factor, Shortest);
        }
    }

    // A daily push counts as stale after a day, which is too long for a drill even when divided by the factor.
    private static string Younger(Match age)
    {
        var seconds = age.Groups["seconds"].Value;
        var younger = seconds == "86400"
            ? "10"
            : (int.Parse(seconds, CultureInfo.InvariantCulture) / Factor).ToString(CultureInfo.InvariantCulture);
        return $"{age.Groups["before"].Value}{younger}";
    }

    // A range ([5m], but not the step of a subquery) or an offset.
    [GeneratedRegex(@"(?<=\[|\boffset )\d+[smhd]\b")]
    private static partial Regex Window();

    // time() - … > 300, …max_tx_duration{…}) > 300.
    [GeneratedRegex(@"(?<before>(\btime\(\) - |max_tx_duration).*[<>] )(?<seconds>\d+)$", RegexOptions.Multiline)]
    private static partial Regex Age();
}

internal static class ShorterDuration
{
    /// <summary>A shortened duration, but not below a limit.</summary>
    public static string Of(string duration, int factor, TimeSpan shortest)
    {
        Assert.True(Durations.TryParse(duration, out var length), $"'{duration}' is no duration.");
        var shorter = length / factor;
        return $"{(shorter < shortest ? shortest : shorter).TotalMilliseconds:0}ms";
    }
}
