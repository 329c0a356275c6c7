using System.Diagnostics;

namespace Promethoide.Tests.Fixtures;

/// <summary>A program's exit code and output.</summary>
public sealed record ToolResult(int ExitCode, string Output, string Error);

/// <summary>Runs programs to completion.</summary>
public static class Tool
{
    /// <param name="file">The program: a path, or a name on PATH.</param>
    /// <param name="arguments">Its arguments, passed as they are.</param>
    /// <param name="environment">Variables to set in addition to this process's; null removes one.</param>
    public static async Task<ToolResult> RunAsync(
        string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new ToolResult(process.ExitCode, await output, await error);
    }

    /// <summary>Like <see cref="RunAsync"/>, for programs that must succeed.</summary>
    public static async Task<string> MustRunAsync(
        string file, IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string?>>? environment = null)
    {
        var result = await RunAsync(file, arguments, environment);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"{file} ended with {result.ExitCode}: {result.Error}{result.Output}");
    }
}
