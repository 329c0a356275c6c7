using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Promethoide.AppHost;

/// <summary>Docker or Podman.</summary>
internal static partial class ContainerEngine
{
    // Aspire's own variable for this choice.
    private const string Choice = "ASPIRE_CONTAINER_RUNTIME";

    private const string Docker = "docker";

    // Aspire accepts no older Docker client. Debian 12 has 20.10.
    private const int OldestDocker = 25;

    private static readonly string[] Names = [Docker, "podman"];

    // A client whose server hangs never returns.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The names of the engines that Aspire may use.</summary>
    public static IReadOnlyList<string> Candidates =>
        Environment.GetEnvironmentVariable(Choice) is { Length: > 0 } chosen ? [chosen] : Names;

    /// <summary>The name of the first engine that responds and is new enough for Aspire; null if none is.</summary>
    public static string? Find() => Candidates.FirstOrDefault(name => Answers(name) && TooOld(name) is null);

    /// <summary>Why <see cref="Find"/> finds none.</summary>
    public static string WhyNone() => Candidates.Where(Answers).Select(TooOld).FirstOrDefault(version => version is not null) is { } version
        ? $"{Docker} answers, but Aspire needs Docker {OldestDocker} or newer, and this is {version}"
        : $"no container engine ({string.Join(", ", Candidates)}) answers";

    /// <summary>True when the engine has a volume of that name.</summary>
    public static bool HasVolume(string name) => Find() is { } engine && Run(engine, "volume", "inspect", name) is not null;

    /// <summary>The version in the output of <c>docker --version</c>, if it is too old for Aspire.</summary>
    public static string? TooOldVersion(string output) =>
        Version().Match(output) is { Success: true, Groups: [var version, var major] }
            && int.Parse(major.Value, CultureInfo.InvariantCulture) < OldestDocker
            ? version.Value
            : null;

    private static bool Answers(string name) => Run(name, "info") is not null;

    private static string? TooOld(string name) => name == Docker ? TooOldVersion(Run(name, "--version") ?? "") : null;

    [GeneratedRegex(@"(\d+)\.\d+(?:\.\d+)?")]
    private static partial Regex Version();

    /// <returns>Its output; null when it failed.</returns>
    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            if (process.WaitForExit(Patience))
            {
                Task.WaitAll(output, error);
                return process.ExitCode == 0 ? output.Result : null;
            }

            process.Kill(entireProcessTree: true);
            return null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
