using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>What rules may refer to.</summary>
internal sealed record Surroundings(IReadOnlyCollection<string> Datasources, Dashboards Dashboards, IReadOnlyCollection<string> DashboardFolders)
{
    /// <summary>Known once all files were read.</summary>
    public IReadOnlyCollection<string> Receivers { get; init; } = [];

    public IReadOnlyCollection<string> MuteTimes { get; init; } = [];
}

/// <summary>Grafana's alert rules: the lists <c>groups</c> of the alerting files.</summary>
internal sealed partial class RulesCheck(Surroundings surroundings)
{
    /// <summary>How often Grafana's scheduler turns.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);

    private static readonly string[] GroupKeys = ["orgId", "name", "folder", "interval", "rules"];

    private static readonly string[] RuleKeys =
    [
        "uid", "title", "condition", "data", "dashboardUid", "panelId", "noDataState", "execErrState", "for", "keepFiringFor",
        "missing_series_evals_to_resolve", "annotations", "labels", "isPaused", "notification_settings", "record",
    ];

    private static readonly string[] SettingKeys =
        ["receiver", "group_by", "group_wait", "group_interval", "repeat_interval", "mute_time_intervals", "active_time_intervals"];

    private static readonly string[] RecordKeys = ["metric", "from", "targetDatasourceUid"];

    private static readonly string[] ReservedLabels = ["alertname", "grafana_folder", "datasource_uid", "ref_id"];

    private readonly List<Named> _uids = [];

    private readonly List<Named> _titles = [];

    private readonly List<Named> _groups = [];

    /// <summary>The labels that each rule's alerts are sure to have.</summary>
    public List<IReadOnlyDictionary<string, string>> Labels { get; } = [];

    public IEnumerable<string> Uids => _uids.Select(uid => uid.Name);

    public void Check(Map file)
    {
        foreach (var group in file.Maps("groups", "rule group", GroupKeys))
        {
            Group(group);
        }
    }

    /// <summary>To be called after all files.</summary>
    public void CheckUniqueness()
    {
        _uids.MustBeUnique((uid, first) => $"the rule uid '{uid}' is also at {first}, which would be overwritten; write another");
        _titles.MustBeUnique((title, first) => $"the rule title '{title[(title.IndexOf('/', StringComparison.Ordinal) + 1)..]}' is also at {first} in the same folder; write another");
        _groups.MustBeUnique((group, first) => $"the rule group '{group}' is also at {first}, and the later one replaces its rules; put the rules together");
    }

    private void Group(Map group)
    {
        var (name, folder, source) = (group.Required("name"), group.Required("folder"), group.Source);
        group.Integer("orgId");
        group.Required("interval");
        if (group.Duration("interval") is { } interval && (interval <= TimeSpan.Zero || interval.Ticks % Turn.Ticks != 0))
        {
            source.Add(group.LineOf("interval"), $"the interval '{group.Text("interval")}' is no multiple of 10 s, which stops Grafana; write one");
        }

        if (folder is not null && surroundings.DashboardFolders.Contains(folder))
        {
            source.Add(group.LineOf("folder"), $"the folder '{folder}' is the dashboards' too, of which Grafana would make twins; write another title");
        }

        if (name is not null && folder is not null)
        {
            _groups.Add(new Named($"{folder}/{name}", source, group.LineOf("name")));
        }

        var rules = group.Maps("rules", "rule", RuleKeys);
        if (rules is [])
        {
            source.Add(group.LineOf("rules"), "a rule group has no rules, which stops Grafana; add one, or take the group away");
        }

        foreach (var rule in rules)
        {
            Rule(rule, folder ?? "");
        }
    }

    private void Rule(Map rule, string folder)
    {
        var source = rule.Source;
        if (rule.RequiredName("uid") is { } uid)
        {
            Uid.Check(uid, "rule");
            _uids.Add(uid);
        }

        if (rule.RequiredName("title") is { } title)
        {
            _titles.Add(title with { Name = $"{folder}/{title.Name}" });
        }

        rule.OneOf("noDataState", "NoData", "OK", "Alerting", "KeepLast");
        rule.OneOf("execErrState", "Alerting", "Error", "OK", "KeepLast");
        rule.Duration("for");
        rule.Duration("keepFiringFor");
        rule.Boolean("isPaused");
        if (rule.Integer("missing_series_evals_to_resolve") is < 1)
        {
            source.Add(rule.LineOf("missing_series_evals_to_resolve"), "missing_series_evals_to_resolve is less than 1; write at least 1");
        }

        Panel(rule);
        Annotations(rule);
        RuleLabels(rule, folder);
        Settings(rule);
        var record = rule.Child("record", "recording rule", RecordKeys);
        record?.Required("metric");
        record?.Required("from");
        new QueriesCheck(rule, surroundings.Datasources).Check(required: record is null);
    }

    private void Panel(Map rule)
    {
        var (uid, panel) = (rule.Text("dashboardUid"), rule.Integer("panelId"));
        if (uid is null != !rule.Has("panelId"))
        {
            rule.Source.Add(rule.LineOf(uid is null ? "panelId" : "dashboardUid"), "dashboardUid and panelId need each other, else Grafana stops; write both, or none");
        }
        else if (uid is not null && !surroundings.Dashboards.Uids.Contains(uid))
        {
            rule.Source.Add(rule.LineOf("dashboardUid"), $"no dashboard in {Dashboards.Folder} has the uid '{uid}'; write one that exists, or add the dashboard");
        }
        else if (uid is not null && panel is { } id && !surroundings.Dashboards.Has(uid, id))
        {
            rule.Source.Add(rule.LineOf("panelId"), $"the dashboard '{uid}' has no panel {id}; write one that it has");
        }
    }

    private void Annotations(Map rule)
    {
        foreach (var (key, value) in rule.Entries("annotations"))
        {
            if (key.Value is "__dashboardUid__" or "__panelId__")
            {
                rule.Source.Add(key, $"the annotation {key.Value} alone stops Grafana; write dashboardUid and panelId beside title");
            }

            if (value.Value!.Contains("${", StringComparison.Ordinal) || value.Value.Contains("$__env{", StringComparison.Ordinal))
            {
                rule.Source.Add(value, $"the annotation {key.Value} has a ${{…}}, which some versions of Grafana replace and others do not; write it without braces");
            }

            if (PanelUrl().Match(value.Value) is { Success: true } url
                && !surroundings.Dashboards.Has(url.Groups["uid"].Value, int.Parse(url.Groups["panel"].Value, CultureInfo.InvariantCulture)))
            {
                rule.Source.Add(value, $"the annotation {key.Value} leads to panel {url.Groups["panel"].Value} of the dashboard '{url.Groups["uid"].Value}', which is not there; write one that is");
            }

            Template(rule.Source, value, value.Value);
        }
    }

    private void RuleLabels(Map rule, string folder)
    {
        var known = new Dictionary<string, string> { ["alertname"] = rule.Text("title") ?? "", ["grafana_folder"] = folder };
        foreach (var (key, value) in rule.Entries("labels"))
        {
            var name = key.Value!;
            if (ReservedLabels.Contains(name) || name.StartsWith("__", StringComparison.Ordinal))
            {
                rule.Source.Add(key, $"the label '{name}' is Grafana's own; write another name");
            }
            else if (!LabelName().IsMatch(name))
            {
                rule.Source.Add(key, $"'{name}' is no name of a label; write letters, digits and _");
            }

            Template(rule.Source, value, value.Value!.Replace("$$", "$", StringComparison.Ordinal));
            if (!value.Value.Contains("{{", StringComparison.Ordinal))
            {
                known[name] = value.Value;
            }
        }

        Labels.Add(known);
    }

    private static void Template(Source source, YamlScalarNode node, string text)
    {
        var template = GoTemplate.Parse(text, TemplateScope.Rule, Source.LineOf(node));
        foreach (var (_, message) in template.Errors)
        {
            source.Add(node, message);
        }

        if (template.Variables.Exists(variable => variable.Name == "value"))
        {
            source.Add(node, "$value is a text with the labels and values of all nodes in Grafana; write $values.A.Value for the number");
        }
    }

    private void Settings(Map rule)
    {
        if (rule.Child("notification_settings", "rule's notification_settings", SettingKeys) is not { } settings)
        {
            return;
        }

        settings.Required("receiver");
        RoutingCheck.Intervals(settings);
        RoutingCheck.References(settings, surroundings);
    }

    [GeneratedRegex(@"^/d/(?<uid>[^/?]+)\?viewPanel=(?<panel>\d{1,9})\z")]
    private static partial Regex PanelUrl();

    [GeneratedRegex(@"^[a-zA-Z_]\w*\z")]
    private static partial Regex LabelName();
}
