using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>The existing dashboards: their uids, and the ids of each one's panels.</summary>
internal sealed partial class Dashboards
{
    public const string Folder = "grafana/dashboards";

    // Grafana's own data sources.
    private static readonly string[] BuiltIn =
    [
        "grafana", "default", "__expr__", "-100", "-- Grafana --", "-- Mixed --", "-- Dashboard --",
    ];

    private readonly Dictionary<string, HashSet<string>> _panels = [];

    /// <summary>Reads all of them, and reports what Grafana would skip, reject or confuse.</summary>
    /// <param name="files">The files.</param>
    /// <param name="datasources">The uids of the data sources.</param>
    public Dashboards(IEnumerable<(Source Source, string Text)> files, IReadOnlyCollection<string> datasources)
    {
        var all = files.Select(file => (file.Source, Node: Read(file.Source, file.Text)!)).Where(file => file.Node is not null).ToList();
        foreach (var (source, root) in all)
        {
            Schema.Check(source, root, "dashboard");
            Panels(source, root);
            var variables = root.Child("templating")?.Items("list").Select(variable => variable.Text("name")).ToHashSet() ?? [];
            foreach (var datasource in root.AllNodes.OfType<YamlMappingNode>()
                .Select(node => node.Child("datasource")?.Get("uid") ?? node.Get("datasource"))
                .OfType<YamlScalarNode>()
                .Where(name => name.Value is { Length: > 0 } text
                    && !BuiltIn.Contains(text)
                    && !datasources.Contains(text)
                    && (Variable().Match(text) is not { Success: true } match || !variables.Contains(match.Groups["name"].Value))))
            {
                source.Add(
                    datasource,
                    $"the data source '{datasource.Value}' is neither provisioned nor a variable of the dashboard, so that its panels "
                    + $"stay empty; use one of {string.Join(", ", datasources)}");
            }
        }

        ProvisioningCheck.NamesOf(all, "uid")
            .MustBeUnique((uid, first) =>
                $"the dashboard uid '{uid}' is also at {first}, and Grafana then writes no dashboard; write another");
        ProvisioningCheck.NamesOf(all, "title")
            .MustBeUnique((title, first) =>
                $"the dashboard title '{title}' is also at {first}, and Grafana then writes no dashboard; write another");
    }

    public bool Has(string uid) => _panels.ContainsKey(uid);

    public bool Has(string uid, string panel) => _panels.TryGetValue(uid, out var panels) && panels.Contains(panel);

    // JSON is YAML, and YAML nodes know their lines.
    private static YamlMappingNode? Read(Source source, string text)
    {
        if (text is ['\uFEFF' or '\uFFFD', ..])
        {
            source.Add(
                1,
                "the file begins with a byte order mark or is not UTF-8, so that Grafana skips the dashboard; save it as UTF-8 without "
                + "one");
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(text);
        }
        catch (JsonException e)
        {
            source.Add(
                1 + (int)(e.LineNumber ?? 0), "this is not JSON, so that Grafana skips the dashboard; correct it here or shortly before");
            return null;
        }

        return Yaml.Parse(text, source.Add);
    }

    private void Panels(Source source, YamlMappingNode root)
    {
        var panels = new HashSet<string>();
        _panels.TryAdd(root.Text("uid") ?? "", panels);
        foreach (var panel in Below(root).Skip(1))
        {
            if (panel.Get("id") is not YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: { } id }
                || !long.TryParse(id, out _))
            {
                source.Add(
                    panel.LineOf("id"),
                    $"the panel '{panel.Text("title")}' has no number as id, so that nothing can link to it; write \"id\": and a number");
            }
            else if (!panels.Add(id))
            {
                source.Add(panel.LineOf("id"), $"two panels have the id {id}; number them anew");
            }
        }
    }

    // A collapsed row contains its panels.
    private static IEnumerable<YamlMappingNode> Below(YamlMappingNode holder) => holder.Items("panels").SelectMany(Below).Prepend(holder);

    [GeneratedRegex(@"^(?:\$\{(?<name>\w+)(?:[:.][^}]*)?\}|\$(?<name>\w+)|\[\[(?<name>\w+)(?::[^\]]*)?\]\])\z")]
    private static partial Regex Variable();
}
