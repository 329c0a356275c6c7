using System.CommandLine;
using Promethoide.Monitoring.Alerting;
using Promethoide.Monitoring.Checks;

namespace Promethoide.Monitoring;

/// <summary>The commands: generate the files of a <c>monitoring/</c> folder, or report what would stop or mislead Grafana there.</summary>
internal static class CommandLine
{
    /// <summary>Nothing was checked or generated: the folder is missing or unreadable, or its rules cannot be converted.</summary>
    private const int NoAnswer = 2;

    /// <param name="tools">Prometheus' and Alertmanager's tools; null: the installed ones.</param>
    public static RootCommand Create(Tools? tools = null)
    {
        tools ??= Tools.Installed;
        var root = new RootCommand(
            "Grafana's part of the monitoring: makes its alert rules from Prometheus' rules, and checks all that is provisioned.");
        root.Subcommands.Add(Of(
            "generate",
            "Make the alert rules and the runbooks' pages, unless the rules have a fault. Exit code: 0; 2 when there is nothing to "
            + "make them from, or a rule to change.",
            (folder, output, error) => Generate(folder, tools, output, error)));
        root.Subcommands.Add(Of(
            "check",
            "Say with file and line what stops or misleads Grafana (\"error\"), and what is only our house style (\"house style\"). "
            + "Exit code: 0 without an error, 1 with one, 2 when there is nothing to check.",
            (folder, output, error) => Check(folder, tools, output, error)));
        return root;
    }

    private static Command Of(string name, string description, Func<string, TextWriter, TextWriter, int> run)
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = "The folder that has prometheus/, grafana/ and runbooks/: monitoring/ in the repository.",
        };
        var command = new Command(name, description) { folder };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                return run(parsed.GetValue(folder)!, output, error);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or RulesException)
            {
                error.WriteLine(e.Message);
                return NoAnswer;
            }
        });
        return command;
    }

    private static int Generate(string folder, Tools tools, TextWriter output, TextWriter error)
    {
        var findings = new List<Finding>();
        var files = GeneratedFiles.Of(folder, findings, tools);
        Print(folder, findings, error);
        foreach (var file in files)
        {
            var path = Path.Combine(folder, file.Path);
            if (File.Exists(path) && File.ReadAllText(path) == file.Content)
            {
                output.WriteLine($"{path} is up to date.");
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Content);
            output.WriteLine($"Wrote {path}.");
        }

        SayMissing(tools, output);
        return findings.Count > 0 ? NoAnswer : 0;
    }

    private static int Check(string folder, Tools tools, TextWriter output, TextWriter error)
    {
        var check = ProvisioningCheck.Of(folder, tools);
        var stale = GeneratedFiles.Stale(folder, tools);

        // generate's own errors are clearer than promtool's.
        List<Finding> findings =
        [
            .. check.Findings
                .Where(finding => !finding.File.StartsWith(PrometheusRules.Folder, StringComparison.Ordinal)
                    || stale.All(better => better.File != finding.File))
                .Concat(stale)
                .Distinct(),
        ];
        Print(folder, findings, error);
        var errors = findings.Count(finding => !finding.IsStyle);
        output.WriteLine(errors > 0
            ? $"{folder}: {check.Files} files, {errors} {(errors == 1 ? "error" : "errors")} that would stop or mislead Grafana."
            : $"{folder}: {check.Files} files, nothing that would stop or mislead Grafana.");
        SayMissing(tools, output);
        return errors > 0 ? 1 : 0;
    }

    private static void Print(string folder, IEnumerable<Finding> findings, TextWriter error)
    {
        foreach (var finding in findings.OrderBy(finding => finding.IsStyle))
        {
            error.WriteLine(finding with { File = Path.Combine(folder, finding.File) });
        }
    }

    private static void SayMissing(Tools tools, TextWriter output)
    {
        foreach (var missing in tools.Missing)
        {
            output.WriteLine(missing);
        }
    }
}
