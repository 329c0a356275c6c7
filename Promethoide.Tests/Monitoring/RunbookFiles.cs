using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>The repository's runbooks.</summary>
internal static partial class RunbookFiles
{
    /// <summary>The alerts that have a page.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. Directory.GetFiles(Repository.Combine("monitoring", "runbooks"), "*.md")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            .Order(),
    ];

    /// <summary>A page's code blocks in one language.</summary>
    public static IEnumerable<string> BlocksOf(string page, string language) =>
        Block().Matches(Text(page)).Where(block => block.Groups["language"].Value == language).Select(block => block.Groups["text"].Value);

    /// <summary>The commands of a page, line by line: in its code blocks and inline.</summary>
    public static IEnumerable<string> CommandsOf(string page) => BlocksOf(page, "bash").SelectMany(block => block.Split('\n'))
        .Where(line => line.Length > 0 && line[0] != '#')
        .Concat(InlineOf(page).Where(inline => Command().IsMatch(inline)));

    /// <summary>The queries of a page: in its code blocks and inline.</summary>
    public static IEnumerable<string> QueriesOf(string page) =>
        BlocksOf(page, "promql").Select(query => query.Trim()).Concat(InlineOf(page).Where(inline => InlineQuery().IsMatch(inline)));

    private static IEnumerable<string> InlineOf(string page) =>
        Inline().Matches(Block().Replace(Text(page), "")).Select(inline => inline.Groups[1].Value);

    private static string Text(string page) => File.ReadAllText(Repository.Combine("monitoring", "runbooks", $"{page}.md"));

    [GeneratedRegex(@"^```(?<language>\w+)\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex(@"^(dotnet|docker|kubectl|promtool|prometheus-blackbox-exporter|\./run\.sh) ")]
    private static partial Regex Command();

    [GeneratedRegex("""^([a-z_:]+\{.+\}|(sum|rate|increase|max|min|avg)\(.+\))$""")]
    private static partial Regex InlineQuery();
}
