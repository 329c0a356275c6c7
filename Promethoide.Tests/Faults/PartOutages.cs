namespace Promethoide.Tests.Faults;

/// <summary>
/// How long users could not work after each part was killed: measured at the desk for the web, at the API for every other part.
/// </summary>
internal sealed class PartOutages(string drill, HttpClient http) : IAsyncDisposable
{
    private readonly Outages _api = new(http, "/api/flights/AA123");
    private readonly Outages _desk = new(http, "/sign-in");
    private readonly Dictionary<string, TimeSpan> _longest = [];

    /// <summary>Waits until the part works again.</summary>
    public async Task EndedAsync(string part)
    {
        var outage = await (part == "web" ? _desk : _api).LongestAsync();
        _longest[part] = _longest.TryGetValue(part, out var longest) && longest > outage ? longest : outage;
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _desk.DisposeAsync();
        foreach (var (part, outage) in _longest)
        {
            FaultReport.Add(drill, $"{part}: longest outage", $"{outage.TotalSeconds:0.0} s");
        }
    }
}
