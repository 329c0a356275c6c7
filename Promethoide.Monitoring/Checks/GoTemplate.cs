using System.Text.RegularExpressions;

namespace Promethoide.Monitoring.Checks;

/// <summary>What a template's writer may call, and what it may refer to.</summary>
/// <param name="Functions">Beside Go's own.</param>
/// <param name="Variables">Without <c>$</c>.</param>
internal sealed record TemplateScope(IReadOnlySet<string> Functions, IReadOnlyList<string> Variables)
{
    /// <summary>Templates of notifications: what Alertmanager 0.25 and Grafana 11 know, so that every later one does. Another function is fatal.</summary>
    public static TemplateScope Notification { get; } = new(
        new HashSet<string> { "toUpper", "toLower", "title", "trimSpace", "join", "match", "safeHtml", "reReplaceAll", "stringSlice", "date", "tz" }, []);

    /// <summary>Templates of annotations and labels.</summary>
    public static TemplateScope Rule { get; } = new(
        new HashSet<string>
        {
            "humanize", "humanize1024", "humanizeDuration", "humanizePercentage", "humanizeTimestamp", "title", "toUpper", "toLower", "match", "reReplaceAll",
            "args", "tmpl", "safeHtml", "stripPort", "stripDomain", "parseDuration", "toTime", "externalURL", "pathPrefix", "graphLink", "tableLink",
        },
        ["labels", "values", "value"]);
}

/// <summary>
/// The structure of a Go template, as far as it can be told without Go: actions that end, blocks that end, texts and parentheses that close, functions
/// and variables that exist. Lines are the file's.
/// </summary>
internal sealed partial class GoTemplate
{
    private static readonly HashSet<string> GoFunctions =
    [
        "and", "call", "html", "index", "slice", "js", "len", "not", "or", "print", "printf", "println", "urlquery", "eq", "ne", "lt", "le", "gt", "ge",
        "true", "false", "nil",
    ];

    private static readonly HashSet<string> Keywords = ["if", "range", "with", "else", "end", "define", "block", "template", "break", "continue"];

    private readonly TemplateScope _scope;

    private readonly Stack<(string Keyword, int Line, HashSet<string> Outside)> _open = [];

    private HashSet<string> _variables;

    private GoTemplate(TemplateScope scope)
    {
        _scope = scope;
        _variables = [.. scope.Variables];
    }

    public List<(int Line, string Message)> Errors { get; } = [];

    /// <summary>The templates that it defines.</summary>
    public List<(string Name, int Line)> Defined { get; } = [];

    /// <summary>The templates that it refers to.</summary>
    public List<(string Name, int Line)> Used { get; } = [];

    /// <summary>The variables that it reads.</summary>
    public List<(string Name, int Line)> Variables { get; } = [];

    /// <param name="text">The template.</param>
    /// <param name="scope">Where it is used.</param>
    /// <param name="firstLine">The line of its file that it begins in.</param>
    public static GoTemplate Parse(string text, TemplateScope scope, int firstLine)
    {
        var template = new GoTemplate(scope);
        for (var at = 0; (at = text.IndexOf("{{", at, StringComparison.Ordinal)) >= 0;)
        {
            var line = firstLine + text.AsSpan(0, at).Count('\n');
            var action = Action().Match(text, at);
            if (!action.Success)
            {
                template.Errors.Add((line, "an action is not closed; end it with }}, and each text in it with its quotation mark"));
                return template;
            }

            if (!action.Groups["comment"].Success)
            {
                template.Read(action.Groups["body"].Value, line);
            }

            at = action.Index + action.Length;
        }

        foreach (var (keyword, line, _) in template._open.Reverse())
        {
            template.Errors.Add((line, $"{{{{ {keyword} }}}} is not ended; add {{{{ end }}}}"));
        }

        return template;
    }

    private void Read(string body, int line)
    {
        var tokens = Token().Matches(body).Select(match => match.Value).ToList();
        if (tokens is [])
        {
            Errors.Add((line, "an action is empty; write a value, or take it away"));
            return;
        }

        if (Token().Replace(body, "").Trim() is { Length: > 0 } rest)
        {
            Errors.Add((line, $"'{rest}' has no meaning in an action; take it away"));
        }

        var depth = tokens.Count(token => token == "(") - tokens.Count(token => token == ")");
        if (depth != 0)
        {
            Errors.Add((line, $"the parentheses of '{body.Trim()}' do not match; {(depth > 0 ? "close" : "open")} each"));
        }

        Structure(tokens, line);
        Names(tokens, line);
    }

    private void Structure(List<string> tokens, int line)
    {
        switch (tokens[0])
        {
            case "if" or "range" or "with":
                Open(tokens[0], line, _variables);
                break;
            case "define" or "block":
                if (_open.Count > 0 && tokens[0] == "define")
                {
                    Errors.Add((line, $"a define stands inside {{{{ {_open.Peek().Keyword} }}}} of line {_open.Peek().Line}; end that first"));
                }

                Open(tokens[0], line, _scope.Variables);
                if (Name(tokens, line) is { } defined)
                {
                    Defined.Add((defined, line));
                }

                break;
            case "template":
                if (Name(tokens, line) is { } used)
                {
                    Used.Add((used, line));
                }

                break;
            case "else" when !_open.TryPeek(out var top) || top.Keyword is not ("if" or "range" or "with"):
                Errors.Add((line, "{{ else }} belongs to no if, range or with; take it away"));
                break;
            case "end" when _open.TryPop(out var block):
                _variables = block.Outside;
                break;
            case "end":
                Errors.Add((line, "{{ end }} ends nothing; take it away"));
                break;
        }
    }

    private void Open(string keyword, int line, IEnumerable<string> variables)
    {
        _open.Push((keyword, line, _variables));
        _variables = [.. variables];
    }

    private string? Name(List<string> tokens, int line)
    {
        if (tokens is [_, ['"' or '`', .., _] text, ..])
        {
            return text[1..^1];
        }

        Errors.Add((line, $"{tokens[0]} needs a name; write it in quotation marks"));
        return null;
    }

    private void Names(List<string> tokens, int line)
    {
        var declared = tokens.IndexOf(":=");
        foreach (var (index, token) in tokens.Index())
        {
            if (token is ['$', _, ..])
            {
                if (index < declared)
                {
                    _variables.Add(token[1..]);
                }
                else if (_variables.Contains(token[1..]))
                {
                    Variables.Add((token[1..], line));
                }
                else
                {
                    Errors.Add((line, $"{token} is not declared; set it before with {token} := …"));
                }
            }
            else if (char.IsLetter(token[0]) && !Keywords.Contains(token) && !GoFunctions.Contains(token) && !_scope.Functions.Contains(token))
            {
                Errors.Add((line, $"the function '{token}' is not known to every Grafana; use one of {string.Join(", ", _scope.Functions)}"));
            }
        }
    }

    [GeneratedRegex("""\G\{\{(-\s)?(?<comment>\s*/\*.*?\*/\s*)(\s-)?\}\}|\G\{\{(-(?=\s))?(?<body>("(\\.|[^"\\\n])*"|`[^`]*`|(?!\}\}|\{\{|["`])[\s\S])*?)(?<=\s)?-?\}\}""", RegexOptions.Singleline)]
    private static partial Regex Action();

    [GeneratedRegex("""
        "(\\.|[^"\\])*"|`[^`]*`|'(\\.|[^'\\])+'|\$\w*|(\.\w+)+|\.|-?\d[\w.]*|\w+|:=|=|\||\(|\)|,
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();
}
