using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Alerting;

/// <summary>
/// Prometheus' alerting rules as Grafana's: what returns a value alerts, what returns none is well. As Grafana's own import of Prometheus rules does it,
/// a rule is three nodes: A the query, B "has a value", C "more than 0".
/// </summary>
internal static partial class GrafanaRules
{
    /// <summary>Not the dashboards' folder: Grafana's alerting knows folders by their title only, and would make a twin of it.</summary>
    public const string FolderTitle = "Promethoide alerts";

    public const string DashboardAnnotation = "dashboard_uid";

    public const string PanelAnnotation = "panel_id";

    private const string RunbookAnnotation = "runbook_url";

    // While Prometheus is away every query fails. One rule says so; the others stay as they are.
    private const string MetaRule = "PrometheusDown";

    private const string HasValue = "is_number($A) || is_nan($A) || is_inf($A)";

    /// <param name="groups">Prometheus' groups.</param>
    /// <param name="runbookOf">The URL of an alert's runbook, from its name.</param>
    /// <exception cref="RulesException">A rule lacks what Grafana requires.</exception>
    public static YamlMappingNode Of(IEnumerable<RuleGroup> groups, Func<string, string> runbookOf) => Map(
        ("apiVersion", Text("1")),
        ("groups", new YamlSequenceNode(groups.Select(group => Map(
            ("orgId", Text("1")),
            ("name", Text(group.Name)),
            ("folder", Text(FolderTitle)),
            ("interval", Text(group.Interval ?? throw new RulesException($"Group {group.Name} has no interval: Grafana evaluates it on its own and must be told."))),
            ("rules", new YamlSequenceNode(group.Rules.Where(rule => rule.Alert is not null).Select(rule => Rule(rule, runbookOf)))))))));

    /// <summary><c>ServiceDown</c> is <c>service-down</c>.</summary>
    public static string Uid(string alert) => WordStart().Replace(alert, "-$0").ToLowerInvariant();

    private static YamlMappingNode Rule(Rule rule, Func<string, string> runbookOf)
    {
        var alert = rule.Alert!;
        var node = Map(("uid", Text(Uid(alert))), ("title", Text(alert)), ("condition", Text("C")), ("for", Text(rule.For ?? "0s")));
        if (rule.KeepFiringFor is { } keep)
        {
            node.Add("keepFiringFor", Text(keep));
        }

        // Prometheus ends an alert at the first evaluation without its series. Grafana would wait for a second.
        node.Add("missing_series_evals_to_resolve", Text("1"));
        node.Add("noDataState", Text("OK"));
        node.Add("execErrState", Text(alert == MetaRule ? "Alerting" : "KeepLast"));
        node.Add("dashboardUid", Text(Required(rule, DashboardAnnotation)));
        node.Add("panelId", Text(Required(rule, PanelAnnotation)));
        node.Add("labels", Map([.. rule.Labels.Select(label => (label.Key, (YamlNode)Label(label.Value)))]));
        node.Add("annotations", Map([.. rule.Annotations
            .Where(annotation => annotation.Key is not (DashboardAnnotation or PanelAnnotation))
            .Select(annotation => (annotation.Key, (YamlNode)Quoted(annotation.Key == RunbookAnnotation ? runbookOf(alert) : Annotation(annotation.Value))))]));
        node.Add("data", new YamlSequenceNode(Query(rule.Expr), Expression("B", "math", HasValue), Threshold()));
        return node;
    }

    private static YamlMappingNode Query(string expression) => Map(
        ("refId", Text("A")),
        ("datasourceUid", Text("prometheus")),
        ("relativeTimeRange", Flow(Map(("from", Text("600")), ("to", Text("0"))))),
        ("model", Map(
            ("refId", Text("A")),
            ("expr", expression.Contains('\n', StringComparison.Ordinal) ? new YamlScalarNode(expression) { Style = ScalarStyle.Literal } : Quoted(expression)),
            ("instant", Text("true")),
            ("range", Text("false")),
            ("editorMode", Text("code")))));

    private static YamlMappingNode Threshold()
    {
        var node = Expression("C", "threshold", "B");
        ((YamlMappingNode)node.Children["model"]).Add(
            "conditions", new YamlSequenceNode(Map(("evaluator", Flow(Map(("type", Text("gt")), ("params", new YamlSequenceNode(Text("0")) { Style = YamlDotNet.Core.Events.SequenceStyle.Flow })))))));
        return node;
    }

    private static YamlMappingNode Expression(string refId, string type, string expression) => Map(
        ("refId", Text(refId)),
        ("datasourceUid", Text("__expr__")),
        ("model", Map(("refId", Text(refId)), ("type", Text(type)), ("expression", Text(expression)))));

    // Grafana reads a label's $ as an environment variable's; an annotation's not.
    private static YamlScalarNode Label(string text) => text.Contains('$', StringComparison.Ordinal) ? Quoted(Annotation(text).Replace("$", "$$", StringComparison.Ordinal)) : Text(text);

    // Prometheus' $value is a number. Grafana's is a text with the labels and values of all nodes, which no function takes.
    private static string Annotation(string text) => Value().Replace(text, "$$values.A.Value");

    private static string Required(Rule rule, string annotation) => rule.Annotations.TryGetValue(annotation, out var value)
        ? value
        : throw new RulesException(string.Create(CultureInfo.InvariantCulture, $"Alert {rule.Alert} has no annotation {annotation}: each alert names the dashboard panel that shows it."));

    private static YamlMappingNode Map(params (string Key, YamlNode Value)[] entries) =>
        new(entries.Select(entry => KeyValuePair.Create((YamlNode)Text(entry.Key), entry.Value)));

    private static YamlMappingNode Flow(YamlMappingNode node)
    {
        node.Style = YamlDotNet.Core.Events.MappingStyle.Flow;
        return node;
    }

    private static YamlScalarNode Text(string value) => new(value) { Style = ScalarStyle.Plain };

    private static YamlScalarNode Quoted(string value) => new(value) { Style = ScalarStyle.SingleQuoted };

    [GeneratedRegex("(?<=[a-z0-9])[A-Z]")]
    private static partial Regex WordStart();

    [GeneratedRegex(@"\$value\b")]
    private static partial Regex Value();
}
