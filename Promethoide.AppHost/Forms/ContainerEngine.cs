using System.ComponentModel;
using System.Diagnostics;

namespace Promethoide.AppHost;

/// <summary>Docker or Podman.</summary>
internal static class ContainerEngine
{
    // Aspire's own variable for the choice between them.
    private const string Choice = "ASPIRE_CONTAINER_RUNTIME";

    private static readonly string[] Names = ["docker", "podman"];

    // A client whose server hangs does not answer at all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The names of the engines that Aspire may use.</summary>
    public static IReadOnlyList<string> Candidates => Environment.GetEnvironmentVariable(Choice) is { Length: > 0 } chosen ? [chosen] : Names;

    /// <summary>The name of the first engine that answers; null when none does.</summary>
    public static string? Find() => Candidates.FirstOrDefault(name => Succeeds(name, "info"));

    /// <summary>True when the engine keeps a volume of that name.</summary>
    public static bool HasVolume(string name) => Find() is { } engine && Succeeds(engine, "volume", "inspect", name);

    private static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (process.WaitForExit(Patience))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
