using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>Alertmanager's tool, run on Grafana's files converted to Alertmanager's configuration.</summary>
internal sealed partial class Amtool(Tools tools)
{
    private const string Configuration = "alertmanager.yml";

    private static readonly string[] RouteKeys =
    [
        "group_by", "object_matchers", "matchers", "match", "match_re", "mute_time_intervals", "active_time_intervals", "group_wait",
        "group_interval", "repeat_interval",
    ];

    // Functions that Grafana has and amtool 0.25 lacks. amtool calls none of them.
    private static readonly string[] GrafanaFunctions = ["trimSpace", "date", "tz", "coll.", "data.", "tmpl.", "time."];

    private static readonly Dictionary<string, string> Variables = Interpolation.Known.ToDictionary(name => name, _ => "x");

    /// <summary>Reports each template that does not parse.</summary>
    public void JudgeTemplates(IReadOnlyList<(Source Source, YamlScalarNode Node)> texts)
    {
        var files = texts.Index().ToDictionary(
            text => $"{text.Index}.tmpl",
            text => (object)GoTemplate.Replace(text.Item.Node.Value!, word =>
                word.IsFunction
                && GrafanaFunctions.Any(function =>
                    word.Text == function || (function[^1] == '.' && word.Text.StartsWith(function, StringComparison.Ordinal)))
                    ? "print"
                    : null));

        // amtool reports only the first.
        while (files.Count > 0 && Ask(Config(new YamlMappingNode()), files) is { } said)
        {
            if (TemplateError().Match(said) is not { Success: true } error || !files.Remove(error.Groups["file"].Value))
            {
                return;
            }

            var (source, node) = texts[int.Parse(error.Groups["file"].Value[..^5], null)];
            AddOnce(
                source,
                NotificationsCheck.LineIn(node, int.Parse(error.Groups["line"].Value, null)),
                $"this template does not parse, which stops Grafana ({error.Groups["error"].Value.Trim()}); correct it");
        }
    }

    /// <summary>Reports each policy that Alertmanager rejects.</summary>
    public void JudgeRoutes(IReadOnlyList<(Source Source, YamlMappingNode Node)> routes) =>
        Judge(routes, Refused, route => Parts(route, key => key));

    /// <summary>Reports each mute timing that Alertmanager rejects.</summary>
    public void JudgeMuteTimes(IReadOnlyList<(Source Source, YamlMappingNode Node)> mutes) => Judge(
        mutes,
        all =>
            Ask(Config(
                new YamlMappingNode(),
                all.Select((mute, index) => Mute($"x{index}", (mute.Get("time_intervals") as YamlSequenceNode ?? []).Children)))),
        mute => mute.Items("time_intervals")
            .SelectMany(interval => Parts(interval, part => new YamlMappingNode { { "time_intervals", new YamlSequenceNode(part) } })));

    /// <summary>A policy and everything in it.</summary>
    public static IEnumerable<YamlMappingNode> Below(YamlMappingNode policy) => policy.Items("routes").SelectMany(Below).Prepend(policy);

    private static IEnumerable<YamlSequenceNode> Matchers(YamlMappingNode route) =>
        (route.Get("object_matchers") as YamlSequenceNode)?.OfType<YamlSequenceNode>()
            .Where(matcher => matcher.Children is [YamlScalarNode, YamlScalarNode, YamlScalarNode])
            ?? [];

    private static void Judge(
        IReadOnlyList<(Source Source, YamlMappingNode Node)> all,
        Func<IEnumerable<YamlMappingNode>, string?> refused,
        Func<YamlMappingNode, IEnumerable<YamlMappingNode>> parts)
    {
        if (all.Count == 0 || refused(all.Select(each => each.Node)) is not { } first)
        {
            return;
        }

        foreach (var (source, node) in all.Where(each => refused([each.Node]) is not null).DefaultIfEmpty(all[0]))
        {
            var guilty = parts(node).FirstOrDefault(part => refused([part]) is not null);
            AddOnce(
                source,
                guilty?.AllNodes.Select(part => part.Line()).Where(line => line > 1).DefaultIfEmpty(1).Min() ?? node.Line(),
                $"Grafana stops at this ({(guilty is null ? first : refused([guilty]))}); correct it");
        }
    }

    // One finding from another check is enough.
    private static void AddOnce(Source source, int line, string message)
    {
        if (!source.Findings.Exists(finding => finding.File == source.File && finding.Line == line && !finding.IsStyle))
        {
            source.Add(line, message);
        }
    }

    // Each key and each list item separately, to find the line.
    private static IEnumerable<YamlMappingNode> Parts(YamlMappingNode node, Func<YamlMappingNode, YamlMappingNode> partOf) =>
        node.Where(entry => entry.Key is YamlScalarNode)
            .SelectMany(entry => (entry.Value as YamlSequenceNode ?? []).Select(item => (YamlNode)new YamlSequenceNode(item))
                .Append(entry.Value)
                .Select(value => partOf(new YamlMappingNode { { $"{entry.Key}", value } })));

    private static YamlMappingNode Mute(string name, IEnumerable<YamlNode> intervals) => new()
    {
        { "name", new YamlScalarNode(name) { Style = YamlDotNet.Core.ScalarStyle.DoubleQuoted } },
        { "time_intervals", new YamlSequenceNode(intervals) },
    };

    private string? Refused(IEnumerable<YamlMappingNode> routes) => Ask(Config(
        new YamlMappingNode { { "receiver", "x" }, { "routes", new YamlSequenceNode(routes.Select(Judged)) } },
        routes.SelectMany(route => route.Texts("mute_time_intervals").Concat(route.Texts("active_time_intervals")))
            .Select(name => name.Value ?? "")
            .Distinct()
            .Select(name => Mute(name, []))));

    // Alertmanager 0.25 allows fewer characters in labels than Grafana.
    private static YamlMappingNode Judged(YamlMappingNode route)
    {
        var plain = new YamlMappingNode(
            route.Where(entry => entry.Key is YamlScalarNode { Value: { } key } && RouteKeys.Contains(key) && !entry.Value.IsNull()));
        foreach (var key in plain.Children.Keys.ToList())
        {
            plain.Children[key] = (((YamlScalarNode)key).Value, plain.Children[key]) switch
            {
                ("object_matchers", _) => new YamlSequenceNode(
                    Matchers(route).Select(matcher =>
                        new YamlSequenceNode(new YamlScalarNode(Label($"{matcher[0]}")), matcher[1], matcher[2]))),
                ("group_by", YamlSequenceNode labels) => new YamlSequenceNode(
                    labels.Select(label =>
                        label is YamlScalarNode { Value: not (null or "...") } ? new YamlScalarNode(Label($"{label}")) : label)),
                ("match" or "match_re", YamlMappingNode labels) => new YamlMappingNode(
                    labels.Select(label => KeyValuePair.Create<YamlNode, YamlNode>(Label($"{label.Key}"), label.Value))),
                (_, var value) => value,
            };
        }

        return AlertmanagerConfiguration.Route(plain, Variables);
    }

    private static string Label(string name) =>
        name.Length == 0 ? "" : OtherCharacter().Replace(name, character => $"_{(int)character.Value[0]:x}_");

    private static YamlMappingNode Config(YamlMappingNode route, IEnumerable<YamlMappingNode>? mutes = null)
    {
        if (!route.Children.ContainsKey("receiver"))
        {
            route.Add("receiver", "x");
        }

        return new YamlMappingNode
        {
            { "route", route },
            {
                "receivers",
                new YamlSequenceNode(Below(route).Select(each => each.Text("receiver"))
                    .OfType<string>()
                    .Append("x")
                    .Distinct()
                    .Select(name => new YamlMappingNode { { "name", name } }))
            },
            { "templates", new YamlSequenceNode(new YamlScalarNode("*.tmpl") { Style = YamlDotNet.Core.ScalarStyle.DoubleQuoted }) },
            { "time_intervals", new YamlSequenceNode(mutes ?? []) },
        };
    }

    // Null when accepted.
    private string? Ask(YamlMappingNode config, IReadOnlyDictionary<string, object>? files = null)
    {
        var (accepted, said) = tools.Run(
            "amtool",
            ["check-config", Configuration],
            [(Configuration, Yaml.Text(config)), .. (files ?? new Dictionary<string, object>()).Select(file => (file.Key, file.Value))]);
        return accepted ? null : Failed().Match(said) is { Success: true } failed
            ? Blanks().Replace(failed.Groups["error"].Value, " ").Trim()
            : "it does not say why";
    }

    [GeneratedRegex(@"FAILED: (?<error>[\s\S]*?)(?:\n\n|\z)")]
    private static partial Regex Failed();

    [GeneratedRegex(@"template: (?<file>\d+\.tmpl):(?<line>\d+)(?::\d+)?: (?<error>.*)")]
    private static partial Regex TemplateError();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex("[^A-Za-z0-9_]|^[0-9]")]
    private static partial Regex OtherCharacter();
}
