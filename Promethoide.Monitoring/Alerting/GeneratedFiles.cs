using Promethoide.Monitoring.Checks;

namespace Promethoide.Monitoring.Alerting;

/// <param name="Path">Below <c>monitoring/</c>.</param>
/// <param name="Content">All of it.</param>
internal sealed record GeneratedFile(string Path, string Content);

/// <summary>What of Grafana's provisioning is made from other files of <c>monitoring/</c>, and committed so that no one needs .NET to use it.</summary>
internal static class GeneratedFiles
{
    public const string Rules = "grafana/provisioning/alerting/rules.yaml";

    public const string RunbooksDashboard = "grafana/dashboards/runbooks.json";

    private const string Command = "dotnet run --project Promethoide.Monitoring -- generate monitoring/";

    /// <exception cref="RulesException">They cannot be made; the message says why.</exception>
    /// <exception cref="DirectoryNotFoundException">What they are made from is missing.</exception>
    public static IReadOnlyList<GeneratedFile> Of(string monitoring)
    {
        var runbooks = Runbooks.Read(monitoring);
        return
        [
            new(Rules, $"# Generated from monitoring/{PrometheusRules.Folder}/ by `{Command}`: change it there.\n" + Yaml.Text(GrafanaRules.Of(PrometheusRules.Alerting(monitoring), runbooks.UrlOf))),
            new(RunbooksDashboard, runbooks.Dashboard($"What to do about each alert. Generated from monitoring/{Runbooks.Folder}/ by `{Command}`: change it there.")),
            new(Runbooks.Page, runbooks.Html($"Generated from monitoring/{Runbooks.Folder}/ by `{Command}`: change it there.")),
        ];
    }

    /// <summary>A finding for each file that is not what <c>generate</c> makes.</summary>
    /// <exception cref="DirectoryNotFoundException">What they are made from is missing.</exception>
    public static IReadOnlyList<Finding> Stale(string monitoring)
    {
        try
        {
            return
            [
                .. from file in Of(monitoring)
                   let path = Path.Combine(monitoring, file.Path)
                   let text = File.Exists(path) ? File.ReadAllText(path) : ""
                   where text != file.Content
                   select new Finding(file.Path, FirstDifference(text, file.Content), $"this is not what it is generated from; run `{Command}`"),
            ];
        }
        catch (RulesException e)
        {
            return [new Finding(Rules, 1, $"this cannot be generated: {e.Message}")];
        }
    }

    private static int FirstDifference(string one, string other) =>
        1 + one.Split('\n').Zip(other.Split('\n')).TakeWhile(lines => lines.First == lines.Second).Count();
}
