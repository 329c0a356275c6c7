using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Deploy.Kubernetes;

/// <summary>What <c>deploy/kubernetes/README.md</c> tells operators.</summary>
internal static partial class KubernetesReadme
{
    public static string Text { get; } = File.ReadAllText(Repository.Combine("deploy", "kubernetes", "README.md"));

    /// <summary>The Secrets that its installation creates: <c>namespace/name key</c>.</summary>
    public static IReadOnlyList<string> Secrets { get; } = SecretsIn("Install");

    /// <summary>The Secrets that it describes as optional.</summary>
    public static IReadOnlyList<string> OptionalSecrets { get; } = [.. Optional().Matches(Text).Select(match => match.Groups[1].Value)];

    /// <summary>The lines of all code blocks, with continued lines joined.</summary>
    public static IReadOnlyList<string> Commands { get; } =
    [
        .. Block().Matches(Text)
            .SelectMany(block => block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    public static string Section(string heading) =>
        Heading().Split(Text).Single(section => section.StartsWith($"{heading}\n", StringComparison.Ordinal));

    /// <summary>The rows of the table under a heading, without the cells' code marks.</summary>
    public static IEnumerable<string[]> TableIn(string heading) => Section(heading).Split('\n').Where(line => line.StartsWith('|')).Skip(2)
        .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Replace("`", "", StringComparison.Ordinal)).ToArray());

    private static IReadOnlyList<string> SecretsIn(string heading) =>
    [
        .. from command in Block().Matches(Section(heading))
            .SelectMany(block => block.Groups[1].Value.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
           let made = Made().Match(command)
           where made.Success
           from Match key in Key().Matches(command)
           select $"{made.Groups["namespace"].Value}/{made.Groups["name"].Value} {key.Groups[1].Value}",
    ];

    [GeneratedRegex("^## ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^ *```\w*\n(.*?)^ *```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"kubectl -n (?<namespace>[\w-]+) create secret generic (?<name>[\w-]+)")]
    private static partial Regex Made();

    [GeneratedRegex(@"--from-(?:literal|file)[= ]""?([\w.-]+)=")]
    private static partial Regex Key();

    [GeneratedRegex(@"optional key `([\w-]+/[\w-]+ [\w-]+)`")]
    private static partial Regex Optional();
}
