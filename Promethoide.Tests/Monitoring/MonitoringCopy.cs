using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using Promethoide.Monitoring.Checks;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>
/// A copy of the repository's Grafana files to make mistakes in; its dashboards have only the panels that rules name.
/// </summary>
internal sealed partial class MonitoringCopy : IDisposable
{
    public static string Original { get; } = Path.Combine(Repository.Root, "monitoring");

    public MonitoringCopy()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Original, "grafana", "provisioning"), "*", SearchOption.AllDirectories)
            .Append(Path.Combine(Original, GeneratedFiles.RunbooksDashboard)))
        {
            Write(Path.GetRelativePath(Original, file), File.ReadAllText(file));
        }

        foreach (var dashboard in Panel().Matches(Read(GeneratedFiles.Rules))
            .GroupBy(match => match.Groups["uid"].Value, match => int.Parse(match.Groups["panel"].Value, null)))
        {
            Write(
                $"grafana/dashboards/{dashboard.Key}.json",
                JsonSerializer.Serialize(
                    new { title = dashboard.Key, uid = dashboard.Key, panels = dashboard.Distinct().Select(id => new { id }) }));
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("promethoide-monitoring-").FullName;

    public IReadOnlyList<string> Findings(Tools? tools = null) =>
        [.. ProvisioningCheck.Of(Folder, tools ?? Tools.Installed).Findings.Select(finding => finding.ToString())];

    public string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    public void Write(string file, string text)
    {
        var path = Path.Combine(Folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    [GeneratedRegex(@"dashboardUid: (?<uid>\S+)\s+panelId: (?<panel>\d+)")]
    private static partial Regex Panel();
}
