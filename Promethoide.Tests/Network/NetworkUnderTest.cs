using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;
using Promethoide.Network;

namespace Promethoide.Tests.Network;

/// <summary>A running network, with queries to its Prometheus.</summary>
internal sealed class NetworkUnderTest : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly RunningNetwork _network;
    private readonly string _database;

    private NetworkUnderTest(RunningNetwork network, string database) => (_network, _database) = (network, database);

    /// <summary>Its data folder.</summary>
    public string Data => _network.Data;

    public string Desk => Url("apache");

    /// <summary>The officers of its desk.</summary>
    public Officers Officers => _network.Officers;

    /// <summary>Starts it as processes, and waits until everything is healthy.</summary>
    /// <param name="change">Changes the model before the start.</param>
    public static Task<NetworkUnderTest> StartAsync(Action<IDistributedApplicationTestingBuilder>? change = null) =>
        StartAsync("processes", change);

    /// <summary>Starts it as containers, and waits until everything is healthy.</summary>
    /// <param name="change">Changes the model before the start.</param>
    public static Task<NetworkUnderTest> StartContainersAsync(Action<IDistributedApplicationTestingBuilder> change) =>
        StartAsync("containers", change);

    private static async Task<NetworkUnderTest> StartAsync(string form, Action<IDistributedApplicationTestingBuilder>? change)
    {
        var network = await RunningNetwork.StartAsync(form, change);
        return new(network, await network.ConnectionStringAsync(Promethoide.AppHost.Database.ConnectionName));
    }

    public string Url(string component) => _network.Url(component);

    /// <summary>The links of all running components.</summary>
    public IReadOnlyList<(string Component, string Url)> Links => _network.Links;

    /// <summary>A connection to the network's database, as its owner; not pooled, since a restart may have broken pooled ones.</summary>
    public NpgsqlConnection Database() => new($"{_database};Pooling=false");

    public Task StopAsync(string component) => _network.StopAsync(component);

    public Task StartAsync(string component) => _network.StartAsync(component);

    public Task ExecuteAsync(string component, string command) => _network.ExecuteAsync(component, command);

    public Task<ExecuteCommandResult> TryExecuteAsync(
        string component, string command, params IEnumerable<(string Name, string Value)> arguments) =>
        _network.TryExecuteAsync(component, command, arguments);

    /// <summary>The first supervisor's one-time sign-in link.</summary>
    public Task<string> SignInLinkAsync() => _network.SignInLinkAsync();

    /// <summary>The first supervisor's initial password.</summary>
    public Task<string> SupervisorPasswordAsync() => _network.SupervisorPasswordAsync();

    /// <summary>The smoke test's key.</summary>
    public Task<string> SmokeKeyAsync() => _network.SmokeKeyAsync();

    /// <summary>A component's log so far.</summary>
    public Task<string> LogAsync(string component) => _network.LogAsync(component);

    public void Kill(string component) => _network.Kill(component);

    public int ProcessOf(string component) => _network.ProcessOf(component);

    public Task<IReadOnlyDictionary<string, string>> SecretsAsync() => _network.SecretsAsync();

    public IEnumerable<(IResource Resource, CustomResourceSnapshot Shown)> Shown => _network.Shown;

    /// <summary>Queries Prometheus; returns each sample's labels and value.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(string promql)
    {
        var answer = await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/query?query={Uri.EscapeDataString(promql)}");
        return
        [
            .. answer.GetProperty("data").GetProperty("result").EnumerateArray().Select(sample => (
                (IReadOnlyDictionary<string, string>)sample.GetProperty("metric").Deserialize<Dictionary<string, string>>()!,
                double.Parse(sample.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>The times of a series' samples, in seconds since 1970.</summary>
    /// <param name="range">One series and a range: <c>up{job="prometheus"}[10m]</c>.</param>
    public async Task<IReadOnlyList<double>> TimesAsync(string range) =>
    [
        .. from series in (await Http.GetFromJsonAsync<JsonElement>(
            $"{Url("prometheus")}/api/v1/query?query={Uri.EscapeDataString(range)}"))
            .GetProperty("data")
            .GetProperty("result")
            .EnumerateArray()
           from sample in series.GetProperty("values").EnumerateArray()
           select sample[0].GetDouble(),
    ];

    /// <summary>Prometheus' own list of its scrape targets.</summary>
    public async Task<IReadOnlyList<(string Job, string Instance, string Health, string LastError)>> TargetsAsync() =>
    [
        .. (await ActiveTargetsAsync()).Select(target => (
            target.GetProperty("labels").GetProperty("job").GetString()!,
            target.GetProperty("labels").GetProperty("instance").GetString()!,
            target.GetProperty("health").GetString()!,
            target.GetProperty("lastError").GetString()!)),
    ];

    /// <summary>
    /// Prometheus' own list of its rules: its file and group, its health after the last evaluation, and for an alert its state.
    /// </summary>
    public async Task<IReadOnlyList<(string File, string Group, string Rule, string Health, string? State)>> RulesAsync() =>
    [
        .. from @group in (await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/rules")).GetProperty("data")
            .GetProperty("groups")
            .EnumerateArray()
           from rule in @group.GetProperty("rules").EnumerateArray()
           select (
               Path.GetFileName(@group.GetProperty("file").GetString()!),
               @group.GetProperty("name").GetString()!,
               rule.GetProperty("name").GetString()!,
               rule.GetProperty("health").GetString()!,
               rule.TryGetProperty("state", out var state) ? state.GetString() : null),
    ];

    /// <summary>Prometheus' own list of the alerts that are pending or firing.</summary>
    public async Task<IReadOnlyList<(string Name, string State, IReadOnlyDictionary<string, string> Labels)>> AlertsAsync() =>
    [
        .. from alert in (await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/alerts")).GetProperty("data")
            .GetProperty("alerts")
            .EnumerateArray()
           let labels = alert.GetProperty("labels").Deserialize<Dictionary<string, string>>()!
           select (labels["alertname"], alert.GetProperty("state").GetString()!, (IReadOnlyDictionary<string, string>)labels),
    ];

    /// <summary>The scrape URL of a job's only target; null until Prometheus knows it.</summary>
    public async Task<Uri?> ScrapeUrlAsync(string job) => (await ActiveTargetsAsync())
        .Where(target => target.GetProperty("labels").GetProperty("job").GetString() == job)
        .Select(target => new Uri(target.GetProperty("scrapeUrl").GetString()!))
        .SingleOrDefault();

    public ValueTask DisposeAsync() => _network.DisposeAsync();

    private async Task<IEnumerable<JsonElement>> ActiveTargetsAsync() =>
        (await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/targets?state=active")).GetProperty("data")
            .GetProperty("activeTargets")
            .EnumerateArray();
}
