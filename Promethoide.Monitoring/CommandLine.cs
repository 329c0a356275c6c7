using System.CommandLine;
using Promethoide.Monitoring.Alerting;
using Promethoide.Monitoring.Checks;

namespace Promethoide.Monitoring;

/// <summary>The commands: make the generated files of a <c>monitoring/</c> folder, or say what would stop Grafana there.</summary>
internal static class CommandLine
{
    /// <summary>Nothing was checked or made: the folder is missing or unreadable.</summary>
    private const int NoAnswer = 2;

    public static RootCommand Create()
    {
        var root = new RootCommand("Grafana's part of the monitoring: makes its alert rules from Prometheus' rules, and checks all that is provisioned.");
        root.Subcommands.Add(Of("generate", "Make the alert rules and the runbooks' dashboard. Exit code: 0; 2 when there is nothing to make them from.", Generate));
        root.Subcommands.Add(Of("check", "Say what would stop or mislead Grafana, with file and line. Exit code: 0 when nothing would, 1 when something would, 2 when there is nothing to check.", Check));
        return root;
    }

    private static Command Of(string name, string description, Func<string, TextWriter, TextWriter, int> run)
    {
        var folder = new Argument<string>("FOLDER") { Description = "The folder that has prometheus/, grafana/ and runbooks/: monitoring/ in the repository." };
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

    private static int Generate(string folder, TextWriter output, TextWriter error)
    {
        foreach (var file in GeneratedFiles.Of(folder))
        {
            var path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, file.Content);
            output.WriteLine($"Wrote {path}.");
        }

        return 0;
    }

    private static int Check(string folder, TextWriter output, TextWriter error)
    {
        var check = ProvisioningCheck.Of(folder);
        List<Finding> findings = [.. check.Findings, .. GeneratedFiles.Stale(folder)];
        foreach (var finding in findings)
        {
            error.WriteLine(finding with { File = Path.Combine(folder, finding.File) });
        }

        if (findings.Count > 0)
        {
            return 1;
        }

        output.WriteLine($"{folder}: {check.Files} files, nothing that would stop or mislead Grafana.");
        return 0;
    }
}
