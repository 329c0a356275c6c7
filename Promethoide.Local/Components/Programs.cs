namespace Promethoide.Local.Components;

/// <summary>Finds the installed programs. Distributions name some of them differently; the first name is Debian's.</summary>
internal sealed class Programs
{
    private const string PostgresVersions = "/usr/lib/postgresql";

    // Servers live in folders that an ordinary user's PATH lacks.
    private static readonly string[] Folders =
        [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries), "/usr/local/sbin", "/usr/sbin", "/sbin"];

    private readonly List<string> _missing = [];

    /// <summary>A program of PostgreSQL: of <paramref name="version"/> when that is installed, else of the newest one.</summary>
    public string Postgres(string program, string? version = null)
    {
        var versions = Directory.Exists(PostgresVersions) ? Directory.GetDirectories(PostgresVersions) : [];
        return versions
            .OrderByDescending(folder => Path.GetFileName(folder) == version)
            .ThenByDescending(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : 0)
            .Select(folder => Path.Combine(folder, "bin", program))
            .FirstOrDefault(File.Exists) ?? Find("PostgreSQL", program);
    }

    /// <summary>The first of the names that is installed; else it is remembered as missing (<see cref="EnsureAllFound"/>).</summary>
    public string Find(string component, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (FindOptional(name) is { } found)
            {
                return found;
            }
        }

        _missing.Add($"{names[0]} (for {component})");
        return names[0];
    }

    public static string? FindOptional(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <exception cref="UserException">Names everything that is missing, at once.</exception>
    public void EnsureAllFound()
    {
        if (_missing.Count > 0)
        {
            throw new UserException(
                $"Not installed: {string.Join(", ", _missing.Distinct())}. On Debian and Ubuntu ./run.sh installs what is missing; elsewhere put the programs on PATH.");
        }
    }
}
