using Promethoide.Monitoring.Alerting;
using Promethoide.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Monitoring;

/// <summary>One alert of the repository's rules.</summary>
internal sealed record Alert(string Name, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations);

/// <summary>One group of the repository's rules.</summary>
internal sealed record RuleGroup(string File, string Name, string? Interval, IReadOnlyList<Alert> Alerts);

/// <summary>Whether a unit test expects an alert to fire, in the test's order.</summary>
internal sealed record AlertExpectations(string File, string Test, string Alert, IReadOnlyList<bool> Fires);

/// <summary>The repository's Prometheus rules and their unit tests.</summary>
internal static class RuleFiles
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "monitoring", "prometheus", "rules");

    public static string TestFolder { get; } = Path.Combine(Repository.Root, "monitoring", "prometheus", "tests");

    public static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Order();

    public static IReadOnlyList<RuleGroup> Groups() =>
    [
        .. from file in Names(Folder)
           from @group in Read(Folder, file).Items("groups")
           select new RuleGroup(
               file,
               @group.Text("name")!,
               @group.Text("interval"),
               [
                   .. from rule in @group.Items("rules")
                      where rule.Text("alert") is not null
                      select new Alert(rule.Text("alert")!, rule.Texts("labels"), rule.Texts("annotations")),
               ]),
    ];

    public static IReadOnlyList<Alert> Alerts() => [.. Groups().SelectMany(@group => @group.Alerts)];

    /// <summary>The expressions of all rules, including recording rules.</summary>
    public static IEnumerable<string> Expressions() =>
        from file in Names(Folder)
        from @group in Read(Folder, file).Items("groups")
        from rule in @group.Items("rules")
        select rule.Text("expr")!;

    /// <summary>The expression of an alert's rule.</summary>
    public static string Expression(string alert) =>
        (from file in Names(Folder)
         from @group in Read(Folder, file).Items("groups")
         from rule in @group.Items("rules")
         where rule.Text("alert") == alert
         select rule.Text("expr")!).Single();

    public static IReadOnlyList<AlertExpectations> Expectations() =>
    [
        .. from file in Names(TestFolder)
           from test in Read(TestFolder, file).Items("tests")
           from alert in test.Items("alert_rule_test").GroupBy(check => check.Text("alertname")!)
           select new AlertExpectations(file, test.Text("name")!, alert.Key, [.. alert.Select(check => check.Items("exp_alerts").Any())]),
    ];

    private static YamlMappingNode Read(string folder, string file) => Yaml.Read(Path.Combine(folder, file));

    private static Dictionary<string, string> Texts(this YamlMappingNode node, string key) =>
        node.Entries(key).ToDictionary(entry => entry.Key.Value!, entry => entry.Value.Value ?? "");
}
