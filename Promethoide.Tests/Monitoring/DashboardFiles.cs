using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>One dashboard of the repository.</summary>
/// <param name="Name">Its file name without the extension.</param>
/// <param name="Json">The whole file.</param>
internal sealed record Dashboard(string Name, JsonElement Json)
{
    public string Uid => Json.GetProperty("uid").GetString()!;

    /// <summary>Its panels, including those in collapsed rows; rows themselves are excluded.</summary>
    public IReadOnlyList<Panel> Panels { get; } = [.. PanelsOf(Json).Select(panel => new Panel(Name, panel))];

    /// <summary>Its panels that query Prometheus.</summary>
    public IEnumerable<Panel> Queries => Panels.Where(panel => panel.Type != "text");

    public IReadOnlyDictionary<string, JsonElement> Variables { get; } = Json.TryGetProperty("templating", out var templating)
        ? templating.GetProperty("list").EnumerateArray().ToDictionary(variable => variable.GetProperty("name").GetString()!)
        : [];

    public override string ToString() => Name;

    private static IEnumerable<JsonElement> PanelsOf(JsonElement holder) => holder.Items("panels")
        .SelectMany(panel => panel.GetProperty("type").GetString() == "row" ? PanelsOf(panel) : [panel]);
}

/// <summary>One panel.</summary>
internal sealed record Panel(string Dashboard, JsonElement Json)
{
    public int Id => Json.GetProperty("id").GetInt32();

    public string Type => Json.GetProperty("type").GetString()!;

    public string Title => Json.GetProperty("title").GetString()!;

    public IReadOnlyList<Query> Queries => [.. Json.Items("targets").Select(target => new Query(this, target))];

    /// <summary>The default options of its fields.</summary>
    public JsonElement Defaults => Json.GetProperty("fieldConfig").GetProperty("defaults");

    /// <summary>The options of individual fields: the field's name or pattern, then one option at a time.</summary>
    public IEnumerable<(string Field, string Option, JsonElement Value)> Overrides =>
        from one in Json.GetProperty("fieldConfig").Items("overrides")
        from property in one.GetProperty("properties").EnumerateArray()
        select (
            one.GetProperty("matcher").GetProperty("options").GetString()!,
            property.GetProperty("id").GetString()!,
            property.GetProperty("value"));

    /// <summary>The URLs that its title or its data link to.</summary>
    public IEnumerable<string> Links => Json.Items("links").Concat(Defaults.Items("links"))
        .Concat(Overrides.Where(one => one.Option == "links").SelectMany(one => one.Value.EnumerateArray()))
        .Select(link => link.GetProperty("url").GetString()!);

    /// <summary>The values at which the colour changes, for the named field or by default.</summary>
    public IReadOnlyList<double> Thresholds(string? field = null)
    {
        var thresholds = field is null
            ? Defaults.GetProperty("thresholds")
            : Overrides.Single(one => one.Field == field && one.Option == "thresholds").Value;
        return
        [
            .. thresholds.Items("steps")
                .Select(step => step.GetProperty("value"))
                .Where(value => value.ValueKind == JsonValueKind.Number)
                .Select(value => value.GetDouble()),
        ];
    }

    public override string ToString() => $"{Dashboard}/{Id} ({Title})";
}

/// <summary>One query of a panel.</summary>
internal sealed partial record Query(Panel Panel, JsonElement Json)
{
    // Grafana's own formula, with the data source's 15 s:
    // https://grafana.com/docs/grafana/latest/datasources/prometheus/template-variables/
    private const int Scrape = 15;

    public string Reference => Json.GetProperty("refId").GetString()!;

    /// <summary>The query as written, with Grafana's variables.</summary>
    public string Text => Json.GetProperty("expr").GetString()!;

    public string Legend => Json.TryGetProperty("legendFormat", out var legend) ? legend.GetString()! : "";

    /// <summary>The query as Prometheus receives it when all variables are set to All, over five minutes.</summary>
    public string Expression => Variable().Replace(Text, variable => variable.Groups[1].Value switch
    {
        "__rate_interval" => $"{Math.Max(Interval + Scrape, 4 * Scrape)}s",
        "__range" => "300s",
        _ => ".+",
    });

    /// <summary>Every selector of the expression: the metric (empty if it selects by label only) and the matchers.</summary>
    public IEnumerable<(string Metric, string Matchers, int At)> Selectors => Selector().Matches(Text)
        .Where(match => match.Groups["matchers"].Success)
        .Select(match => (match.Groups["metric"].Value, match.Groups["matchers"].Value, match.Index));

    /// <summary>The labels that its legend names.</summary>
    public IEnumerable<string> LegendLabels => LegendLabel().Matches(Legend).Select(match => match.Groups[1].Value);

    /// <summary>The name that Grafana gives a series in the result.</summary>
    public string NameOf(IReadOnlyDictionary<string, string> labels) =>
        LegendLabel().Replace(Legend, match => labels.GetValueOrDefault(match.Groups[1].Value, ""));

    public override string ToString() => $"{Panel} {Reference}: {Text}";

    private int Interval => Panel.Json.TryGetProperty("interval", out var interval)
        ? 60 * int.Parse(interval.GetString()!.TrimEnd('m'), CultureInfo.InvariantCulture)
        : Scrape;

    [GeneratedRegex("""\$(\w*[a-zA-Z_]\w*)""")]
    private static partial Regex Variable();

    // Strings first, so that no selector starts inside one.
    [GeneratedRegex("""
        "(?:\\.|[^"\\])*"|(?<metric>[a-zA-Z_:][a-zA-Z0-9_:]*)?\{(?<matchers>(?:[^{}"]|"(?:\\.|[^"\\])*")*)\}
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Selector();

    [GeneratedRegex("""\{\{\s*(\w+)\s*\}\}""")]
    private static partial Regex LegendLabel();
}

/// <summary>The repository's dashboards.</summary>
internal static class DashboardFiles
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "monitoring", "grafana", "dashboards");

    public static IEnumerable<string> Names { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(),
    ];

    public static string Text(string name) => File.ReadAllText(Path.Combine(Folder, $"{name}.json"));

    public static Dashboard Read(string name) => new(name, JsonDocument.Parse(Text(name)).RootElement);

    public static IReadOnlyList<Dashboard> All { get; } = [.. Names.Select(Read)];

    /// <summary>The dashboards that query Prometheus; the other one has only text.</summary>
    public static IReadOnlyList<Dashboard> WithQueries { get; } = [.. All.Where(dashboard => dashboard.Queries.Any())];

    /// <summary>The elements of an array; none if the property is missing.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, string property) =>
        json.TryGetProperty(property, out var items) ? items.EnumerateArray() : [];
}
