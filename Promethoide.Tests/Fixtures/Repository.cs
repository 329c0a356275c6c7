using System.Text.RegularExpressions;

namespace Promethoide.Tests.Fixtures;

public static partial class Repository
{
    /// <summary>The folder that contains <c>Promethoide.sln</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>The full path of something in the repository.</summary>
    public static string Combine(params ReadOnlySpan<string> path) => Path.Combine(Root, Path.Combine(path));

    /// <summary>All files that git tracks, as paths relative to the root.</summary>
    public static async Task<IReadOnlyList<string>> FilesAsync() =>
    [
        // The user running the tests need not own the checkout. Git still lists files whose deletion is not committed yet.
        .. (await Tool.MustRunAsync("git", ["-c", "safe.directory=*", "-C", Root, "ls-files", "-z"]))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(file => File.Exists(Combine(file))),
    ];

    /// <summary>The build configuration of the tests and of everything built with them: <c>debug</c> or <c>release</c>.</summary>
    public static string Configuration { get; } = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));

    /// <summary>The built program of a project.</summary>
    public static string Assembly(string project) => Combine("artifacts", "bin", project, Configuration, $"{project}.dll");

    /// <summary>
    /// The environment variables that Grafana's provisioning names. Alert rules and templates use none: a <c>$</c> there starts a
    /// label.
    /// </summary>
    public static IReadOnlyList<string> VariablesOfTheProvisioning() =>
    [
        .. Directory.GetFiles(Path.Combine(Root, "monitoring", "grafana", "provisioning"), "*.yaml", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(file) is not ("rules.yaml" or "templates.yaml"))
            .SelectMany(file => Variable().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Distinct(),
    ];

    private static string Find(string folder) => File.Exists(Path.Combine(folder, "Promethoide.sln"))
        ? folder
        : Find(Path.GetDirectoryName(folder)
            ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is not inside the repository."));

    [GeneratedRegex(@"(?<!\$)\$\{?([A-Z][A-Z_]+)")]
    private static partial Regex Variable();
}
