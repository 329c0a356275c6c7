using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Documentation;

/// <summary>What people read: every page of the repository and the example settings.</summary>
internal static partial class DocumentationFiles
{
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.GetFiles(Repository.Root, "*.md"),
        .. ((string[])["docs", "deploy", "monitoring"])
            .SelectMany(folder => Directory.GetFiles(Repository.Combine(folder), "*.md", SearchOption.AllDirectories)),
    ];

    public static IReadOnlyList<string> All { get; } =
    [
        .. Pages, Repository.Combine(".env.example"), Repository.Combine("deploy", "compose", ".env.example"),
    ];

    /// <summary>Every command on a page: in backticks or in code blocks.</summary>
    public static IEnumerable<string> CommandsOf(string file)
    {
        var text = File.ReadAllText(file);
        return Block().Matches(text).SelectMany(block => block.Groups[1].Value.Split('\n'))
            .Concat(Inline().Matches(Block().Replace(text, "")).Select(inline => inline.Groups[1].Value))
            .Select(command => Comment().Replace(command, "").Trim())
            .Where(command => command.Length > 0);
    }

    [GeneratedRegex(@"^```\w*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"\s{2,}# .*$")]
    private static partial Regex Comment();
}
