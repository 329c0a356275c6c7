using Promethoide.Monitoring.Checks;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Alerting;

/// <param name="Path">Below <c>monitoring/</c>.</param>
/// <param name="Content">The whole content.</param>
internal sealed record GeneratedFile(string Path, string Content);

/// <summary>
/// The parts of Grafana's provisioning that are generated from other files of <c>monitoring/</c>, and committed so that nobody needs .NET
/// to use them.
/// </summary>
internal static class GeneratedFiles
{
    public const string Rules = "grafana/provisioning/alerting/rules.yaml";

    public const string RunbooksDashboard = "grafana/dashboards/runbooks.json";

    private const string Command = "dotnet run --project Promethoide.Monitoring -- generate monitoring/";

    /// <summary>The files; if they cannot be generated, none, and findings.</summary>
    /// <param name="monitoring">The folder that contains <c>prometheus/rules</c> and <c>runbooks</c>.</param>
    /// <param name="findings">Receives what to change in the rule files.</param>
    /// <param name="tools">Check the result; null skips the check.</param>
    /// <exception cref="DirectoryNotFoundException">A source folder is missing.</exception>
    public static IReadOnlyList<GeneratedFile> Of(string monitoring, List<Finding> findings, Tools? tools = null)
    {
        var runbooks = Runbooks.Read(monitoring);
        var wrong = new List<Finding>();
        var groups = PrometheusRules.Alerting(monitoring, wrong);
        var rules = GrafanaRules.Of(groups, runbooks.UrlOf);
        IReadOnlyList<GeneratedFile> files =
        [
            new(Rules, $"# Generated from monitoring/{PrometheusRules.Folder}/ by `{Command}`: change it there.\n" + Yaml.Text(rules)),
            new(
                RunbooksDashboard,
                runbooks.Dashboard(
                    $"What to do about each alert. Generated from monitoring/{Runbooks.Folder}/ by `{Command}`: change it there.")),
            new(Runbooks.Page, runbooks.Html($"Generated from monitoring/{Runbooks.Folder}/ by `{Command}`: change it there.")),
        ];
        if (wrong.Count == 0 && tools is not null)
        {
            var check = ProvisioningCheck.Of(monitoring, tools, files);
            wrong.AddRange(
                check.Findings.Where(finding =>
                    !finding.IsStyle && finding.File.StartsWith(PrometheusRules.Folder, StringComparison.Ordinal)));
            if (wrong.Count == 0)
            {
                wrong.AddRange(
                    from finding in check.Findings
                    where finding is { File: Rules, IsStyle: false }
                    select Origin(finding, files[0].Content, groups));
            }
        }

        findings.AddRange(wrong.Distinct());
        return wrong.Count == 0 ? files : [];
    }

    /// <summary>A finding for each file that differs from what <c>generate</c> makes, or for each reason why it makes none.</summary>
    /// <param name="monitoring">The folder.</param>
    /// <param name="tools">Check what it would make.</param>
    /// <exception cref="DirectoryNotFoundException">A source folder is missing.</exception>
    public static IReadOnlyList<Finding> Stale(string monitoring, Tools tools)
    {
        var findings = new List<Finding>();
        var stale = Of(monitoring, findings)
            .Select(file => (
                File: file,
                Text: File.Exists(Path.Combine(monitoring, file.Path)) ? File.ReadAllText(Path.Combine(monitoring, file.Path)) : ""))
            .Where(file => file.Text != file.File.Content).ToList();
        if (stale.Count > 0 && Of(monitoring, findings, tools).Count > 0)
        {
            findings.AddRange(
                stale.Select(file => new Finding(
                    file.File.Path,
                    FirstDifference(file.Text, file.File.Content),
                    $"this is not what it is generated from; run `{Command}`")));
        }

        return findings;
    }

    // The source of the converted line.
    private static Finding Origin(Finding finding, string content, IReadOnlyList<RuleGroup> groups)
    {
        var converted = Yaml.Parse(content, (_, _) => { })?.Items("groups") ?? [];
        var origins = groups.Zip(converted).SelectMany(group => group.First.Alerts.Zip(group.Second.Items("rules"))
            .SelectMany(rule => rule.Second.AllNodes.OfType<YamlMappingNode>().SelectMany(mapping => mapping.Children)
                .Select(entry => (Line: entry.Value.Line(), group.First.Source.File, Origin: LineOf(rule.First, $"{entry.Key}"))))
            .Concat(
                group.Second.Children.Select(entry =>
                    (Line: entry.Value.Line(), group.First.Source.File, Origin: group.First.Node.LineOf($"{entry.Key}")))));
        var (_, file, line) = origins.Where(origin => origin.Line <= finding.Line)
            .DefaultIfEmpty((Line: 0, groups[0].Source.File, Origin: 1))
            .MaxBy(origin => origin.Line);
        return finding with { File = file, Line = line };
    }

    private static int LineOf(YamlMappingNode rule, string key)
    {
        var original = key switch
        {
            "dashboardUid" => GrafanaRules.DashboardAnnotation,
            "panelId" => GrafanaRules.PanelAnnotation,
            "keepFiringFor" => "keep_firing_for",
            _ => key,
        };
        return rule.AllNodes.OfType<YamlMappingNode>()
            .SelectMany(mapping => mapping.Children)
            .Where(entry => $"{entry.Key}" == original)
            .Select(entry => entry.Value.Line())
            .FirstOrDefault(rule.LineOf("alert"));
    }

    private static int FirstDifference(string one, string other) =>
        1 + one.Split('\n').Zip(other.Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count();
}
