namespace Promethoide.AppHost;

/// <summary>The machine's user accounts, from <c>/etc/passwd</c> and <c>/etc/group</c>.</summary>
internal static class Accounts
{
    public static bool Exists(string user) => Fields("/etc/passwd", fields => fields[0] == user) is not null;

    /// <summary>The user's own group; the user's name when it has none.</summary>
    public static string GroupOf(string user) =>
        Fields("/etc/passwd", fields => fields[0] == user) is { } account
            && Fields("/etc/group", fields => fields[2] == account[3]) is { } group
            ? group[0]
            : user;

    private static string[]? Fields(string file, Predicate<string[]> match) =>
        File.ReadLines(file).Select(line => line.Split(':')).FirstOrDefault(fields => fields.Length > 3 && match(fields));
}
