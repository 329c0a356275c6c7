namespace Promethoide.Local.State;

/// <summary>Keeps the components' logs from growing for ever: each start begins a new file, and so does one that has grown to 10 MB; one old file is kept.</summary>
internal static class Logs
{
    private const long Limit = 10_000_000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Puts the last run's logs aside.</summary>
    public static void Begin(StateFolder state)
    {
        foreach (var log in Directory.EnumerateFiles(state.Combine("logs"), "*.log"))
        {
            File.Move(log, log + ".1", overwrite: true);
        }
    }

    public static async Task KeepSmallAsync(StateFolder state, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var log in new DirectoryInfo(state.Combine("logs")).EnumerateFiles("*.log").Where(log => log.Length > Limit))
            {
                // Copied and emptied, not renamed: the component goes on appending to the file that it has open.
                log.CopyTo(log.FullName + ".1", overwrite: true);
                using var emptied = log.Open(FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
            }
        }
    }
}
