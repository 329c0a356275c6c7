using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Promethoide.AppHost;

/// <summary>System calls that .NET does not offer.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Posix
{
    private const int Terminate = 15;

    /// <summary>Asks a process to end.</summary>
    public static void End(int process) => _ = Kill(process, Terminate);

    /// <summary>Gives a file, or a folder with all its contents, to a user.</summary>
    /// <exception cref="IOException">The owner cannot be changed.</exception>
    public static void Give(string path, uint user)
    {
        using var chown = Process.Start(
            new ProcessStartInfo("chown", ["-R", "-h", $"{user}:{user}", "--", path]) { RedirectStandardError = true })!;
        var error = chown.StandardError.ReadToEnd();
        chown.WaitForExit();
        if (chown.ExitCode != 0)
        {
            throw new IOException(error.Trim());
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
