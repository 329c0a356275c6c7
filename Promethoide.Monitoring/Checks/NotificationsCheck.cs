using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>
/// Checks who is notified of which alert, when, and in which words: contact points, templates, mute timings and policies, all together.
/// </summary>
internal sealed partial class NotificationsCheck(IReadOnlyList<(Source Source, YamlMappingNode Root)> files)
{
    // The templates that Grafana itself defines, besides <receiver>.default.<name>.
    private static readonly string[] OwnTemplates =
    [
        "default.title", "default.message", "__subject", "__description", "__alertmanager", "__alertmanagerURL", "__text_alert_list",
        "__text_alert_list_markdown", "__text_values_list", "__teams_text_alert_list", "__alert_severity_prefix",
        "__alert_severity_prefix_title", "webhook.default.payload.state",
    ];

    /// <summary>A policy, or the part of a rule that is like one.</summary>
    private readonly List<(Source Source, YamlMappingNode Node)> _routes = [];

    private readonly List<(Source Source, YamlScalarNode Node)> _texts = [];

    /// <param name="rules">The rules.</param>
    /// <param name="tools">Check Alertmanager's part.</param>
    public void Check(IReadOnlyList<(Source Source, YamlMappingNode Node)> rules, Tools tools)
    {
        var (points, mutes, templates, policies) = (All("contactPoints"), All("muteTimes"), All("templates"), All("policies"));
        var receivers = points.SelectMany(point => point.Node.Items("receivers").Select(node => (point.Source, Node: node))).ToList();
        ProvisioningCheck.NamesOf(points, "name")
            .MustBeUnique((name, first) => $"the contact point '{name}' is also at {first}; put their receivers together");
        ProvisioningCheck.NamesOf(receivers, "uid")
            .MustBeUnique((uid, first) => $"the receiver uid '{uid}' is also at {first}, which would be overwritten; write another");
        ProvisioningCheck.NamesOf(templates, "name")
            .MustBeUnique((name, first) => $"the template '{name}' is also at {first}, which would be overwritten; write another name");
        ProvisioningCheck.NamesOf(mutes, "name")
            .MustBeUnique((name, first) => $"the mute timing '{name}' is also at {first}, which would be overwritten; write another name");
        receivers.ForEach(receiver => Schema.CheckSettings(receiver.Source, receiver.Node));
        foreach (var month in mutes
            .SelectMany(mute => mute.Node.Items("time_intervals")
                .SelectMany(interval => interval.Texts("months"))
                .Select(month => new NamedItem(month.Value ?? "", mute.Source, month.Line())))
            .Where(month => month.Name.Split(':').Any(end => int.TryParse(end, out var number) && number is < 1 or > 12)))
        {
            month.Source.Add(month.Line, $"there is no month '{month.Name}'; write one as may or 1:3");
        }

        _texts.AddRange(templates.Where(template => template.Node.Get("template") is YamlScalarNode)
            .Select(template => (template.Source, (YamlScalarNode)template.Node.Get("template")!)));
        _texts.AddRange(
            receivers.Where(receiver => receiver.Node.Child("settings") is not null)
                .SelectMany(receiver => receiver.Node.Child("settings")!.AllNodes.OfType<YamlScalarNode>()
                    .Where(text => text.Value?.Contains("{{", StringComparison.Ordinal) == true)
                    .Select(text => (receiver.Source, text))));
        References();

        Trees(policies);
        var settings = rules.Where(rule => rule.Node.Child("notification_settings") is not null)
            .Select(rule => (rule.Source, rule.Node.Child("notification_settings")!))
            .ToList();
        _routes.AddRange(policies.SelectMany(policy => Amtool.Below(policy.Node).Select(node => (policy.Source, node))).Concat(settings));
        ProvisioningCheck.NamesOf(_routes, "receiver").MustBeOneOf(
            [.. Names(points, "name"), "grafana-default-email"], name => $"no contact point has the name '{name}', which stops Grafana");
        _routes
            .SelectMany(route => route.Node.Texts("mute_time_intervals")
                .Concat(route.Node.Texts("active_time_intervals"))
                .Select(name => new NamedItem(name.Value ?? "", route.Source, name.Line())))
            .MustBeOneOf(Names(mutes, "name"), name => $"no mute timing has the name '{name}', which stops Grafana");

        Deleted("deleteRules", "uid", [.. rules.Select(rule => rule.Node.Text("uid") ?? "")]);
        Deleted("deleteContactPoints", "uid", Names(receivers, "uid"));
        Deleted("deleteMuteTimes", "name", Names(mutes, "name"));
        Deleted("deleteTemplates", "name", Names(templates, "name"));
        foreach (var (source, root) in files.Where(file =>
            policies.Count > 0 && file.Root.Get("resetPolicies") is YamlSequenceNode { Children.Count: > 0 }))
        {
            source.Add(root.LineOf("resetPolicies"), "resetPolicies undoes the policies that are provisioned; take it away");
        }

        if (tools.Has("amtool"))
        {
            var amtool = new Amtool(tools);
            amtool.JudgeTemplates(_texts);
            amtool.JudgeRoutes(_routes);
            amtool.JudgeMuteTimes(mutes);
        }
    }

    /// <summary>The line in the file of a line in a text.</summary>
    public static int LineIn(YamlScalarNode node, int line) => node.Style switch
    {
        YamlDotNet.Core.ScalarStyle.Literal or YamlDotNet.Core.ScalarStyle.Folded => node.Line() + line,
        _ => Math.Min(node.Line() + line - 1, Math.Max(1, (int)node.End.Line)),
    };

    private static HashSet<string> Names(IEnumerable<(Source Source, YamlMappingNode Node)> all, string key) =>
        [.. ProvisioningCheck.NamesOf(all, key).Select(named => named.Name)];

    private List<(Source Source, YamlMappingNode Node)> All(string list) =>
        [.. files.SelectMany(file => file.Root.Items(list).Select(node => (file.Source, node)))];

    private static void Trees(List<(Source Source, YamlMappingNode Node)> policies)
    {
        policies.Select(policy => new NamedItem(policy.Node.Text("orgId") ?? "1", policy.Source, policy.Node.Line()))
            .MustBeUnique((_, first) => $"a second policy tree replaces that of {first} without a word; put the routes there");
        foreach (var (source, root) in policies)
        {
            if (root.Get("receiver") is null)
            {
                source.Add(root.Line(), "the first policy has no receiver; add it");
            }

            string[] ofRoutes =
            [
                "object_matchers", "matchers", "match", "match_re", "mute_time_intervals", "active_time_intervals", "continue",
            ];
            foreach (var key in ofRoutes.Where(key => root.Get(key) is not null))
            {
                source.Add(root.LineOf(key), $"the first policy has {key}, which stops Grafana; put it into one of its routes");
            }

            foreach (var route in Amtool.Below(root))
            {
                foreach (var matcher in (route.Get("object_matchers") as YamlSequenceNode)?.Children.Where(matcher =>
                    matcher is not YamlSequenceNode
                    {
                        Children: [YamlScalarNode, YamlScalarNode { Value: "=" or "!=" or "=~" or "!~" }, YamlScalarNode],
                    }) ?? [])
                {
                    source.Add(
                        matcher,
                        "a matcher is not [label, operator, value] with one of the operators = != =~ !~, which stops Grafana; write "
                        + "[severity, '=', critical]");
                }

            }
        }
    }

    private void References()
    {
        var (defined, used) = (new List<NamedItem>(), new List<NamedItem>());
        foreach (var (source, node) in _texts)
        {
            foreach (var word in GoTemplate.Words(node.Value!).Where(word => word.IsText && word.Before == word.Keyword))
            {
                var named = new NamedItem(word.Text[1..^1], source, LineIn(node, 1 + node.Value.AsSpan(0, word.Index).Count('\n')));
                (word.Keyword switch { "define" or "block" => defined, "template" => used, _ => [] }).Add(named);
            }
        }

        defined.MustBeUnique((name, first) => $"the template text '{name}' is also defined at {first}; write another name");
        used.Where(name => !OwnTemplates.Contains(name.Name) && !OwnTemplate().IsMatch(name.Name))
            .MustBeOneOf([.. defined.Select(name => name.Name).Distinct()], name => $"no template defines '{name}'");
    }

    private void Deleted(string list, string key, HashSet<string> provisioned)
    {
        foreach (var name in ProvisioningCheck.NamesOf(All(list), key).Where(name => provisioned.Contains(name.Name)))
        {
            name.Source.Add(name.Line, $"{list} names '{name.Name}', which is provisioned; take it away here or there");
        }
    }

    [GeneratedRegex(@"^[a-z0-9]+\.default\.\w+\z")]
    private static partial Regex OwnTemplate();
}
