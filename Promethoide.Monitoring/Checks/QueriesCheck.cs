using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>The nodes of one rule (<c>data</c>): queries, and expressions on them.</summary>
internal sealed partial class QueriesCheck(Map rule, IReadOnlyCollection<string> datasources)
{
    private const string ExpressionUid = "__expr__";

    private static readonly string[] Keys = ["refId", "datasourceUid", "queryType", "relativeTimeRange", "model"];

    private static readonly string[] RangeKeys = ["from", "to"];

    private static readonly string[] ExpressionTypes = ["math", "reduce", "resample", "threshold", "classic_conditions", "sql"];

    private static readonly Dictionary<string, int> Parameters = new()
    {
        ["gt"] = 1, ["lt"] = 1, ["eq"] = 1, ["ne"] = 1, ["gte"] = 1, ["lte"] = 1,
        ["within_range"] = 2, ["outside_range"] = 2, ["within_range_included"] = 2, ["outside_range_included"] = 2,
    };

    private readonly Dictionary<string, (Named Node, List<string> Uses)> _nodes = [];

    private Source Source => rule.Source;

    /// <param name="required">Whether the rule must have a condition, as alerting rules must.</param>
    public void Check(bool required)
    {
        var nodes = rule.Maps("data", "query", Keys);
        if (nodes is [])
        {
            Source.Add(rule.LineOf("data"), "a rule has no data, which stops Grafana; add a query");
        }

        foreach (var node in nodes)
        {
            Check(node);
        }

        foreach (var (node, uses) in _nodes.Values)
        {
            foreach (var missing in uses.Where(used => !_nodes.ContainsKey(used)))
            {
                Source.Add(node.Line, $"the expression {node.Name} refers to '{missing}', which is no refId of the rule; write one of {string.Join(", ", _nodes.Keys)}");
            }
        }

        if (_nodes.Values.FirstOrDefault(node => Reaches(node.Node.Name, node.Node.Name, [])) is { Node: { } turning })
        {
            Source.Add(turning.Line, $"the expression {turning.Name} refers to itself, through others or not; take one reference away");
        }

        var condition = required ? rule.Required("condition") : rule.Text("condition");
        if (condition is not null && !_nodes.ContainsKey(condition))
        {
            Source.Add(rule.LineOf("condition"), $"the condition '{condition}' is no refId of the rule; write one of {string.Join(", ", _nodes.Keys)}");
        }
    }

    private void Check(Map node)
    {
        var refId = node.RequiredName("refId");
        var datasource = node.Required("datasourceUid");
        if (datasource is not null and not ExpressionUid && !datasources.Contains(datasource))
        {
            Source.Add(node.LineOf("datasourceUid"), $"no data source has the uid '{datasource}'; write one of {string.Join(", ", datasources)}, or {ExpressionUid}");
        }

        Range(node, datasource == ExpressionUid);
        var uses = new List<string>();
        if (node.Node("model") is YamlMappingNode model)
        {
            if (Text(model, "refId") is { } inner && refId is not null && inner != refId.Name)
            {
                Source.Add(model.Children["refId"], $"the model says refId '{inner}' and the query '{refId.Name}'; write the same");
            }

            if (datasource == ExpressionUid)
            {
                uses = Expression(model, refId?.Name ?? "");
            }
            else if (Text(model, "expr") is null)
            {
                Source.Add(model, "a query has no expr; write its PromQL");
            }
        }
        else
        {
            Source.Add(node.LineOf("model"), "a query has no model; add it, with expr or type");
        }

        if (refId is not null && !_nodes.TryAdd(refId.Name, (refId, uses)))
        {
            Source.Add(refId.Line, $"the refId '{refId.Name}' is already in the rule; write another");
        }
    }

    private void Range(Map node, bool expression)
    {
        if (node.Child("relativeTimeRange", "relativeTimeRange", RangeKeys) is not { } range)
        {
            if (!expression)
            {
                Source.Add(node.Line, "a query has no relativeTimeRange, which stops Grafana; write {from: 600, to: 0}");
            }

            return;
        }

        var (from, to) = (range.Integer("from"), range.Integer("to") ?? 0);
        if (!expression && from is not null && from <= to)
        {
            Source.Add(range.Line, $"relativeTimeRange ends {to} s ago, before or when it begins, {from} s ago, which stops Grafana; write a greater from");
        }
    }

    private List<string> Expression(YamlMappingNode model, string refId)
    {
        var type = Text(model, "type");
        if (!ExpressionTypes.Contains(type))
        {
            Source.Add(model.Children.TryGetValue("type", out var node) ? node : model, $"the expression {refId} has the type '{type}'; write one of {string.Join(", ", ExpressionTypes)}");
            return [];
        }

        if (type == "threshold")
        {
            Threshold(model, refId);
        }

        if (type is "classic_conditions" or "sql")
        {
            return [];
        }

        if (Text(model, "expression") is not { } expression)
        {
            Source.Add(model, $"the expression {refId} has no expression; write what it is of");
            return [];
        }

        return type == "math" ? [.. Reference().Matches(expression).Select(match => match.Groups["refId"].Value).Distinct()] : [expression.TrimStart('$')];
    }

    private void Threshold(YamlMappingNode model, string refId)
    {
        var conditions = model.Children.TryGetValue("conditions", out var node) ? node as YamlSequenceNode : null;
        if (conditions?.Children is not [YamlMappingNode condition])
        {
            Source.Add(node ?? model, $"the threshold {refId} must have one condition, else Grafana cannot evaluate it; write one");
            return;
        }

        foreach (var key in (string[])["evaluator", "unloadEvaluator"])
        {
            if (condition.Children.TryGetValue(key, out var evaluator))
            {
                Evaluator(evaluator, refId);
            }
            else if (key == "evaluator")
            {
                Source.Add(condition, $"the threshold {refId} has no evaluator; write {{type: gt, params: [0]}}");
            }
        }
    }

    private void Evaluator(YamlNode node, string refId)
    {
        var type = node is YamlMappingNode mapping ? Text(mapping, "type") : null;
        if (type is null || !Parameters.TryGetValue(type, out var count))
        {
            Source.Add(node, $"the threshold {refId} has the evaluator '{type}'; write one of {string.Join(", ", Parameters.Keys)}");
        }
        else if (!((YamlMappingNode)node).Children.TryGetValue("params", out var parameters) || parameters is not YamlSequenceNode list || list.Children.Count < count)
        {
            Source.Add(node, $"the evaluator {type} of the threshold {refId} needs {count} params; write them");
        }
    }

    private bool Reaches(string from, string to, HashSet<string> seen) =>
        _nodes.TryGetValue(from, out var node) && node.Uses.Exists(used => used == to || (seen.Add(used) && Reaches(used, to, seen)));

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out var value) && value is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;

    [GeneratedRegex(@"\$(\{(?<refId>[^}]+)\}|(?<refId>\w+))")]
    private static partial Regex Reference();
}
