using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Markdig;

namespace Promethoide.Monitoring.Alerting;

/// <summary>
/// Puts the runbooks where alerts are read: as a dashboard, so that a mail's link opens one in the Grafana that sent it, wherever that
/// runs; and as a page that Prometheus itself serves, for its own list of alerts and for Alertmanager.
/// </summary>
internal sealed class Runbooks
{
    public const string Folder = "runbooks";

    /// <summary>Below the folder of Prometheus' <c>--web.console.templates</c>, which it serves at <c>/consoles/</c>.</summary>
    public const string Page = "prometheus/consoles/runbooks.html";

    private const string Uid = "promethoide-runbooks";

    private const int IndexId = 1;

    // Grafana's grid: its width in columns, and a row with the gap below it in pixels.
    private const int Columns = 24;

    private const int RowPixels = 38;

    private static readonly string[] Tags = ["promethoide"];

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UsePipeTables().Build();

    private readonly List<(string Alert, string Text)> _pages;

    private Runbooks(IEnumerable<(string Alert, string Text)> pages) => _pages = [.. pages];

    /// <param name="monitoring">The folder that contains <see cref="Folder"/>.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    public static Runbooks Read(string monitoring) => new(
        from file in Directory.EnumerateFiles(MonitoringFolder.Require(monitoring, Folder), "*.md").Order(StringComparer.Ordinal)
        select (Path.GetFileNameWithoutExtension(file), Body(File.ReadAllText(file))));

    /// <summary>The address of an alert's page, below Grafana's root URL.</summary>
    /// <exception cref="RulesException">The alert has no page.</exception>
    public string UrlOf(string alert) => _pages.Exists(page => page.Alert == alert)
        ? PanelUrl(alert)
        : throw new RulesException($"Alert {alert} has no runbook: write {Folder}/{alert}.md.");

    /// <summary>The dashboard's JSON: an index, and a panel for each page, one below the other.</summary>
    /// <param name="origin">The dashboard's description: what generated it, and from what.</param>
    public string Dashboard(string origin)
    {
        var panels = new List<object>();
        var y = 0;
        foreach (var (id, title, text) in _pages.Select(page => (PanelId(page.Alert), page.Alert, page.Text))
            .Prepend((IndexId, "Index", Index(PanelUrl))))
        {
            var height = Height(text);
            panels.Add(new
            {
                id,
                type = "text",
                title,
                gridPos = new { h = height, w = Columns, x = 0, y },
                options = new { mode = "markdown", content = text },
            });
            y += height;
        }

        return JsonSerializer.Serialize(
            new
            {
                uid = Uid,
                title = "Runbooks",
                description = origin,
                tags = Tags,
                schemaVersion = 42,
                editable = false,
                timezone = "browser",
                time = new { from = "now-1h", to = "now" },
                links = new[] { new
                {
                    title = "Promethoide",
                    type = "dashboards",
                    tags = Tags,
                    asDropdown = true,
                    icon = "external link",
                    keepTime = true,
                    tooltip = "The dashboards",
                } },
                panels,
            },
            Json) + "\n";
    }

    /// <summary>One HTML page with all runbooks, each under its alert's name, as one of Prometheus' console templates.</summary>
    /// <param name="origin">What generated it, and from what.</param>
    public string Html(string origin)
    {
        var pages = string.Concat(_pages.Select(page =>
            $"<article id=\"{page.Alert}\">\n<h1>{page.Alert}</h1>\n{Markdig.Markdown.ToHtml(page.Text, Markdown)}</article>\n"));
        const string Frame =
            "font: 1rem/1.5 system-ui, sans-serif; color-scheme: light dark; max-width: 60rem; margin: 0 auto; padding: 1rem; "
            + "overflow-wrap: anywhere;";
        // Prometheus parses it as a Go template.
        return $$"""
            <!DOCTYPE html>
            <!-- {{origin}} -->
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Runbooks</title>
            <style>
            body { {{Frame}} }
            pre { overflow: auto; padding: .75rem; background: color-mix(in srgb, currentcolor 8%, transparent); }
            article { border-top: 1px solid color-mix(in srgb, currentcolor 30%, transparent); margin-top: 2rem; }
            article:target { border-top: .3rem solid #d44a3a; }
            td, th { text-align: left; padding-right: 1rem; vertical-align: top; }
            td:first-child { overflow-wrap: normal; }
            @media (max-width: 40rem) { td, th { display: block; } }
            </style>
            </head>
            <body>
            <h1>Runbooks</h1>
            <p><a href="../">Prometheus</a></p>

            """ + (Markdig.Markdown.ToHtml(Index(alert => $"#{alert}"), Markdown) + pages)
                .Replace("{{", "{{\"{{\"}}", StringComparison.Ordinal) + """
            </body>
            </html>

            """;
    }

    // Derived from the name, so that no link changes when another alert is added.
    private static int PanelId(string alert) =>
        2 + (int)(alert.Aggregate(2166136261u, (hash, letter) => unchecked((hash ^ letter) * 16777619u)) % 1_000_000);

    private static string PanelUrl(string alert) => string.Create(CultureInfo.InvariantCulture, $"/d/{Uid}?viewPanel={PanelId(alert)}");

    // The heading is the panel's title.
    private static string Body(string page) => page[(page.IndexOf('\n', StringComparison.Ordinal) + 1)..].Trim();

    private string Index(Func<string, string> urlOf) =>
        "| alert | meaning |\n|---|---|\n"
            + string.Concat(_pages.Select(page =>
                $"| [{page.Alert}]({urlOf(page.Alert)}) | {Meaning(page.Text).Replace("|", "\\|", StringComparison.Ordinal)} |\n"));

    private static string Meaning(string text) => text.Split('\n').FirstOrDefault(line => line is [not '#', ..], "");

    // Generous: a panel that is too low scrolls.
    private static int Height(string text) => 2 + (text.Split('\n').Sum(line => line switch
    {
        "" => 8,
        ['#', ..] => 46,
        _ => 24 * (1 + (line.Length / 140)),
    }) / RowPixels);
}
