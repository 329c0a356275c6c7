using System.Text.RegularExpressions;
using Promethoide.Monitoring.Checks;
using Promethoide.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Network.Drills;

/// <summary>
/// The repository's configuration of Prometheus with shorter times, so that a drill takes seconds. Of each rule <c>for</c>, <c>keep_firing_for</c>, the
/// ranges and the offsets are <see cref="Factor"/> times shorter, and so is each group's interval; none is below a second. Targets are scraped and
/// probed every two seconds: a probe of /delay takes one, and the exporter gives up half a second before the next. Numbers in expressions stay:
/// counts that they make of a rate (<c>* 300</c>) are too high, and such alerts need less to fire than in production.
/// </summary>
internal static partial class FastMonitoring
{
    public const int Factor = 20;

    private const string Scrape = "2s";
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Writes <c>prometheus.yml</c> and <c>rules/</c>, with an Alertmanager that gets the alerts.</summary>
    public static void Write(string folder, string alertmanager)
    {
        var source = Path.Combine(Repository.Root, "monitoring", "prometheus");
        // Links to the repository's own, until now.
        File.Delete(Path.Combine(folder, "rules"));
        var rules = Directory.CreateDirectory(Path.Combine(folder, "rules")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(source, "rules")))
        {
            var yaml = Yaml.Read(file);
            foreach (var group in yaml.Items("groups"))
            {
                Shorten(group, "interval");
                foreach (var rule in group.Items("rules"))
                {
                    Shorten(rule, "for");
                    Shorten(rule, "keep_firing_for");
                    rule.Children["expr"] = new YamlScalarNode(Window().Replace(rule.Text("expr")!, window => Shorter(window.Value)));
                }
            }

            Yaml.Write(Path.Combine(rules, Path.GetFileName(file)), yaml);
        }

        var prometheus = Yaml.Read(Path.Combine(source, "prometheus.yml"));
        foreach (var section in prometheus.Items("scrape_configs").Append((YamlMappingNode)prometheus.Children["global"]))
        {
            section.Children["scrape_interval"] = section.Children["scrape_timeout"] = Scrape;
        }

        prometheus.Add("alerting", new YamlMappingNode("alertmanagers", new YamlSequenceNode(
            new YamlMappingNode("static_configs", new YamlSequenceNode(new YamlMappingNode("targets", new YamlSequenceNode(alertmanager)))))));
        File.Delete(Path.Combine(folder, "prometheus.yml"));
        Yaml.Write(Path.Combine(folder, "prometheus.yml"), prometheus);
    }

    private static void Shorten(YamlMappingNode node, string key)
    {
        if (node.Text(key) is { } duration)
        {
            node.Children[key] = Shorter(duration);
        }
    }

    private static string Shorter(string duration) => ShorterDuration.Of(duration, Factor, Shortest);

    // A range ([5m]) or an offset.
    [GeneratedRegex(@"(?<=\[|\boffset )\d+[smhd]\b")]
    private static partial Regex Window();
}

internal static class ShorterDuration
{
    /// <summary>A duration made shorter, but not below a limit.</summary>
    public static string Of(string duration, int factor, TimeSpan shortest)
    {
        Assert.True(Durations.TryParse(duration, out var length), $"'{duration}' is no duration.");
        var shorter = length / factor;
        return $"{(shorter < shortest ? shortest : shorter).TotalMilliseconds:0}ms";
    }
}

/// <summary>YAML as it is read, changed and written again.</summary>
internal static class Yaml
{
    public static YamlMappingNode Read(string file)
    {
        using var reader = File.OpenText(file);
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    public static void Write(string file, YamlMappingNode content)
    {
        using var writer = File.CreateText(file);
        new YamlStream(new YamlDocument(content)).Save(writer, assignAnchors: false);
    }

    public static IEnumerable<YamlMappingNode> Items(this YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) ? ((YamlSequenceNode)value).Cast<YamlMappingNode>() : [];

    public static string? Text(this YamlMappingNode node, string key) => node.Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;
}
