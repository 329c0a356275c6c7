using Promethoide.Tests.Fixtures;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Network.Drills;

/// <summary>
/// Grafana's policies, contact points and mute timings as a configuration of Alertmanager, whose routing Grafana took over. <c>group_wait</c>,
/// <c>group_interval</c> and <c>repeat_interval</c> are <see cref="Factor"/> times shorter; all else is as provisioned.
/// </summary>
internal static class AlertmanagerConfiguration
{
    public const int Factor = 4;

    public const string Operations = "operations@example.org";
    public const string Developers = "developers@example.org";

    /// <summary>What the policies call one more minute.</summary>
    public static readonly TimeSpan Minute = TimeSpan.FromMinutes(1) / Factor;

    private static readonly string Folder = Path.Combine(Repository.Root, "monitoring", "grafana", "provisioning", "alerting");

    public static void Write(string file, int smtpPort) => Yaml.Write(file, new YamlMappingNode
    {
        {
            "global", new YamlMappingNode
            {
                { "smtp_smarthost", $"127.0.0.1:{smtpPort}" },
                { "smtp_from", "alerts@example.org" },
                { "smtp_require_tls", "false" },
            }
        },
        { "route", Route(Read("policies.yaml", "policies").Single()) },
        { "receivers", new YamlSequenceNode(Read("contact-points.yaml", "contactPoints").Select(Receiver)) },
        { "time_intervals", new YamlSequenceNode(Read("mute-times.yaml", "muteTimes").Select(WithoutOrganisation)) },
    });

    private static IEnumerable<YamlMappingNode> Read(string file, string key) => Yaml.Read(Path.Combine(Folder, file)).Items(key);

    private static YamlMappingNode Route(YamlMappingNode policy)
    {
        var route = new YamlMappingNode();
        foreach (var (key, value) in WithoutOrganisation(policy).Children)
        {
            switch (((YamlScalarNode)key).Value)
            {
                case "receiver" or "group_by" or "continue" or "mute_time_intervals" or "active_time_intervals":
                    route.Add(key, value);
                    break;
                case "group_wait" or "group_interval" or "repeat_interval":
                    route.Add(key, ShorterDuration.Of(((YamlScalarNode)value).Value!, Factor, TimeSpan.Zero));
                    break;
                case "object_matchers":
                    route.Add("matchers", new YamlSequenceNode(((YamlSequenceNode)value).Cast<YamlSequenceNode>().Select(Matcher)));
                    break;
                case "routes":
                    route.Add("routes", new YamlSequenceNode(((YamlSequenceNode)value).Cast<YamlMappingNode>().Select(Route)));
                    break;
                case var other:
                    throw new NotSupportedException($"A policy has '{other}', which this does not translate.");
            }
        }

        return route;
    }

    // [severity, '=', critical]
    private static YamlScalarNode Matcher(YamlSequenceNode matcher) => Quoted($"{matcher[0]}{matcher[1]}\"{matcher[2]}\"");

    private static YamlMappingNode Receiver(YamlMappingNode contactPoint) => new()
    {
        { "name", contactPoint.Text("name")! },
        { "email_configs", new YamlSequenceNode(contactPoint.Items("receivers").Select(Mail)) },
    };

    private static YamlMappingNode Mail(YamlMappingNode receiver)
    {
        Assert.Equal("email", receiver.Text("type"));
        return new()
        {
            { "to", Address(((YamlMappingNode)receiver.Children["settings"]).Text("addresses")!) },
            { "send_resolved", receiver.Text("disableResolveMessage") == "true" ? "false" : "true" },
            { "headers", new YamlMappingNode("Subject", Quoted("{{ .Status }} {{ .CommonLabels.alertname }} {{ .CommonLabels.instance }}")) },
        };
    }

    private static string Address(string variable) => variable switch
    {
        "$OPERATIONS_EMAILS" => Operations,
        "$DEVELOPERS_EMAILS" => Developers,
        _ => throw new NotSupportedException($"A contact point has the address '{variable}'."),
    };

    private static YamlMappingNode WithoutOrganisation(YamlMappingNode node) =>
        new(node.Children.Where(child => ((YamlScalarNode)child.Key).Value != "orgId"));

    private static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };
}
