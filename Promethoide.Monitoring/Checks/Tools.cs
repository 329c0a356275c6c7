using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Promethoide.Monitoring.Checks;

/// <summary>Prometheus' and Alertmanager's own tools, which check what Grafana adopted from them.</summary>
/// <param name="path">The folders to search, as in the variable PATH.</param>
internal sealed class Tools(string path)
{
    private static readonly (string Tool, string Package, string Judges)[] All =
    [
        ("promtool", "prometheus", "PromQL, Prometheus' rule files, the texts of alerts, YAML as Go reads it"),
        ("amtool", "prometheus-alertmanager", "mail templates, mute timings, time zones, matchers and intervals of policies"),
    ];

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Tools Installed => new(Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <summary>No tools: their checks are skipped.</summary>
    public static Tools None { get; } = new("");

    /// <summary>For each tool that is not installed, what was not checked.</summary>
    public IEnumerable<string> Missing =>
        from tool in All
        where Find(tool.Tool) is null
        select $"Not checked, as {tool.Tool} is not installed: {tool.Judges}. On Debian and Ubuntu: apt-get install {tool.Package}";

    public bool Has(string tool) => Find(tool) is not null;

    /// <summary>Runs a tool on files in a separate folder.</summary>
    /// <param name="tool">Its name; it is installed.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="files">Names and contents: texts, or objects written as JSON, which is YAML.</param>
    /// <returns>Whether it accepted them, and its whole output.</returns>
    public (bool Accepted, string Said) Run(
        string tool, IEnumerable<string> arguments, params IEnumerable<(string Name, object Content)> files)
    {
        var folder = Directory.CreateTempSubdirectory("promethoide-check-").FullName;
        try
        {
            foreach (var (name, content) in files)
            {
                File.WriteAllText(Path.Combine(folder, name), content as string ?? JsonSerializer.Serialize(content, Json));
            }

            var start = new ProcessStartInfo(Find(tool)!, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder,
            };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var said = process.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
            process.WaitForExit();
            return (process.ExitCode == 0, said);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string? Find(string tool) => path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{tool}.exe" : tool)).FirstOrDefault(File.Exists);
}
