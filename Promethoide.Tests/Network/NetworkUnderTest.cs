using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Npgsql;
using Promethoide.Local.Control;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;
using Promethoide.Tests.Local;

namespace Promethoide.Tests.Network;

/// <summary>A network that runs, as Promethoide.Local started it.</summary>
/// <param name="Program">Its Promethoide.</param>
/// <param name="Table">Its components once all were healthy.</param>
internal sealed record NetworkUnderTest(LocalProgram Program, IReadOnlyList<ComponentStatus> Table) : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    public string Data => Path.GetDirectoryName(Path.GetDirectoryName(Table[0].Log)!)!;

    public string Desk => Url("apache");

    public string Url(string component) => Table.Single(status => status.Name == component).Url!;

    /// <summary>Asks Prometheus; each sample's labels and value.</summary>
    public async Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> QueryAsync(string promql)
    {
        var answer = await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/query?query={Uri.EscapeDataString(promql)}");
        return
        [
            .. answer.GetProperty("data").GetProperty("result").EnumerateArray().Select(sample => (
                (IReadOnlyDictionary<string, string>)sample.GetProperty("metric").Deserialize<Dictionary<string, string>>()!,
                double.Parse(sample.GetProperty("value")[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>Prometheus' own list of what it scrapes.</summary>
    public async Task<IReadOnlyList<(string Job, string Instance, string Health, string LastError)>> TargetsAsync() =>
    [
        .. (await ActiveTargetsAsync()).Select(target => (
            target.GetProperty("labels").GetProperty("job").GetString()!,
            target.GetProperty("labels").GetProperty("instance").GetString()!,
            target.GetProperty("health").GetString()!,
            target.GetProperty("lastError").GetString()!)),
    ];

    /// <summary>Prometheus' own list of its rules: where each is, whether its last evaluation went well, and the state of an alert.</summary>
    public async Task<IReadOnlyList<(string File, string Group, string Rule, string Health, string? State)>> RulesAsync() =>
    [
        .. from @group in (await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/rules")).GetProperty("data").GetProperty("groups").EnumerateArray()
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
        .. from alert in (await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/alerts")).GetProperty("data").GetProperty("alerts").EnumerateArray()
           let labels = alert.GetProperty("labels").Deserialize<Dictionary<string, string>>()!
           select (labels["alertname"], alert.GetProperty("state").GetString()!, (IReadOnlyDictionary<string, string>)labels),
    ];

    /// <summary>Where Prometheus finds the metrics of the only target of a job; null until it knows.</summary>
    public async Task<Uri?> ScrapeUrlAsync(string job) => (await ActiveTargetsAsync())
        .Where(target => target.GetProperty("labels").GetProperty("job").GetString() == job)
        .Select(target => new Uri(target.GetProperty("scrapeUrl").GetString()!))
        .SingleOrDefault();

    private async Task<IEnumerable<JsonElement>> ActiveTargetsAsync() =>
        (await Http.GetFromJsonAsync<JsonElement>($"{Url("prometheus")}/api/v1/targets?state=active")).GetProperty("data").GetProperty("activeTargets").EnumerateArray();

    /// <summary>A connection to the network's database, as its owner.</summary>
    public NpgsqlConnection Database()
    {
        var variables = RunningNetwork.Find(Data, Checkout.Find()).Database;
        return new(new NpgsqlConnectionStringBuilder
        {
            Host = variables["PGHOST"],
            Port = int.Parse(variables["PGPORT"], System.Globalization.CultureInfo.InvariantCulture),
            Database = variables["PGDATABASE"],
            Username = variables["PGUSER"],
            Password = variables["PGPASSWORD"],
        }.ConnectionString);
    }

    /// <summary>Starts the whole network on free ports and waits until everything is healthy.</summary>
    public static Task<NetworkUnderTest> StartAsync(params IEnumerable<string> arguments) => StartAsync(environment: null, arguments);

    /// <summary>The same, with variables in the environment of whoever starts it.</summary>
    public static async Task<NetworkUnderTest> StartAsync(IReadOnlyDictionary<string, string>? environment, params IEnumerable<string> arguments)
    {
        var program = LocalProgram.Start(environment, ["--ports", "auto", "--json", .. arguments]);
        var json = new StringBuilder();
        while (await program.ReadLineAsync() is { } line)
        {
            json.AppendLine(line);
            if (line == "]")
            {
                return new(program, JsonSerializer.Deserialize<List<ComponentStatus>>(json.ToString(), ControlJson.Options)!);
            }
        }

        throw new InvalidOperationException($"The network did not start:\n{program.Errors}");
    }

    public ValueTask DisposeAsync() => Program.DisposeAsync();
}
