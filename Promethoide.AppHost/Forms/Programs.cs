using Microsoft.Extensions.DependencyInjection;

namespace Promethoide.AppHost;

/// <summary>
/// The installed programs that run as components. Distributions name some of them differently; Debian's name comes first.
/// </summary>
internal sealed class Programs
{
    private const string PostgresVersions = "/usr/lib/postgresql";

    // Servers are in folders that an ordinary user's PATH lacks.
    private static readonly string[] Folders =
    [
        .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
        "/usr/local/sbin",
        "/usr/sbin",
        "/sbin",
    ];

    // By Debian package.
    private readonly SortedDictionary<string, string> _missing = [];
    private readonly SortedSet<string> _notExecutable = [];

    /// <summary>The first of the names that is installed; otherwise records the package as missing.</summary>
    /// <param name="package">The Debian package.</param>
    /// <param name="names">The program's names.</param>
    public string Require(string package, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (FindOptional(name) is { } program)
            {
                return program;
            }
        }

        var found = names.ToArray().SelectMany(Candidates).Where(File.Exists).ToList();
        _notExecutable.UnionWith(found);
        if (found.Count == 0)
        {
            _missing[package] = names[0];
        }

        return names[0];
    }

    /// <summary>The folder of PostgreSQL's programs: those of <paramref name="version"/> if installed, otherwise the newest.</summary>
    public string FindPostgres(string? version)
    {
        var versions = Directory.Exists(PostgresVersions) ? Directory.GetDirectories(PostgresVersions) : [];
        return versions
            .OrderByDescending(folder => Path.GetFileName(folder) == version)
            .ThenByDescending(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .FirstOrDefault(folder => IsExecutable(Path.Combine(folder, "initdb")))
            ?? Path.GetDirectoryName(Require("postgresql", "initdb"))!;
    }

    /// <summary>The path of a program; null when it is not installed.</summary>
    public static string? FindOptional(string name) => Candidates(name).FirstOrDefault(IsExecutable);

    private static IEnumerable<string> Candidates(string name) => Folders.Select(folder => Path.Combine(folder, name));

    private static bool IsExecutable(string file) =>
        File.Exists(file) && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);

    /// <exception cref="DistributedApplicationException">Lists everything that is missing at once.</exception>
    public void EnsureAllFound()
    {
        if (_notExecutable.Count > 0)
        {
            throw new DistributedApplicationException(
                $"Not executable: {string.Join(", ", _notExecutable)}. Make it so (chmod +x), or take it off PATH.");
        }

        if (_missing.Count > 0)
        {
            throw new DistributedApplicationException(
                $"Not installed: {string.Join(", ", _missing.Values)}. On Debian and Ubuntu, ./run.sh installs what is missing, or: "
                + $"sudo apt-get install --no-install-recommends {string.Join(' ', _missing.Keys)}. Elsewhere put the programs on PATH.");
        }
    }
}

internal static class ProgramsExtensions
{
    /// <summary>The programs of this network's processes. The network does not start while one is missing.</summary>
    public static Programs Programs(this IDistributedApplicationBuilder builder)
    {
        if (builder.Registered<Programs>() is { } known)
        {
            return known;
        }

        var programs = new Programs();
        builder.Services.AddSingleton(programs);
        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            programs.EnsureAllFound();
            return Task.CompletedTask;
        });
        return programs;
    }
}
