using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>Which alert goes to whom: the lists <c>policies</c> of the alerting files.</summary>
internal sealed class RoutingCheck
{
    private static readonly string[] Operators = ["=", "!=", "=~", "!~"];

    private static readonly string[] Keys =
    [
        "orgId", "receiver", "group_by", "continue", "object_matchers", "mute_time_intervals", "active_time_intervals", "group_wait", "group_interval",
        "repeat_interval", "routes", "matchers", "match", "match_re",
    ];

    // The older ways to say object_matchers.
    private static readonly string[] OlderMatchers = ["matchers", "match", "match_re"];

    private readonly List<Map> _roots = [];

    private readonly HashSet<Map> _reached = [];

    public bool Any => _roots is not [];

    public void Check(Map file) => _roots.AddRange(file.Maps("policies", "policy", Keys));

    /// <summary>To be called after all files.</summary>
    /// <param name="surroundings">What policies may refer to.</param>
    /// <param name="alerts">The labels that the alerts have.</param>
    public void CheckTree(Surroundings surroundings, IReadOnlyList<IReadOnlyDictionary<string, string>> alerts)
    {
        if (_roots is [])
        {
            return;
        }

        var root = Route.Of(_roots[0]);
        foreach (var another in _roots.Skip(1))
        {
            another.Source.Add(another.Line, $"a second policy tree replaces that of {_roots[0].Source.File}:{_roots[0].Line} without a word; put the routes there");
        }

        foreach (var key in (string[])["object_matchers", "mute_time_intervals", "active_time_intervals", "continue"])
        {
            if (root.Map.Has(key))
            {
                root.Map.Source.Add(root.Map.LineOf(key), $"the first policy has {key}, which stops Grafana; put it into one of its routes");
            }
        }

        root.Map.Required("receiver");
        Check(root, surroundings);
        foreach (var alert in alerts)
        {
            Follow(root, alert);
        }

        if (alerts is not [])
        {
            Unreached(root);
        }
    }

    /// <summary>The waiting times of a policy or of a rule's own settings.</summary>
    public static void Intervals(Map map)
    {
        map.Duration("group_wait");
        foreach (var key in (string[])["group_interval", "repeat_interval"])
        {
            if (map.Duration(key) == TimeSpan.Zero)
            {
                map.Source.Add(map.LineOf(key), $"{key} is 0, which stops Grafana; write a greater one");
            }
        }

        var labels = map.Texts("group_by");
        if (labels.Count > 1 && labels.FirstOrDefault(label => label.Name == "...") is { } all)
        {
            all.Source.Add(all.Line, "group_by mixes '...', which means all labels, with others, which stops Grafana; keep the one or the others");
        }

        labels.MustBeUnique((label, _) => $"group_by names '{label}' twice, which stops Grafana; take one away");
    }

    /// <summary>The contact point and the mute timings of a policy or of a rule's own settings.</summary>
    public static void References(Map map, Surroundings surroundings)
    {
        if (map.Text("receiver") is { } receiver && !surroundings.Receivers.Contains(receiver))
        {
            map.Source.Add(map.LineOf("receiver"), $"no contact point has the name '{receiver}', which stops Grafana; write one of {string.Join(", ", surroundings.Receivers)}");
        }

        foreach (var mute in map.Texts("mute_time_intervals").Concat(map.Texts("active_time_intervals")).Where(mute => !surroundings.MuteTimes.Contains(mute.Name)))
        {
            mute.Source.Add(mute.Line, $"no mute timing has the name '{mute.Name}', which stops Grafana; write one of {string.Join(", ", surroundings.MuteTimes)}");
        }
    }

    private static void Check(Route route, Surroundings surroundings)
    {
        route.Map.Integer("orgId");
        route.Map.Boolean("continue");
        Intervals(route.Map);
        References(route.Map, surroundings);
        foreach (var key in OlderMatchers.Where(route.Map.Has))
        {
            route.Map.Source.Add(route.Map.LineOf(key), $"{key} says in another way what object_matchers says; write object_matchers, which is checked");
        }

        foreach (var child in route.Children)
        {
            Check(child, surroundings);
        }
    }

    // As Alertmanager does: the first child that matches takes the alert, unless it says continue.
    private void Follow(Route route, IReadOnlyDictionary<string, string> alert)
    {
        _reached.Add(route.Map);
        foreach (var child in route.Children)
        {
            var matches = child.Matches(alert);
            if (matches != false)
            {
                Follow(child, alert);
            }

            if (matches == true && child.Map.Text("continue") != "true")
            {
                return;
            }
        }
    }

    private void Unreached(Route route)
    {
        foreach (var child in route.Children)
        {
            if (_reached.Contains(child.Map))
            {
                Unreached(child);
            }
            else
            {
                child.Map.Source.Add(child.Map.Line, "no alert rule gets to this policy: no rule has such labels, or an earlier policy takes its alerts; correct its object_matchers, move it, or let the earlier one continue");
            }
        }
    }

    private sealed record Matcher(string Label, string Operator, string Value)
    {
        /// <summary>Null: the alert's labels are known only when it fires.</summary>
        public bool? Matches(IReadOnlyDictionary<string, string> alert) => !alert.TryGetValue(Label, out var value)
            ? null
            : Operator switch
            {
                "=" => value == Value,
                "!=" => value != Value,
                "=~" => Regex.IsMatch(value, $"^(?:{Value})$"),
                _ => !Regex.IsMatch(value, $"^(?:{Value})$"),
            };
    }

    private sealed record Route(Map Map, IReadOnlyList<Matcher> Matchers, IReadOnlyList<Route> Children)
    {
        public static Route Of(Map map) => new(map, [.. MatchersOf(map)], [.. map.Maps("routes", "policy", Keys).Select(Of)]);

        public bool? Matches(IReadOnlyDictionary<string, string> alert)
        {
            var each = Matchers.Select(matcher => matcher.Matches(alert)).ToList();
            return each.Contains(false) ? false : each.Contains(null) ? null : true;
        }

        private static IEnumerable<Matcher> MatchersOf(Map map)
        {
            foreach (var node in map.List("object_matchers"))
            {
                if (node is not YamlSequenceNode { Children: [YamlScalarNode { Value: { } label }, YamlScalarNode { Value: { } @operator }, YamlScalarNode { Value: { } value }] })
                {
                    map.Source.Add(node, "a matcher is not [label, operator, value], which stops Grafana; write [severity, '=', critical]");
                }
                else if (!Operators.Contains(@operator))
                {
                    map.Source.Add(node, $"a matcher has the operator '{@operator}', which stops Grafana; write one of {string.Join(" ", Operators)}");
                }
                else if (@operator is "=~" or "!~" && !IsRegex(Plain(value)))
                {
                    map.Source.Add(node, $"'{value}' is no regular expression, which stops Grafana; put it right");
                }
                else
                {
                    yield return new Matcher(label, @operator, Plain(value));
                }
            }
        }

        private static string Plain(string value) => value.Replace("$$", "$", StringComparison.Ordinal);

        private static bool IsRegex(string pattern)
        {
            try
            {
                _ = new Regex(pattern);
                return true;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }
}
