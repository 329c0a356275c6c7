namespace Promethoide.Local.Terminal;

/// <summary>The end of a component's log, for the person who sees it fail.</summary>
internal static class LogTail
{
    // Enough for a stack trace's head or a configuration error, read in one step however long the file is.
    private const int Bytes = 8192;

    public static IReadOnlyList<string> Read(string file, int lines)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Seek(-Math.Min(Bytes, stream.Length), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(lines)];
    }
}
