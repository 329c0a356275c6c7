using System.Text.Encodings.Web;
using System.Text.Json;

namespace Promethoide.Monitoring.Alerting;

/// <summary>The runbooks as a dashboard, so that a mail's link opens one in the Grafana that sent the mail, wherever that is.</summary>
internal sealed class Runbooks
{
    public const string Folder = "runbooks";

    private const string Uid = "promethoide-runbooks";

    // Of Grafana's grid: its width in columns, and a row with the gap below it in pixels.
    private const int Columns = 24;

    private const int RowPixels = 38;

    private static readonly string[] Tags = ["promethoide"];

    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Alert, string Text)> _pages;

    private Runbooks(IEnumerable<(string Alert, string Text)> pages) => _pages = [.. pages];

    /// <param name="monitoring">The folder that has <see cref="Folder"/>.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static Runbooks Read(string monitoring) => new(
        from file in Directory.EnumerateFiles(MonitoringFolder.Require(monitoring, Folder), "*.md").Order(StringComparer.Ordinal)
        select (Path.GetFileNameWithoutExtension(file), File.ReadAllText(file)));

    /// <summary>Where an alert's page is, below Grafana's root URL.</summary>
    /// <exception cref="RulesException">There is no page for it.</exception>
    public string UrlOf(string alert) => _pages.FindIndex(page => page.Alert == alert) is >= 0 and var index
        ? $"/d/{Uid}?viewPanel={PanelId(index)}"
        : throw new RulesException($"Alert {alert} has no runbook: write {Folder}/{alert}.md.");

    /// <summary>The dashboard's JSON: a panel for each page, one below the other.</summary>
    /// <param name="origin">The dashboard's description: what made it, of what.</param>
    public string Dashboard(string origin)
    {
        var panels = new List<object>();
        var y = 0;
        foreach (var (index, (alert, page)) in _pages.Index())
        {
            var text = Body(page);
            var height = Height(text);
            panels.Add(new
            {
                id = PanelId(index),
                type = "text",
                title = alert,
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
                links = new[] { new { title = "Promethoide", type = "dashboards", tags = Tags, asDropdown = true, icon = "external link", keepTime = true, tooltip = "The dashboards" } },
                panels,
            },
            Json) + "\n";
    }

    private static int PanelId(int index) => index + 1;

    // The heading is the panel's title.
    private static string Body(string page) => page[(page.IndexOf('\n', StringComparison.Ordinal) + 1)..].Trim();

    // Generous: a panel that is too low scrolls.
    private static int Height(string text) => 2 + (text.Split('\n').Sum(line => line switch
    {
        "" => 8,
        ['#', ..] => 46,
        _ => 24 * (1 + (line.Length / 140)),
    }) / RowPixels);
}
