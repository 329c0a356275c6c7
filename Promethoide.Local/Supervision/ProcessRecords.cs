using System.Globalization;

namespace Promethoide.Local.Supervision;

/// <summary>
/// Finds the components that a killed Promethoide left running. A record is the line of <c>/proc/PID/stat</c> that the component wrote as it began;
/// process number and start time together name one process for as long as the machine is up.
/// </summary>
internal static class ProcessRecords
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Ends every recorded process that still runs, and whatever it started; returns the names.</summary>
    public static async Task<IReadOnlyList<string>> EndLeftoversAsync(string folder)
    {
        var ended = new List<string>();
        foreach (var record in Directory.Exists(folder) ? Directory.GetFiles(folder) : [])
        {
            if (await EndAsync(record))
            {
                ended.Add(Path.GetFileName(record));
            }

            File.Delete(record);
        }

        return ended;
    }

    private static async Task<bool> EndAsync(string record)
    {
        if (Parse(await File.ReadAllTextAsync(record)) is not { } recorded || !Runs(recorded))
        {
            return false;
        }

        // SIGINT is PostgreSQL's fast shutdown and ends every other component as well.
        ChildProcess.Send(recorded.Id, Signal.Interrupt);
        for (var waited = TimeSpan.Zero; Runs(recorded) && waited < Patience; waited += TimeSpan.FromMilliseconds(50))
        {
            await Task.Delay(50);
        }

        ChildProcess.Send(-recorded.Id, Signal.Kill);
        while (Runs(recorded))
        {
            await Task.Delay(20);
        }

        return true;
    }

    private static bool Runs((int Id, long Started) recorded)
    {
        try
        {
            return ParseStat(File.ReadAllText($"/proc/{recorded.Id}/stat")) is { State: not 'Z' and not 'X' } now && now.Started == recorded.Started;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static (int Id, long Started)? Parse(string stat) => ParseStat(stat) is { } parsed ? (parsed.Id, parsed.Started) : null;

    // proc(5): "pid (comm) state …", start time in field 22; comm may itself hold blanks and parentheses.
    private static (int Id, long Started, char State)? ParseStat(string stat)
    {
        var (open, close) = (stat.IndexOf('(', StringComparison.Ordinal), stat.LastIndexOf(')'));
        if (open < 0 || close < open)
        {
            return null;
        }

        var fields = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 19
            && int.TryParse(stat.AsSpan(0, open), CultureInfo.InvariantCulture, out var id)
            && long.TryParse(fields[19], CultureInfo.InvariantCulture, out var started)
            ? (id, started, fields[0][0])
            : null;
    }
}
