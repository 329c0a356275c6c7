using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>Prometheus' tool, run on the rule files, the queries and texts of Grafana's rules, and YAML as Go reads it.</summary>
internal sealed partial class Promtool
{
    // As Grafana passes them to templates: a text, and samples by node name. args() names them arg0, arg1…
    private const string Value = """{{ $value := "[ var='A' labels={} value=1 ]" }}""";

    private const string Sample = """ (first (query "label_replace(vector(1), \"a\", \"b\", \"\", \"\")"))""";

    private static readonly string[] Labels = ["filterLabels", "filterLabelsRe", "removeLabels", "removeLabelsRe", "mergeLabelValues"];

    private readonly List<(Source Source, YamlNode Node, string Text, IReadOnlyList<string> RefIds)> _texts = [];

    private readonly List<(Source Source, YamlNode Node, string Expression)> _queries = [];

    /// <summary>A Prometheus query, with Grafana's time variables.</summary>
    public void AddQuery(Source source, YamlNode node, string expression) =>
        _queries.Add((source, node, Interval().Replace(expression, match => match.Groups["number"].Success ? "60" : "1m")));

    /// <summary>An annotation or a label.</summary>
    /// <param name="source">Its file.</param>
    /// <param name="node">Where it is.</param>
    /// <param name="text">The template.</param>
    /// <param name="refIds">The nodes of its rule.</param>
    public void AddText(Source source, YamlNode node, string text, IReadOnlyCollection<string> refIds)
    {
        if (!text.Contains("{{", StringComparison.Ordinal))
        {
            return;
        }

        var names = refIds.ToList();
        var rewritten = GoTemplate.Replace(text, word =>
        {
            var own = word.IsOfRoot ? word.Text : word.Text.StartsWith("$.", StringComparison.Ordinal) ? word.Text[1..] : "";
            var variable = own.StartsWith(".Values", StringComparison.Ordinal)
                ? $"$values{own[7..]}"
                : own == ".Value" ? "$value" : word.Text;
            if (word.IsText)
            {
                return word.Before is "$values" or ".Values" && Index(names, word.Text[1..^1]) is >= 0 and var at ? $"\"arg{at}\"" : null;
            }

            if (variable == "$value" && !word.IsDeclared)
            {
                source.Style(
                    node.Line(),
                    "the value is a text with the labels and values of all nodes in Grafana; write $values.A.Value for the number");
            }
            else if (variable.Split('.') is ["$values", var name, .. var rest])
            {
                if (Index(names, name) is >= 0 and var at)
                {
                    return string.Join('.', [$"$values.arg{at}", .. rest]);
                }

                source.Add(node, $"{word.Text} is of no node of the rule; write one of {string.Join(", ", names)}");
            }
            else if (word.Head is "$externalLabels" or "$externalURL" || own is [_, 'E', 'x', 't', ..] || word.Text == "query")
            {
                source.Add(node, $"'{word.Text}' is Prometheus' and not Grafana's; use $labels and $values");
            }

            return variable != word.Text
                ? variable
                : Labels.Contains(word.Text) ? "args" : word.Text is "graphLink" or "tableLink" ? "print" : null;
        });
        _texts.Add(
            (source, node, $"{Value}{{{{ $values := args{string.Concat(Enumerable.Repeat(Sample, names.Count))} }}}}{rewritten}", names));
    }

    /// <summary>Reports what promtool rejects.</summary>
    /// <param name="tools">The tools, promtool among them.</param>
    /// <param name="folder">The folder of the files.</param>
    /// <param name="onDisk">Prometheus' rule files, and others whose YAML is read.</param>
    public void Judge(Tools tools, string folder, IReadOnlyList<Source> onDisk)
    {
        var rules = Rules(_texts.Index());
        var files = onDisk.ToDictionary(source => Path.Combine(folder, source.File));
        var broken = new HashSet<int>();
        var (_, said) = tools.Run("promtool", ["check", "rules", "--lint=none", "rules.yml", .. files.Keys], ("rules.yml", rules));
        foreach (Match match in Complaint().Matches(said))
        {
            var (text, rule) = (match.Groups["text"].Value, match.Groups["rule"].Value);
            var error = Where().Replace(match.Groups["error"].Value, "");
            if (files.TryGetValue(match.Groups["file"].Value, out var source))
            {
                OnDisk(source, folder, match, error);
            }
            else if (text.Length > 0 && int.TryParse(text, out var index))
            {
                broken.Add(index);
                _texts[index].Source.Add(
                    _texts[index].Node, $"this template does not parse, so that the alert shows it unfilled ({error}); correct it");
            }
            else if (int.TryParse(rule, out var number) && number >= 2 && number - 2 < _queries.Count)
            {
                _queries[number - 2].Source.Add(_queries[number - 2].Node, $"this is not PromQL ({error}); correct it");
            }
        }

        Fill(tools, broken);
    }

    // promtool expands annotations when it tests rules, and shows those that differ from the expected ones.
    private void Fill(Tools tools, HashSet<int> broken)
    {
        var rules = Rules(_texts.Index().Where(text => !broken.Contains(text.Index)), queries: false);
        var test = new
        {
            rule_files = (string[])["rules.yml"],
            tests = new[]
            {
                new { alert_rule_test = new[] { new { eval_time = "0m", alertname = "texts", exp_alerts = Array.Empty<string>() } } }
            },
        };
        var (_, said) = tools.Run("promtool", ["test", "rules", "test.yml"], ("rules.yml", rules), ("test.yml", test));
        foreach (Match match in Filled().Matches(said))
        {
            var (source, node, _, names) = _texts[int.Parse(match.Groups["text"].Value, null)];
            var filled = match.Groups["filled"].Value;

            // An empty text is a label that the alert may have.
            if (filled.Contains("<error expanding", StringComparison.Ordinal)
                && !filled.Contains("parsing \\\"\\\"", StringComparison.Ordinal))
            {
                var error = filled[(filled.LastIndexOf("at <", StringComparison.Ordinal) + 3)..].TrimEnd('>')
                    .Replace("\\\"", "\"", StringComparison.Ordinal)
                    .Replace("*template.sample", "a node", StringComparison.Ordinal);
                source.Add(
                    node,
                    "this template fails in Grafana "
                    + $"({Argument().Replace(error, match => names[int.Parse(match.Groups["index"].Value, null)])}); a node's number is "
                    + "$values.A.Value");
            }
            else if (WrongVerb().Match(filled) is { Success: true } wrong)
            {
                source.Add(node, $"this template shows {wrong.Value} instead of a value; a node's number is $values.A.Value");
            }
        }
    }

    private object Rules(
        IEnumerable<(int Index, (Source Source, YamlNode Node, string Text, IReadOnlyList<string> RefIds) Item)> texts,
        bool queries = true) => new
    {
        groups = new[]
        {
            new
            {
                name = "grafana",
                rules = new[] { (object)new
                {
                    alert = "texts",
                    expr = "vector(1)",
                    annotations = texts.ToDictionary(text => $"text{text.Index}", text => text.Item.Text),
                } }
                    .Concat(queries ? _queries.Select(query => new { record = "query", expr = query.Expression }) : []),
            },
        },
    };

    private static void OnDisk(Source source, string folder, Match match, string error)
    {
        var isRules = source.File.StartsWith(PrometheusRules.Folder, StringComparison.Ordinal);
        var yaml = YamlLine().Match(error);
        if (isRules || (yaml.Success && !error.Contains("unmarshal errors", StringComparison.Ordinal)))
        {
            var place = int.TryParse(yaml.Groups["line"].Value + match.Groups["line"].Value, out var line)
                ? line
                : LineOf(
                    Path.Combine(folder, source.File),
                    match.Groups["group"].Value,
                    match.Groups["rule"].Value,
                    match.Groups["key"].Value);
            source.Add(
                Math.Max(1, place),
                $"{(isRules ? "Prometheus" : "Grafana")} cannot read this "
                + $"({(yaml.Success ? yaml.Groups["error"].Value : error).Trim()}); correct it");
        }
    }

    private static int LineOf(string file, string group, string rule, string key)
    {
        var groups = Yaml.Parse(File.ReadAllText(file), (_, _) => { })?.Items("groups") ?? [];
        var node = int.TryParse(rule, out var number)
            ? groups.FirstOrDefault(each => each.Text("name") == group)?.Items("rules").ElementAtOrDefault(number - 1)
            : null;
        return node is null
            ? 1
            : node.Entries("annotations")
                .Concat(node.Entries("labels"))
                .Where(text => text.Key.Value == key)
                .Select(text => text.Value.Line())
                .FirstOrDefault(node.Line());
    }

    // Classic conditions have several values: B0, B1…
    private static int Index(List<string> names, string name) =>
        names.IndexOf(name) is >= 0 and var at ? at : names.IndexOf(name.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'));

    [GeneratedRegex(@"\$\{?__(rate_interval|interval|range)(?<number>_ms|_s)?\}?")]
    private static partial Regex Interval();

    [GeneratedRegex(
        """^(?<file>[^\n]*?\.ya?ml|[^\n]*?\.json): (?:(?<line>\d+):\d+: )?(?:group "(?<group>.*?)", rule (?<rule>\d+), ".*?": )?"""
        + """(?:(?:annotation|label) "(?<key>text(?<text>\d+)|.*?)": )?(?<error>.*(?:\n  line .*)*)""",
        RegexOptions.Multiline)]
    private static partial Regex Complaint();

    [GeneratedRegex(@"^(?:template: \S*?:\d+(?::\d+)?: |could not parse expression: )")]
    private static partial Regex Where();

    [GeneratedRegex(@"line (?<line>\d+): (?<error>.*)")]
    private static partial Regex YamlLine();

    [GeneratedRegex(@"(?<=\$values\.)arg(?<index>\d+)")]
    private static partial Regex Argument();

    // Not the number in a node: Grafana shows that as text.
    [GeneratedRegex(@"(?<!&\{map\[[^\]]*\] )%!\w?\([^)]*\)?")]
    private static partial Regex WrongVerb();

    [GeneratedRegex("text(?<text>\\d+)=\"(?<filled>(?:\\\\.|[^\"\\\\])*)\"")]
    private static partial Regex Filled();
}
