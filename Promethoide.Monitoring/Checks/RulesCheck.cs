using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>What rules may refer to.</summary>
/// <param name="Datasources">Their uids and types.</param>
/// <param name="Dashboards">The dashboards.</param>
/// <param name="DashboardFolders">The titles of the dashboards' folders.</param>
internal sealed record KnownNames(
    IReadOnlyDictionary<string, string> Datasources, Dashboards Dashboards, IReadOnlyCollection<string> DashboardFolders);

/// <summary>Grafana's alert rules: the lists <c>groups</c> of the alerting files.</summary>
internal sealed partial class RulesCheck(KnownNames known, Promtool promtool)
{
    /// <summary>The interval of Grafana's scheduler.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    private static readonly string[] ReservedLabels = ["alertname", "grafana_folder", "datasource_uid", "ref_id"];

    private readonly List<(Source Source, YamlMappingNode Node, string Folder)> _rules = [];

    /// <returns>The rules.</returns>
    public static IReadOnlyList<(Source Source, YamlMappingNode Node)> Check(
        IReadOnlyList<(Source Source, YamlMappingNode Root)> files, KnownNames known, Promtool promtool)
    {
        var check = new RulesCheck(known, promtool);
        var groups = files.SelectMany(file => file.Root.Items("groups").Select(node => (file.Source, Node: node))).ToList();
        foreach (var (source, group) in groups)
        {
            check.Group(source, group);
        }

        groups
            .Select(group =>
                new NamedItem($"{group.Node.Text("folder")}/{group.Node.Text("name")}", group.Source, group.Node.LineOf("name")))
            .MustBeUnique((group, first) =>
                $"the rule group '{group}' is also at {first}, and the later one replaces its rules; put the rules together");
        ProvisioningCheck.NamesOf(check._rules.Select(rule => (rule.Source, rule.Node)), "uid")
            .MustBeUnique((uid, first) => $"the rule uid '{uid}' is also at {first}, which would be overwritten; write another");
        foreach (var folder in check._rules.GroupBy(rule => rule.Folder))
        {
            ProvisioningCheck.NamesOf(folder.Select(rule => (rule.Source, rule.Node)), "title")
                .MustBeUnique(
                    (title, first) =>
                        $"the rule title '{title}' is also at {first} in the same folder, where Grafana before 12 stops; write another",
                    isStyle: true);
        }

        return [.. check._rules.Select(rule => (rule.Source, rule.Node))];
    }

    private void Group(Source source, YamlMappingNode group)
    {
        if (group.Text("interval") is { } text
            && Durations.TryParse(text, out var interval)
            && (interval <= TimeSpan.Zero || interval.Ticks % Turn.Ticks != 0))
        {
            source.Add(group.LineOf("interval"), $"the interval '{text}' is not a multiple of 10 s, which stops Grafana; write one");
        }

        var folder = group.Text("folder") ?? "";
        if (known.DashboardFolders.Contains(folder))
        {
            source.Add(
                group.LineOf("folder"),
                $"the folder '{folder}' is the dashboards' too, of which Grafana would make twins; write another title");
        }

        foreach (var rule in group.Items("rules"))
        {
            Panel(source, rule);
            var refIds = new QueriesCheck(source, rule, known.Datasources, promtool).Check();
            Annotations(source, rule, refIds);
            Labels(source, rule, refIds);
            _rules.Add((source, rule, folder));
        }
    }

    private void Panel(Source source, YamlMappingNode rule)
    {
        var uid = rule.Text("dashboardUid") ?? rule.Text("dasboardUid");
        if (uid is null != rule.Text("panelId") is null)
        {
            source.Add(
                rule.LineOf(uid is null ? "panelId" : "dashboardUid"),
                "dashboardUid and panelId need each other, else Grafana stops; write both, or none");
        }
        else if (uid is not null && !known.Dashboards.Has(uid))
        {
            source.Add(
                rule.LineOf("dashboardUid"),
                $"no dashboard in {Dashboards.Folder} has the uid '{uid}'; write one that exists, or add the dashboard");
        }
        else if (uid is not null && rule.Text("panelId") is { } panel && !known.Dashboards.Has(uid, panel))
        {
            source.Add(rule.LineOf("panelId"), $"the dashboard '{uid}' has no panel {panel}; write one that it has");
        }
    }

    private void Annotations(Source source, YamlMappingNode rule, IReadOnlyCollection<string> refIds)
    {
        foreach (var (key, value) in rule.Entries("annotations"))
        {
            var text = value.Value ?? "";
            if (key.Value is "__dashboardUid__" or "__panelId__")
            {
                source.Add(key, $"the annotation {key.Value} alone stops Grafana; write dashboardUid and panelId beside title");
            }

            if (text.Contains("${", StringComparison.Ordinal) || text.Contains("$__env{", StringComparison.Ordinal))
            {
                source.Add(
                    value,
                    $"the annotation {key.Value} has a ${{…}}, which some versions of Grafana replace and others do not; write it "
                    + "without braces");
            }

            if (PanelUrl().Match(text) is { Success: true } url
                && !known.Dashboards.Has(url.Groups["uid"].Value, url.Groups["panel"].Value))
            {
                source.Add(
                    value,
                    $"the annotation {key.Value} leads to panel {url.Groups["panel"].Value} of the dashboard "
                    + $"'{url.Groups["uid"].Value}', which is not there; write one that is");
            }

            promtool.AddText(source, value, text, refIds);
        }
    }

    private void Labels(Source source, YamlMappingNode rule, IReadOnlyCollection<string> refIds)
    {
        foreach (var (key, value) in rule.Entries("labels"))
        {
            var (name, text) = (key.Value ?? "", (value.Value ?? "").Replace("$$", "$", StringComparison.Ordinal));
            if (ReservedLabels.Contains(name) || name.StartsWith("__", StringComparison.Ordinal))
            {
                source.Add(key, $"the label '{name}' is Grafana's own; write another name");
            }
            else if (!LabelName().IsMatch(name))
            {
                source.Style(key.Line(), $"the label '{name}' has other characters than Prometheus' labels; write letters, digits and _");
            }

            promtool.AddText(source, value, text, refIds);
        }
    }

    [GeneratedRegex(@"^/d/(?<uid>[^/?]+)\?viewPanel=(?<panel>\d{1,9})\z")]
    private static partial Regex PanelUrl();

    [GeneratedRegex(@"^[a-zA-Z_][a-zA-Z0-9_]*\z")]
    private static partial Regex LabelName();
}
