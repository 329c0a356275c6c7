using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Promethoide.Monitoring.Checks;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Alerting;

/// <summary>
/// Converts Prometheus' alerting rules to Grafana's: a query that returns a value alerts, one that returns none is normal. As in Grafana's
/// own import of Prometheus rules, a rule has three nodes: A the query, B "has a value", C "more than 0".
/// </summary>
internal static partial class GrafanaRules
{
    /// <summary>Not the dashboards' folder: Grafana's alerting knows folders only by title, and would create a second one.</summary>
    public const string FolderTitle = "Promethoide alerts";

    public const string DashboardAnnotation = "dashboard_uid";

    public const string PanelAnnotation = "panel_id";

    private const string RunbookAnnotation = "runbook_url";

    // While Prometheus is down every query fails. One rule reports it; the others keep their state.
    private const string MetaRule = "PrometheusDown";

    private const string HasValue = "is_number($A) || is_nan($A) || is_inf($A)";

    // Functions that need Prometheus' data or refer to its address. Grafana lacks them, or has different functions of the same name.
    private static readonly string[] Lost =
    [
        "query", "first", "label", "value", "strvalue", "sortByLabel", "graphLink", "tableLink", "pathPrefix", "externalURL", "define",
        "block", "template",
    ];

    /// <param name="groups">Prometheus' groups.</param>
    /// <param name="runbookOf">The URL of an alert's runbook, from its name.</param>
    public static YamlMappingNode Of(IReadOnlyList<RuleGroup> groups, Func<string, string> runbookOf)
    {
        var names = Names(groups);
        return Map(("apiVersion", Text("1")), ("groups", new YamlSequenceNode(groups.Select(group => Map(
            ("orgId", Text("1")),
            ("name", Plain(group.Node.Text("name"))),
            ("folder", Text(FolderTitle)),
            ("interval", Plain(group.Node.Text("interval"))),
            ("rules", new YamlSequenceNode(group.Alerts.Select(alert => Rule(group.Source, alert, names[alert], runbookOf)))))))));
    }

    /// <summary>
    /// <c>ServiceDown</c> becomes <c>service-down</c>. A name that is too long, has other characters or is taken ends in a hash of what
    /// distinguishes it.
    /// </summary>
    private static string Uid(string alert, string distinction, bool isTaken)
    {
        var plain = WordStart().Replace(alert, "-$0").ToLowerInvariant();
        if (Source.Uid.IsMatch(plain) && !isTaken)
        {
            return plain;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{alert}\n{distinction}")))[..8];
        plain = OtherCharacters().Replace(plain, "-").Trim('-');
        return $"{plain[..Math.Min(plain.Length, 31)].TrimEnd('-')}-{hash}".TrimStart('-');
    }

    // Alerts of the same name are distinguished by the labels in which they differ.
    private static Dictionary<YamlMappingNode, (string Uid, string Title)> Names(IReadOnlyList<RuleGroup> groups)
    {
        var names = new Dictionary<YamlMappingNode, (string, string)>(ReferenceEqualityComparer.Instance);
        var alerts = groups.SelectMany(group => group.Alerts.Select(node => (group.Source, Node: node, Name: node.Text("alert") ?? "")))
            .ToList();
        foreach (var sameUid in alerts.GroupBy(alert => Uid(alert.Name, "", isTaken: false)))
        {
            foreach (var sameName in sameUid.GroupBy(alert => alert.Name))
            {
                var labels = sameName
                    .Select(alert => alert.Node.Entries("labels").ToDictionary(label => label.Key.Value!, label => label.Value.Value ?? ""))
                    .ToList();
                var differing = labels.SelectMany(each => each.Keys)
                    .Distinct()
                    .Where(key => labels.Select(each => each.GetValueOrDefault(key)).Distinct().Count() > 1)
                    .Order(StringComparer.Ordinal)
                    .ToList();
                var taken = new HashSet<string>();
                foreach (var (alert, own) in sameName.Zip(labels))
                {
                    var distinction = string.Join(
                        ", ", differing.Select(key => own.GetValueOrDefault(key, "")).Where(value => value.Length > 0));
                    if (!taken.Add(distinction))
                    {
                        alert.Source.Add(
                            alert.Node.LineOf("alert"),
                            $"another alert {alert.Name} has the same labels, and Grafana could not tell them apart; rename one, or give "
                            + "them different labels");
                    }

                    names[alert.Node] = (
                        Uid(alert.Name, distinction, sameUid.Skip(1).Any()),
                        distinction.Length > 0 ? $"{alert.Name} ({distinction})" : alert.Name);
                }
            }
        }

        return names;
    }

    private static YamlMappingNode Rule(
        Source source, YamlMappingNode rule, (string Uid, string Title) name, Func<string, string> runbookOf)
    {
        var alert = rule.Text("alert") ?? "";
        var node = Map(
            ("uid", Text(name.Uid)), ("title", Plain(name.Title)), ("condition", Text("C")), ("for", Plain(rule.Text("for") ?? "0s")));
        if (rule.Text("keep_firing_for") is { } keep)
        {
            node.Add("keepFiringFor", Plain(keep));
        }

        var annotations = rule.Entries("annotations").ToDictionary(annotation => annotation.Key.Value!, annotation => annotation.Value);
        foreach (var missing in ((string[])[DashboardAnnotation, PanelAnnotation]).Where(key => !annotations.ContainsKey(key)))
        {
            source.Add(rule.LineOf("alert"), $"the alert {alert} has no annotation {missing}; name the dashboard panel that shows it");
        }

        // Prometheus resolves an alert at the first evaluation without its series. Grafana would wait for a second.
        node.Add("missing_series_evals_to_resolve", Text("1"));
        node.Add("noDataState", Text("OK"));
        node.Add("execErrState", Text(alert == MetaRule ? "Alerting" : "KeepLast"));
        node.Add("dashboardUid", Plain(annotations.GetValueOrDefault(DashboardAnnotation)?.Value));
        node.Add("panelId", Plain(annotations.GetValueOrDefault(PanelAnnotation)?.Value));
        node.Add("labels", Map([.. rule.Entries("labels").Select(label => (label.Key.Value!, (YamlNode)Label(source, label.Value)))]));
        node.Add("annotations", Map(
        [
            .. annotations
                .Where(annotation => annotation.Key is not (DashboardAnnotation or PanelAnnotation))
                .Select(annotation => (annotation.Key, (YamlNode)Quoted(annotation.Key == RunbookAnnotation
                    ? Runbook(alert, source, annotation.Value, runbookOf)
                    : Template(source, annotation.Value)))),
        ]));
        node.Add("data", new YamlSequenceNode(Query(rule.Text("expr") ?? ""), Expression("B", "math", HasValue), Threshold()));
        return node;
    }

    private static string Runbook(string alert, Source source, YamlScalarNode annotation, Func<string, string> runbookOf)
    {
        try
        {
            return runbookOf(alert);
        }
        catch (RulesException e)
        {
            source.Add(annotation, e.Message.TrimEnd('.'));
            return "";
        }
    }

    private static YamlMappingNode Query(string expression) => Map(
        ("refId", Text("A")),
        ("datasourceUid", Text("prometheus")),
        ("relativeTimeRange", Flow(Map(("from", Text("600")), ("to", Text("0"))))),
        ("model", Map(
            ("refId", Text("A")),
            ("expr", expression.Contains('\n', StringComparison.Ordinal)
                ? new YamlScalarNode(expression) { Style = ScalarStyle.Literal }
                : Quoted(expression)),
            ("instant", Text("true")),
            ("range", Text("false")),
            ("editorMode", Text("code")))));

    private static YamlMappingNode Threshold()
    {
        var node = Expression("C", "threshold", "B");
        ((YamlMappingNode)node.Children["model"]).Add(
            "conditions",
            new YamlSequenceNode(Map(("evaluator", Flow(Map(
                ("type", Text("gt")),
                ("params", new YamlSequenceNode(Text("0")) { Style = YamlDotNet.Core.Events.SequenceStyle.Flow })))))));
        return node;
    }

    private static YamlMappingNode Expression(string refId, string type, string expression) => Map(
        ("refId", Text(refId)),
        ("datasourceUid", Text("__expr__")),
        ("model", Map(("refId", Text(refId)), ("type", Text(type)), ("expression", Text(expression)))));

    // Grafana expands environment variables in labels, but not in annotations.
    private static YamlScalarNode Label(Source source, YamlScalarNode label) =>
        Plain(Template(source, label).Replace("$", "$$", StringComparison.Ordinal));

    // Prometheus' value is a number. Grafana's is a text with the labels and values of all nodes, which no function accepts.
    private static string Template(Source source, YamlScalarNode text) => GoTemplate.Replace(text.Value ?? "", word =>
    {
        var field = word.IsOfRoot ? word.Text : word.Text.StartsWith("$.", StringComparison.Ordinal) ? word.Text[1..] : "";
        if (word.IsText)
        {
            return null;
        }

        if (word.Text == "$value" ? word.IsDeclared : word.Head == "$values")
        {
            source.Add(text, $"a variable {word.Head} of its own would hide Grafana's; give it another name");
        }
        else if (word.Text == "$value" || field == ".Value")
        {
            return "$values.A.Value";
        }
        else if (word.Head is "$externalLabels" or "$externalURL"
            || word.Text == "$"
            || (field.Length > 0 && field.Split('.')[1] != "Labels")
            || (word.IsFunction && Lost.Contains(word.Text)))
        {
            source.Add(text, $"'{word.Text}' has no meaning in Grafana's alerts; use only $labels, $value and functions that format them");
        }

        return null;
    });

    private static YamlMappingNode Map(params (string Key, YamlNode Value)[] entries) =>
        new(entries.Select(entry => KeyValuePair.Create((YamlNode)Plain(entry.Key), entry.Value)));

    private static YamlMappingNode Flow(YamlMappingNode node)
    {
        node.Style = YamlDotNet.Core.Events.MappingStyle.Flow;
        return node;
    }

    // As plain as YAML allows.
    private static YamlScalarNode Plain(string? value) =>
        new(value ?? "") { Style = PlainText().IsMatch(value ?? "") ? ScalarStyle.Plain : ScalarStyle.SingleQuoted };

    private static YamlScalarNode Text(string value) => new(value) { Style = ScalarStyle.Plain };

    private static YamlScalarNode Quoted(string value) => new(value) { Style = ScalarStyle.SingleQuoted };

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex WordStart();

    [GeneratedRegex("[^a-z0-9_-]+")]
    private static partial Regex OtherCharacters();

    [GeneratedRegex(@"^(?!(?i:null|true|false|yes|no|on|off|y|n)\z)[A-Za-z](?:[\w ./()-]*[\w)])?\z|^\d+(?:[a-z]\w*)?\z")]
    private static partial Regex PlainText();
}
