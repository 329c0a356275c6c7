using System.Text;
using System.Text.RegularExpressions;

namespace Promethoide.Monitoring.Alerting;

/// <summary>One word of an action in a Go template.</summary>
/// <param name="Text">As written; a variable or field with everything attached to it: <c>$labels.job</c>.</param>
/// <param name="Index">Where it starts in the template.</param>
/// <param name="Keyword">The action's first word: <c>if</c>, or a word that is no keyword.</param>
/// <param name="Before">The word before it in the action; empty if there is none.</param>
/// <param name="After">The word after it in the action; empty if there is none.</param>
/// <param name="IsOfRoot">It starts at the dot, and the dot is the template's argument.</param>
internal sealed record TemplateWord(string Text, int Index, string Keyword, string Before, string After, bool IsOfRoot)
{
    /// <summary>The variable or function; empty for a field of the dot.</summary>
    public string Head => IsText || Text.IndexOf('.', StringComparison.Ordinal) is not (>= 0 and var end) ? Text : Text[..end];

    public bool IsFunction => char.IsAsciiLetter(Text[0]) || Text[0] == '_';

    public bool IsText => Text[0] is '"' or '`' or '\'';

    /// <summary>True when this sets the variable.</summary>
    public bool IsDeclared => After is ":=" or "=" || (Keyword == "range" && After == ",");
}

/// <summary>
/// The words of Go templates. promtool and amtool report what is wrong with a template: here, it ends where it cannot be read further.
/// </summary>
internal static partial class GoTemplate
{
    public static IEnumerable<TemplateWord> Words(string template)
    {
        var (blocks, dotIsRoot) = (new Stack<(string Keyword, bool DotIsRoot)>(), true);
        for (var at = 0; (at = template.IndexOf("{{", at, StringComparison.Ordinal)) >= 0;)
        {
            if (Action().Match(template, at) is not { Success: true } action)
            {
                yield break;
            }

            at += action.Length;
            var captures = action.Groups["word"].Captures;
            var keyword = captures.FirstOrDefault()?.Value ?? "";
            if (keyword == "else" && blocks.TryPeek(out var block))
            {
                dotIsRoot = block.DotIsRoot;
            }

            foreach (var (index, word) in captures.Index())
            {
                yield return new TemplateWord(
                    word.Value,
                    word.Index,
                    keyword,
                    captures.ElementAtOrDefault(index - 1)?.Value ?? "",
                    captures.ElementAtOrDefault(index + 1)?.Value ?? "",
                    dotIsRoot && word.Value[0] == '.' && template[word.Index - 1] != ')');
            }

            if (keyword is "if" or "with" or "range" or "define" or "block")
            {
                blocks.Push((keyword, dotIsRoot));
            }
            else if (keyword == "end" && blocks.TryPop(out var ended))
            {
                dotIsRoot = ended.DotIsRoot;
            }

            if ((keyword == "else" ? captures.ElementAtOrDefault(1)?.Value : keyword) is "with" or "range" or "define" or "block")
            {
                dotIsRoot = false;
            }
        }
    }

    /// <summary>The template with some words replaced.</summary>
    /// <param name="template">The template.</param>
    /// <param name="instead">The new word; null leaves the old one.</param>
    public static string Replace(string template, Func<TemplateWord, string?> instead)
    {
        var (text, at) = (new StringBuilder(), 0);
        foreach (var word in Words(template))
        {
            if (instead(word) is { } other)
            {
                text.Append(template, at, word.Index - at).Append(other);
                at = word.Index + word.Text.Length;
            }
        }

        return text.Append(template, at, template.Length - at).ToString();
    }

    [GeneratedRegex("""
        \G\{\{ (?: (?:-\s)? /\* [\s\S]*? \*/ (?:\s-)? \}\} | (?:-(?=\s))? (?: (?> \s | -(?=\}\})
          | (?<word> "(?:\\.|[^"\\\n])*" | `[^`]*` | '(?:\\.|[^'\\\n])+'
             | \$\w*(?:\.\w+)* | (?:\.\w+)+ | \w+(?:\.\w+)* | := | (?!\}\}|["`'])\S ) ) )*? \}\} )
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Action();
}
