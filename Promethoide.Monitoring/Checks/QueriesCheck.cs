using System.Globalization;
using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>The nodes of one rule (<c>data</c>): queries, and expressions on them.</summary>
internal sealed partial class QueriesCheck(
    Source source, YamlMappingNode rule, IReadOnlyDictionary<string, string> datasources, Promtool promtool)
{
    private static readonly string[] ExpressionTypes = ["math", "reduce", "resample", "threshold", "classic_conditions", "sql"];

    private readonly Dictionary<string, YamlMappingNode> _nodes = [];

    /// <returns>The nodes' names.</returns>
    public IReadOnlyCollection<string> Check()
    {
        foreach (var node in rule.Items("data"))
        {
            if (!_nodes.TryAdd(node.Text("refId") ?? "", node))
            {
                source.Add(node.LineOf("refId"), $"the refId '{node.Text("refId")}' is already in the rule; write another");
            }

            if (node.Child("model") is { } model)
            {
                Model(node, model);
            }
        }

        foreach (var (refId, node) in _nodes)
        {
            if (IsSeries(refId, []) is null)
            {
                source.Add(
                    node.LineOf("refId"), $"the expression {refId} refers to itself, through others or not; take one reference away");
            }

            Uses(node).Select(used => new NamedItem(used, source, node.LineOf("refId")))
                .MustBeOneOf(_nodes.Keys, used => $"the expression {refId} refers to '{used}', which is no refId of the rule");
        }

        if (rule.Text("condition") is not { } condition)
        {
            if (rule.Get("record") is null)
            {
                source.Add(rule.Line(), "a rule has no condition; add it");
            }
        }
        else if (!_nodes.ContainsKey(condition))
        {
            source.Add(
                rule.LineOf("condition"),
                $"the condition '{condition}' is no refId of the rule; use one of {string.Join(", ", _nodes.Keys)}");
        }
        else if (IsSeries(condition, []) == true)
        {
            source.Add(
                rule.LineOf("condition"),
                $"the condition '{condition}' is of a range query, and Grafana alerts only on single values; make the query instant: "
                + "true, or reduce it before");
        }

        return _nodes.Keys;
    }

    private static bool IsExpression(YamlMappingNode node) => node.Text("datasourceUid") is "__expr__" or "-100";

    // The nodes that an expression uses.
    private static IEnumerable<string> Uses(YamlMappingNode node) =>
        (IsExpression(node) ? node.Child("model") : null) is not { } model || model.Text("expression") is not { } expression
            ? []
            : model.Text("type") switch
            {
                "math" => Reference().Matches(expression).Select(match => match.Groups["refId"].Value).Distinct(),
                "reduce" or "resample" or "threshold" => [expression.Trim('$', '{', '}')],
                _ => [],
            };

    // Null: it depends on itself.
    private bool? IsSeries(string refId, IReadOnlyList<string> path)
    {
        if (path.Contains(refId))
        {
            return refId == path[0] ? null : false;
        }

        if (!_nodes.TryGetValue(refId, out var node) || node.Child("model") is not { } model)
        {
            return false;
        }

        if (!IsExpression(node))
        {
            return datasources.GetValueOrDefault(node.Text("datasourceUid") ?? "") == "prometheus"
                && (Schema.Boolean(model.Text("instant")) != true || Schema.Boolean(model.Text("range")) == true);
        }

        var of = Uses(node).Select(used => IsSeries(used, [.. path, refId])).ToList();
        return of.Contains(null) ? null : of.Contains(true) && model.Text("type") != "reduce";
    }

    private void Model(YamlMappingNode node, YamlMappingNode model)
    {
        var (refId, datasource) = (node.Text("refId"), node.Text("datasourceUid") ?? "");
        if (model.Text("refId") is { } inner && inner != refId)
        {
            source.Add(model.LineOf("refId"), $"the model says refId '{inner}' and the query '{refId}'; write the same");
        }

        if (IsExpression(node))
        {
            Expression(model, refId);
            return;
        }

        new NamedItem[] { new(datasource, source, node.LineOf("datasourceUid")) }.MustBeOneOf(
            [.. datasources.Keys, "__expr__"], name => $"no data source has the uid '{name}'");
        if (node.Get("relativeTimeRange") is null)
        {
            source.Add(node.Line(), "a query has no relativeTimeRange, which stops Grafana; write {from: 600, to: 0}");
        }
        else if (Seconds(node, "from") is { } from && Seconds(node, "to") is { } to && from <= to)
        {
            source.Add(
                node.LineOf("relativeTimeRange"),
                $"relativeTimeRange ends {to} s ago, before or when it begins, {from} s ago, which stops Grafana; write a greater from");
        }

        if (datasources.GetValueOrDefault(datasource) == "prometheus")
        {
            if (model.Text("expr") is { } expression)
            {
                promtool.AddQuery(source, model.Get("expr")!, expression);
            }
            else
            {
                source.Add(model, "a query has no expr; write its PromQL");
            }
        }
    }

    private void Expression(YamlMappingNode model, string? refId)
    {
        if (model.Text("type") is not { } type || !ExpressionTypes.Contains(type))
        {
            source.Add(
                model.LineOf("type"),
                $"the expression {refId} has the type '{model.Text("type")}'; use one of {string.Join(", ", ExpressionTypes)}");
            return;
        }

        Schema.Check(source, model, $"{type}_expression");
        if (type == "threshold" && model.Get("conditions") is YamlSequenceNode { Children: not [_] } conditions)
        {
            source.Add(conditions, $"the threshold {refId} must have one condition, else Grafana cannot evaluate it; write one");
        }

        foreach (var evaluator in model.Items("conditions")
            .SelectMany(condition => new[] { condition.Child("evaluator"), condition.Child("unloadEvaluator") })
            .OfType<YamlMappingNode>())
        {
            if (evaluator.Text("type")?.Contains("_range", StringComparison.Ordinal) == true
                && evaluator.Get("params") is YamlSequenceNode { Children: [] or [_] })
            {
                source.Add(evaluator, $"the evaluator {evaluator.Text("type")} needs 2 params; write them");
            }
        }
    }

    private static int? Seconds(YamlMappingNode node, string key) =>
        node.Child("relativeTimeRange") is { } range
            && int.TryParse(range.Text(key) ?? "0", NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    [GeneratedRegex(@"\$(\{(?<refId>[^}]+)\}|(?<refId>\w+))")]
    private static partial Regex Reference();
}
