using Promethoide.Monitoring.Checks;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Alerting;

/// <summary>The files do not allow what was requested. The message names the file, or what is missing.</summary>
internal sealed class RulesException(string message) : Exception(message);

/// <summary>A group with alerting rules, as in its file.</summary>
internal sealed record RuleGroup(Source Source, YamlMappingNode Node, IReadOnlyList<YamlMappingNode> Alerts);

/// <summary>Prometheus' own rule files.</summary>
internal static class PrometheusRules
{
    public const string Folder = "prometheus/rules";

    /// <summary>The groups with alerting rules, from all files in name order.</summary>
    /// <param name="monitoring">The folder that contains <see cref="Folder"/>.</param>
    /// <param name="findings">Receives what Prometheus does not read, and what Grafana has no equivalent for: the conversion would lose
    /// it.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static IReadOnlyList<RuleGroup> Alerting(string monitoring, List<Finding> findings)
    {
        var groups = new List<RuleGroup>();
        foreach (var file in Directory.EnumerateFiles(MonitoringFolder.Require(monitoring, Folder)).Order(StringComparer.Ordinal))
        {
            var source = new Source($"{Folder}/{Path.GetFileName(file)}", findings);
            if (Path.GetExtension(file) != ".yml")
            {
                source.Add(1, "Prometheus reads only *.yml here; rename this file to .yml, or delete it");
            }
            else if (Yaml.Parse(File.ReadAllText(file), source.Add) is { } root)
            {
                groups.AddRange(Groups(source, root));
            }
        }

        return groups;
    }

    private static IEnumerable<RuleGroup> Groups(Source source, YamlMappingNode root)
    {
        if (root.Text("kind") is { } kind)
        {
            source.Add(
                root.LineOf("kind"), $"this is a Kubernetes manifest ({kind}), not a rule file; keep only what its spec has: groups");
            yield break;
        }

        Schema.Check(source, root, "rule_file");
        foreach (var group in root.Items("groups"))
        {
            // Grafana evaluates no recording rules of Prometheus: a group of them may contain anything.
            var alerts = group.Items("rules").Where(rule => rule.Get("record") is null).ToList();
            if (alerts.Count > 0)
            {
                Schema.Check(source, group, "group_of_Prometheus");
                alerts.ForEach(alert => Schema.Check(source, alert, "rule_of_Prometheus"));
                yield return new RuleGroup(source, group, alerts);
            }
        }
    }
}
