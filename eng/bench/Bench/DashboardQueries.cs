using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Promethoide.Bench;

/// <summary>
/// The requests that a browser sends to Prometheus to show a dashboard: panels, annotations and variables, all variables at <c>All</c>.
/// </summary>
/// <param name="Title">The dashboard's title.</param>
/// <param name="Queries">Each with the panel's title, the path and the posted form (null: a GET).</param>
internal sealed partial record DashboardQueries(string Title, IReadOnlyList<DashboardQueries.Query> Queries)
{
    // The width of Grafana's page on a screen of 1920 pixels; a panel requests at most one point per pixel.
    private const double PageWidth = 1888;
    private const double Columns = 24;
    private const string ScrapeInterval = "15s";

    // Grafana rounds steps to these seconds: to the largest whose boundary to the next is not exceeded.
    private static readonly double[] Steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600];

    public static DashboardQueries Read(string file, long end, TimeSpan range)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var dashboard = document.RootElement;
        var start = end - (long)range.TotalSeconds;
        var variables = Listed(dashboard, "templating").ToList();
        var values = variables.ToDictionary(
            variable => variable.GetProperty("name").GetString()!,
            variable =>
                variable.TryGetProperty("allValue", out var all) && all.ValueKind == JsonValueKind.String ? all.GetString()! : ".+");

        List<Query> queries = [];
        foreach (var variable in variables.Where(variable => variable.GetProperty("type").GetString() == "query"))
        {
            var query = variable.GetProperty("query") is { ValueKind: JsonValueKind.Object } written
                ? written.GetProperty("query").GetString()!
                : variable.GetProperty("query").GetString()!;
            var parts = LabelValues().Match(query);
            var metric = Uri.EscapeDataString(Fill(parts.Groups["metric"].Value, values, 0, range, ScrapeInterval));
            queries.Add(new(
                $"variable {variable.GetProperty("name").GetString()}",
                $"label/{parts.Groups["label"].Value}/values?match[]={metric}&start={start}&end={end}",
                null));
        }

        foreach (var annotation in Listed(dashboard, "annotations").Where(annotation => annotation.TryGetProperty("expr", out _)))
        {
            queries.Add(RangeQuery(
                $"annotation {annotation.GetProperty("name").GetString()}",
                annotation.GetProperty("expr").GetString()!,
                StepOf(range, PageWidth, ScrapeInterval),
                ScrapeInterval));
        }

        foreach (var panel in PanelsOf(dashboard))
        {
            foreach (var target in Elements(panel, "targets").Where(target => target.TryGetProperty("expr", out _)))
            {
                var least = Text(target, "interval") ?? Text(panel, "interval") ?? ScrapeInterval;
                var points = panel.TryGetProperty("maxDataPoints", out var most) && most.ValueKind == JsonValueKind.Number
                    ? most.GetDouble()
                    : panel.GetProperty("gridPos").GetProperty("w").GetDouble() / Columns * PageWidth;
                var step = StepOf(range, points, least);
                var title = $"{panel.GetProperty("title").GetString()} {Text(target, "refId")}";
                var expression = target.GetProperty("expr").GetString()!;
                queries.Add(target.TryGetProperty("instant", out var instant) && instant.GetBoolean()
                    ? new(title, "query", new() { ["query"] = Fill(expression, values, step, range, least), ["time"] = $"{end}" })
                    : RangeQuery(title, expression, step, least));
            }
        }

        return new(dashboard.GetProperty("title").GetString()!, queries);

        Query RangeQuery(string title, string expression, double step, string least) => new(title, "query_range", new()
        {
            ["query"] = Fill(expression, values, step, range, least),
            ["start"] = Invariant(Math.Floor(start / step) * step),
            ["end"] = Invariant(Math.Floor(end / step) * step),
            ["step"] = Invariant(step),
        });
    }

    private static IEnumerable<JsonElement> PanelsOf(JsonElement owner) =>
        Elements(owner, "panels").SelectMany(panel => PanelsOf(panel).Prepend(panel));

    private static JsonElement.ArrayEnumerator Elements(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var list) ? list.EnumerateArray() : default;

    private static JsonElement.ArrayEnumerator Listed(JsonElement dashboard, string name) =>
        dashboard.TryGetProperty(name, out var owner) ? Elements(owner, "list") : default;

    private static string? Text(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var text) && text.GetString() is { Length: > 0 } given ? given : null;

    private static double StepOf(TimeSpan range, double points, string least)
    {
        var exact = range.TotalSeconds / points;
        var rounded = Steps.Where((_, index) => index == 0 || exact >= (Steps[index - 1] + Steps[index]) / 2).Max();
        return Math.Max(rounded, Seconds(least));
    }

    private static string Fill(string expression, Dictionary<string, string> values, double step, TimeSpan range, string least)
    {
        var scrape = Seconds(least);
        return Variable().Replace(expression, match => match.Groups["name"].Value switch
        {
            "__rate_interval" => $"{Invariant(Math.Max(step + scrape, 4 * scrape))}s",
            "__interval" => $"{Invariant(step)}s",
            "__range" => $"{Invariant(range.TotalSeconds)}s",
            "__range_s" => Invariant(range.TotalSeconds),
            var name => values.GetValueOrDefault(name, match.Value),
        });
    }

    private static double Seconds(string duration) =>
        double.Parse(duration[..^1], CultureInfo.InvariantCulture) * (duration[^1] switch { 's' => 1, 'm' => 60, _ => 3600 });

    private static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\$\{?(?<name>[a-zA-Z_]\w*)(:\w+)?\}?")]
    private static partial Regex Variable();

    [GeneratedRegex(@"^label_values\((?<metric>.+),\s*(?<label>\w+)\s*\)$")]
    private static partial Regex LabelValues();

    /// <summary>One request to Prometheus' API.</summary>
    internal sealed record Query(string Title, string Path, Dictionary<string, string>? Form);
}
