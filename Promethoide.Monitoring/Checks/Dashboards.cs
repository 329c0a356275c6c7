using System.Text.Json;
using System.Text.RegularExpressions;

namespace Promethoide.Monitoring.Checks;

/// <summary>The dashboards that are there: their uids, and of each the ids of its panels.</summary>
internal sealed class Dashboards
{
    public const string Folder = "grafana/dashboards";

    private readonly Dictionary<string, HashSet<int>> _panels = [];

    public IReadOnlyCollection<string> Uids => _panels.Keys;

    /// <summary>Reads all of them; what Grafana would skip, refuse or mix up is found.</summary>
    public static Dashboards Read(IEnumerable<(Source Source, string Text)> files)
    {
        var (dashboards, uids, titles) = (new Dashboards(), new List<Named>(), new List<Named>());
        foreach (var (source, text) in files)
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                dashboards.Add(source, text, json.RootElement, uids, titles);
            }
            catch (JsonException e)
            {
                source.Add(1 + (int)(e.LineNumber ?? 0), "this is no JSON, so that Grafana skips the dashboard; put it right here or shortly before");
            }
        }

        uids.MustBeUnique((uid, first) => $"the dashboard uid '{uid}' is also at {first}, and Grafana then writes no dashboard; write another");
        titles.MustBeUnique((title, first) => $"the dashboard title '{title}' is also at {first}, and Grafana then writes no dashboard; write another");
        return dashboards;
    }

    public bool Has(string uid, int panel) => _panels.TryGetValue(uid, out var panels) && panels.Contains(panel);

    private void Add(Source source, string text, JsonElement root, List<Named> uids, List<Named> titles)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            source.Add(1, "a dashboard is a JSON object; begin it with {");
            return;
        }

        var (uid, title) = (Text(root, "uid"), Text(root, "title"));
        if (uid is null)
        {
            source.Add(1, "the dashboard has no uid, so that Grafana invents one and links to it break; add \"uid\"");
        }
        else if (!Uid.IsValid(uid))
        {
            source.Add(LineOf(text, "uid", uid), $"the dashboard uid '{uid}' {Uid.Rule}");
        }
        else
        {
            uids.Add(new Named(uid, source, LineOf(text, "uid", uid)));
        }

        if (title is null)
        {
            source.Add(1, "the dashboard has no title, so that Grafana skips it; add \"title\"");
        }
        else
        {
            titles.Add(new Named(title, source, LineOf(text, "title", title)));
        }

        var panels = new HashSet<int>();
        if (uid is not null)
        {
            _panels.TryAdd(uid, panels);
        }

        foreach (var id in PanelIds(root).Where(id => !panels.Add(id)))
        {
            source.Add(1, $"two panels have the id {id}; number them anew");
        }
    }

    // A collapsed row holds its panels itself.
    private static IEnumerable<int> PanelIds(JsonElement holder) => holder.TryGetProperty("panels", out var panels) && panels.ValueKind == JsonValueKind.Array
        ? panels.EnumerateArray().SelectMany(panel => (panel.TryGetProperty("id", out var id) && id.TryGetInt32(out var number) ? [number] : Array.Empty<int>()).Concat(PanelIds(panel)))
        : [];

    private static string? Text(JsonElement root, string key) =>
        root.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    // JsonDocument does not tell where it read a value.
    private static int LineOf(string text, string key, string value) =>
        Regex.Match(text, $"\"{key}\"\\s*:\\s*{Regex.Escape(JsonSerializer.Serialize(value))}") is { Success: true } match ? 1 + text.AsSpan(0, match.Index).Count('\n') : 1;
}
