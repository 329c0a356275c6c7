using System.Globalization;

namespace Promethoide.AppHost;

/// <summary>Finds out who listens on a port, from <c>/proc</c>.</summary>
internal static class PortOwner
{
    private const string Listening = "0A";

    /// <summary>« by NAME (process N)», or nothing when the owner cannot be seen (another user's process).</summary>
    public static string Describe(int port)
    {
        if (!OperatingSystem.IsLinux())
        {
            return "";
        }

        var inodes = ((string[])["/proc/net/tcp", "/proc/net/tcp6"])
            .Where(File.Exists)
            .SelectMany(file => File.ReadLines(file).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == Listening && LocalPort(fields[1]) == port)
            .Select(fields => $"socket:[{fields[9]}]")
            .ToHashSet();

        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            try
            {
                if (Directory.EnumerateFiles(Path.Combine(process, "fd"))
                    .Any(fd => inodes.Contains(File.ResolveLinkTarget(fd, false)?.Name ?? "")))
                {
                    return $" by {File.ReadAllText(Path.Combine(process, "comm")).Trim()} (process {Path.GetFileName(process)})";
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Gone meanwhile, or another user's: go on with the next.
            }
        }

        return "";
    }

    // "0100007F:1F90": address and port in hexadecimal.
    private static int LocalPort(string address) =>
        int.Parse(address.AsSpan(address.IndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
