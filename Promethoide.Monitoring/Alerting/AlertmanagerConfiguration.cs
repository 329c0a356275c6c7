using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Alerting;

/// <summary>The SMTP server that Alertmanager sends mail through.</summary>
/// <param name="Address">Its <c>host:port</c>.</param>
/// <param name="From">The sender, as in <c>Promethoide &lt;promethoide@example.org&gt;</c>.</param>
/// <param name="Login">The name and password to log in with; without them mail goes unencrypted, as to a relay on the same host or
/// network.</param>
public sealed record AlertmanagerSmtp(string Address, string From, (string User, string Password)? Login = null);

/// <summary>The addresses that mails link to, without a trailing slash.</summary>
/// <param name="Dashboards">Where the dashboards are.</param>
/// <param name="Alertmanager">Where Alertmanager itself is.</param>
public sealed record AlertmanagerLinks(string Dashboards, string Alertmanager);

/// <summary>
/// Converts Grafana's contact points, notification policies, mute times and mail templates to Alertmanager's configuration. Grafana adopted
/// routing and templates from Alertmanager, so they mean the same. Only mail is converted: other types of contact points are left out.
/// </summary>
public static partial class AlertmanagerConfiguration
{
    private const string Folder = "grafana/provisioning/alerting";

    private const string OwnTemplates = "alertmanager";

    /// <summary>Writes <c>alertmanager.yml</c> and the templates beside it.</summary>
    /// <param name="monitoring">The folder that contains <c>grafana/</c> and <c>alertmanager/</c>.</param>
    /// <param name="target">Where to write them; the folder exists.</param>
    /// <param name="smtp">How mail is sent.</param>
    /// <param name="links">What mails link to.</param>
    /// <param name="variables">The environment variables that the files name: <c>OPERATIONS_EMAILS</c>.</param>
    /// <exception cref="RulesException">A file is not YAML, or lacks what Alertmanager needs; the message names it.</exception>
    public static void Write(
        string monitoring, string target, AlertmanagerSmtp smtp, AlertmanagerLinks links, IReadOnlyDictionary<string, string> variables)
    {
        var files = Directory.EnumerateFiles(MonitoringFolder.Require(monitoring, Folder), "*.y*ml")
            .Order(StringComparer.Ordinal)
            .Select(Yaml.Read)
            .ToList();
        File.WriteAllText(Path.Combine(target, "alertmanager.yml"), Yaml.Text(Of(files, smtp, variables)));

        // Left by an earlier start that had more of them.
        foreach (var old in Directory.EnumerateFiles(target, "*.tmpl"))
        {
            File.Delete(old);
        }

        // In this order: Alertmanager's own templates replace Grafana's.
        var templates = Items(files, "templates").Select(template => template.Text("template") ?? "")
            .Concat(Directory.EnumerateFiles(MonitoringFolder.Require(monitoring, OwnTemplates), "*.tmpl")
                .Order(StringComparer.Ordinal)
                .Select(File.ReadAllText))
            .Append(
                $$$"""{{ define "promethoide.dashboards" }}{{{links.Dashboards}}}{{ end }}"""
                + $$$"""{{ define "promethoide.alertmanager" }}{{{links.Alertmanager}}}{{ end }}""");
        foreach (var (index, text) in templates.Index())
        {
            File.WriteAllText(Path.Combine(target, $"{index:00}.tmpl"), text);
        }
    }

    private static YamlMappingNode Of(
        IReadOnlyList<YamlMappingNode> files, AlertmanagerSmtp smtp, IReadOnlyDictionary<string, string> variables)
    {
        var global = new YamlMappingNode
        {
            { "smtp_smarthost", Quoted(smtp.Address) },
            { "smtp_from", Quoted(smtp.From) },
            { "smtp_require_tls", smtp.Login is null ? "false" : "true" },
        };
        if (smtp.Login is var (user, password))
        {
            global.Add("smtp_auth_username", Quoted(user));
            global.Add("smtp_auth_password", Quoted(password));
        }

        return new()
        {
            { "global", global },
            { "templates", new YamlSequenceNode("*.tmpl") },
            {
                "route",
                Route(
                    Items(files, "policies").FirstOrDefault()
                        ?? throw new RulesException($"{Folder} has no policies: nobody would be told of anything."),
                    variables)
            },
            { "receivers", new YamlSequenceNode(Items(files, "contactPoints").Select(point => Receiver(point, variables))) },
            { "time_intervals", new YamlSequenceNode(Items(files, "muteTimes").Select(WithoutOrganisation)) },
        };
    }

    private static IEnumerable<YamlMappingNode> Items(IEnumerable<YamlMappingNode> files, string key) =>
        files.SelectMany(file => file.Items(key));

    /// <summary>A policy and everything below it.</summary>
    internal static YamlMappingNode Route(YamlMappingNode policy, IReadOnlyDictionary<string, string> variables)
    {
        var (route, matchers) = (new YamlMappingNode(), new YamlSequenceNode());
        foreach (var (key, value) in WithoutOrganisation(policy).Children)
        {
            switch ((key as YamlScalarNode)?.Value, value)
            {
                case ("routes", YamlSequenceNode routes):
                    route.Add("routes", new YamlSequenceNode(routes.OfType<YamlMappingNode>().Select(child => Route(child, variables))));
                    break;
                case ("object_matchers", YamlSequenceNode list):
                    foreach (var matcher in list.OfType<YamlSequenceNode>().Where(matcher => matcher.Children.Count == 3))
                    {
                        matchers.Add(Matcher($"{matcher[0]}", $"{matcher[1]}", Expand($"{matcher[2]}", variables)));
                    }

                    break;
                case ("match", YamlMappingNode equal):
                    matchers.Children.AddAll(equal.Select(one => Matcher($"{one.Key}", "=", Expand($"{one.Value}", variables))));
                    break;
                case ("match_re", YamlMappingNode expressions):
                    matchers.Children.AddAll(expressions.Select(one => Matcher($"{one.Key}", "=~", Expand($"{one.Value}", variables))));
                    break;
                case ("matchers", YamlSequenceNode texts):
                    matchers.Children.AddAll(texts.OfType<YamlScalarNode>().Select(text => Quoted(Expand($"{text}", variables))));
                    break;
                default:
                    route.Add(key, value);
                    break;
            }
        }

        if (matchers.Children.Count > 0)
        {
            route.Add("matchers", matchers);
        }

        return route;
    }

    private static YamlScalarNode Matcher(string label, string comparison, string value)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        return Quoted($"{label}{comparison}\"{escaped}\"");
    }

    private static YamlMappingNode Receiver(YamlMappingNode point, IReadOnlyDictionary<string, string> variables) => new()
    {
        { "name", Quoted(point.Text("name") ?? "") },
        {
            "email_configs",
            new YamlSequenceNode(point.Items("receivers")
                .Where(receiver => receiver.Text("type") == "email")
                .SelectMany(receiver => Mails(receiver, variables)))
        },
    };

    private static IEnumerable<YamlMappingNode> Mails(YamlMappingNode receiver, IReadOnlyDictionary<string, string> variables)
    {
        var settings = receiver.Child("settings") ?? new();
        var addresses = Expand(settings.Text("addresses") ?? "", variables).Split(
            [',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return (settings.Text("singleEmail") == "true" ? [string.Join(", ", addresses)] : addresses).Select(to => new YamlMappingNode
        {
            { "to", Quoted(to) },
            { "send_resolved", receiver.Text("disableResolveMessage") == "true" ? "false" : "true" },
            {
                "headers",
                new YamlMappingNode("Subject", Quoted(settings.Text("subject") ?? """{{ template "email.default.subject" . }}"""))
            },
            { "html", Quoted("") },
            { "text", Quoted(Expand(settings.Text("message") ?? "", variables)) },
        });
    }

    /// <summary>Alertmanager has no organisations.</summary>
    internal static YamlMappingNode WithoutOrganisation(YamlMappingNode node) =>
        new(node.Children.Where(child => child.Key is not YamlScalarNode { Value: "orgId" }));

    private static YamlScalarNode Quoted(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };

    private static void AddAll(this IList<YamlNode> nodes, IEnumerable<YamlNode> more)
    {
        foreach (var node in more)
        {
            nodes.Add(node);
        }
    }

    // As in Grafana: $$ is a dollar sign, and unset variables are empty.
    private static string Expand(string text, IReadOnlyDictionary<string, string> variables) => Variable().Replace(text, match =>
        match.Value == "$$" ? "$" : variables.GetValueOrDefault(match.Groups["name"].Value, ""));

    [GeneratedRegex(@"\$\$|\$(__env)?\{(?<name>\w+)\}|\$(?<name>[A-Za-z_]\w*)")]
    private static partial Regex Variable();
}
