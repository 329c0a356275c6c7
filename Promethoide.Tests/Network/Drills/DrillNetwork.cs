using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Promethoide.Network;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Network.Drills;

/// <summary>A mail as the sink's page shows it.</summary>
internal sealed record Mail(string Id, string To, string Subject, DateTimeOffset At);

/// <summary>
/// A network to be broken on purpose, with fast monitoring (<see cref="FastMonitoring"/>). Its own Alertmanager sends the mails, with
/// shorter waits (<see cref="FastAlertmanager"/>), and its own sink receives them.
/// </summary>
public sealed class DrillNetwork : IAsyncLifetime
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly ConcurrentDictionary<string, string> _table = new();
    private readonly Lazy<IReadOnlyDictionary<string, Task>> _drills;
    private readonly string _blackbox = Path.Combine(Directory.CreateTempSubdirectory("promethoide-drills-").FullName, "blackbox.yml");
    private NetworkUnderTest? _network;
    private HttpClient? _supervisor;

    public DrillNetwork() => _drills = new(() => AlertDrills.Lanes.SelectMany(Run).ToDictionary());

    internal DrilledMachine Machine { get; } = new();

    internal NetworkUnderTest Network => _network!;

    public async ValueTask InitializeAsync()
    {
        File.Copy(Path.Combine(Repository.Root, "monitoring", "blackbox", "blackbox.yml"), _blackbox);
        // When started by root, the exporter runs as another user.
        File.SetUnixFileMode(Path.GetDirectoryName(_blackbox)!, (UnixFileMode)0b111_101_101);
        _network = await NetworkUnderTest.StartAsync(builder =>
        {
            // The synthetic officer runs every second, and a drill's requests are not rate-limited.
            builder.Set("smoke", "Smoke__Period", "00:00:01");
            builder.Set("rest-api", "Limits__RequestsPerSecond", "0");
            builder.Process("blackbox-exporter").WithConfiguration(_blackbox);
            Machine.Watch(builder);
        });
        _supervisor = await _network.Officers.ClientAsync(Officers.Supervisor);
        FastMonitoring.Write(Path.Combine(_network.Data, "prometheus"));
        await ReloadAsync("prometheus");
        FastAlertmanager.Write(Path.Combine(_network.Data, "alertmanager", "alertmanager.yml"));
        await ReloadAsync("alertmanager");

        await Eventually.GetAsync(
            _network.RulesAsync,
            rules => rules.Count > 0 && rules.All(rule => rule.Health == "ok"),
            rules => string.Join("\n", rules.Where(rule => rule.Health != "ok")));
        await Eventually.GetAsync(
            _network.TargetsAsync, targets => targets.All(target => target.Health == "up"), targets => string.Join("\n", targets));
        await Eventually.GetAsync(
            _network.AlertsAsync, alerts => alerts.Count == 0, alerts => string.Join("\n", alerts.Select(alert => alert.Name)));
    }

    public async ValueTask DisposeAsync()
    {
        _supervisor?.Dispose();
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }

        await Machine.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(_blackbox)!, recursive: true);
        await File.WriteAllLinesAsync(
            Path.Combine(Repository.Root, "artifacts", "drills.md"),
            [
                "Seconds at a pace 20 times that of production.",
                "",
                "| alert | fault | fires after, s | ends after, s |",
                "|---|---|---|---|",
                .. _table.OrderBy(row => row.Key, StringComparer.Ordinal).Select(row => row.Value),
            ]);
    }

    /// <summary>The drill of an alert; all drills run together.</summary>
    internal Task DrilledAsync(string alert) => _drills.Value[alert];

    /// <summary>Waits until all drills have finished.</summary>
    internal async Task AllDrilledAsync()
    {
        foreach (var drill in _drills.Value.Values)
        {
            await drill.ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>The mails in the sink, oldest first.</summary>
    internal async Task<IReadOnlyList<Mail>> MailsAsync()
    {
        var answer = await Http.GetFromJsonAsync<JsonElement>($"{Network.Url("mail")}/api/messages?pageSize=1000", CancellationToken.None);
        return
        [
            .. answer.GetProperty("results").EnumerateArray().Reverse().Select(mail =>
                new Mail(
                    mail.GetProperty("id").GetString()!,
                    mail.GetProperty("deliveredTo").GetString()!,
                    mail.GetProperty("subject").GetString()!,
                    mail.GetProperty("receivedDate").GetDateTimeOffset())),
        ];
    }

    /// <summary>A mail's text, as the sink's page shows it.</summary>
    internal Task<string> TextOfAsync(Mail mail) =>
        Http.GetStringAsync($"{Network.Url("mail")}/api/messages/{mail.Id}/plaintext", CancellationToken.None);

    // One after another: each drill waits for the previous one, whatever its result.
    private IEnumerable<KeyValuePair<string, Task>> Run(IReadOnlyList<AlertDrill> lane)
    {
        var before = Task.CompletedTask;
        foreach (var drill in lane)
        {
            var running = RunAsync(drill, before);
            before = running.ContinueWith(_ => { }, TaskScheduler.Default);
            foreach (var alert in drill.Alerts)
            {
                yield return new(alert, running);
            }
        }
    }

    private async Task RunAsync(AlertDrill drill, Task before)
    {
        await before;
        foreach (var alert in drill.Alerts)
        {
            await IsQuietAsync(alert);
        }

        var clock = Stopwatch.StartNew();
        var fired = new Dictionary<string, TimeSpan>();
        await using (await drill.Provoke(this))
        {
            foreach (var alert in drill.Alerts)
            {
                await FiresAsync(alert);
                fired[alert] = clock.Elapsed;
            }
        }

        clock.Restart();
        foreach (var alert in drill.Alerts)
        {
            if (!drill.LeavesTraces)
            {
                await IsQuietAsync(alert);
            }

            _table[alert] = string.Create(
                CultureInfo.InvariantCulture,
                $"| {alert} | {drill.Fault} | {fired[alert].TotalSeconds:0.0} | "
                + $"{(drill.LeavesTraces ? "–" : $"{clock.Elapsed.TotalSeconds:0.0}")} |");
        }
    }

    /// <summary>Waits until an alert fires.</summary>
    /// <param name="alert">Its name, with labels in braces where several share it: <c>ServiceDown{instance=apache}</c>.</param>
    internal Task FiresAsync(string alert) => UntilAsync(alert, states => states.Contains("firing"));

    /// <summary>Waits until an alert neither fires nor is about to.</summary>
    internal Task IsQuietAsync(string alert) => UntilAsync(alert, states => states.Count == 0);

    /// <summary>Whether an alert has fired since then, however briefly.</summary>
    internal async Task<bool> HasFiredAsync(string name, Stopwatch since) =>
        (await Network.QueryAsync(
            $$"""count_over_time(ALERTS{alertname="{{name}}",alertstate="firing"}[{{since.ElapsedMilliseconds}}ms])""")).Count > 0;

    /// <summary>Stops a component until the returned object is disposed.</summary>
    internal async Task<IAsyncDisposable> StopAsync(string component)
    {
        await Network.StopAsync(component);
        return Start(component);
    }

    /// <summary>Kills a component, which stays down until the returned object is disposed.</summary>
    internal IAsyncDisposable Kill(string component)
    {
        Network.Kill(component);
        return Start(component);
    }

    /// <summary>Makes an endpoint of the API slow or failing until the returned object is disposed.</summary>
    internal async Task<IAsyncDisposable> DrillAsync(object drill)
    {
        var ops = new Uri((await Network.ScrapeUrlAsync("rest-api"))!, "/drill");
        using var answer = await Http.PutAsJsonAsync(ops, drill, CancellationToken.None);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(CancellationToken.None));
        return new Ending(async () => (await Http.DeleteAsync(ops)).Dispose());
    }

    /// <summary>
    /// Requests a path repeatedly, as a supervisor, until the returned object is disposed. It continues whatever the response, or without
    /// one.
    /// </summary>
    /// <param name="component">The component to call.</param>
    /// <param name="path">The path.</param>
    /// <param name="pause">How long each client waits between a response and its next request.</param>
    /// <param name="clients">The number of concurrent clients.</param>
    internal IAsyncDisposable Ask(string component, string path, TimeSpan pause, int clients = 4) =>
        Repeat(over => _supervisor!.GetAsync($"{Network.Url(component)}{path}", over), pause, clients);

    /// <summary>Guesses passwords until the returned object is disposed.</summary>
    internal IAsyncDisposable GuessPasswords(TimeSpan pause) =>
        Repeat(
            over => Http.PostAsJsonAsync($"{Network.Url("rest-api")}/sessions", new { user_name = "nobody", password = "a guess" }, over),
            pause,
            clients: 1);

    private static Ending Repeat(Func<CancellationToken, Task<HttpResponseMessage>> ask, TimeSpan pause, int clients)
    {
        var over = new CancellationTokenSource();
        var asking = Enumerable.Range(0, clients).Select(async _ =>
        {
            while (!over.IsCancellationRequested)
            {
                try
                {
                    using var answer = await ask(over.Token);
                }
                catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
                {
                    // No response, or the drill is over.
                }

                await Task.Delay(pause);
            }
        }).ToArray();
        return new Ending(async () =>
        {
            await over.CancelAsync();
            await Task.WhenAll(asking);
            over.Dispose();
        });
    }

    /// <summary>Takes all but one of PostgreSQL's connections until the returned object is disposed.</summary>
    internal async Task<IAsyncDisposable> TakeConnectionsAsync()
    {
        var taken = new List<NpgsqlConnection>();
        long free;
        do
        {
            var connection = Network.Database();
            await connection.OpenAsync(CancellationToken.None);
            taken.Add(connection);
            await using var count = new NpgsqlCommand(
                "SELECT current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint - "
                + "count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'",
                connection);
            free = (long)(await count.ExecuteScalarAsync(CancellationToken.None))!;
        }
        while (free > 1);
        return new Ending(async () =>
        {
            foreach (var connection in taken)
            {
                await connection.DisposeAsync();
            }
        });
    }

    /// <summary>Changes a file that Prometheus or the blackbox exporter reloads, until the returned object is disposed.</summary>
    /// <param name="component">The component that has to reload it; null if it notices the change by itself.</param>
    /// <param name="file">The file.</param>
    /// <param name="change">Returns the new content for the old.</param>
    internal async Task<IAsyncDisposable> ChangeAsync(string? component, string file, Func<string, string> change)
    {
        var good = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, change(good));
        await ReloadAsync(component);
        return new Ending(async () =>
        {
            await File.WriteAllTextAsync(file, good);
            await ReloadAsync(component);
        });
    }

    /// <summary>The path of a file in Prometheus' folder.</summary>
    internal string PrometheusFile(params ReadOnlySpan<string> path) => Path.Combine(Network.Data, "prometheus", Path.Combine(path));

    internal string BlackboxFile => _blackbox;

    /// <summary>Executes SQL as the owner of the database.</summary>
    internal async Task ExecuteAsync(string sql)
    {
        await using var database = Network.Database();
        await database.OpenAsync();
        await using var command = new NpgsqlCommand(sql, database);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Begins a transaction that stays open until the returned object is disposed.</summary>
    internal async Task<IAsyncDisposable> BeginAsync(string sql)
    {
        var database = Network.Database();
        await database.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; {sql}", database);
        await command.ExecuteNonQueryAsync();
        return database;
    }

    /// <summary>Two faults at once; both end when the returned object is disposed.</summary>
    internal static async Task<IAsyncDisposable> BothAsync(IAsyncDisposable first, Func<Task<IAsyncDisposable>> second)
    {
        var last = await second();
        return new Ending(async () =>
        {
            await last.DisposeAsync();
            await first.DisposeAsync();
        });
    }

    /// <summary>Pushes a metric, as a job that ends before it is scraped would.</summary>
    internal async Task<IAsyncDisposable> PushAsync(string job)
    {
        var url = new Uri($"{Network.Url("pushgateway")}/metrics/job/{job}");
        using var answer = await Http.PutAsync(url, new StringContent("drill_done 1\n"));
        answer.EnsureSuccessStatusCode();
        return new Ending(async () => (await Http.DeleteAsync(url)).Dispose());
    }

    // A rejected configuration gets an error response.
    private async Task ReloadAsync(string? component)
    {
        if (component is not null)
        {
            (await Http.PostAsync(new Uri($"{Network.Url(component)}/-/reload"), content: null)).Dispose();
        }
    }

    private Ending Start(string component) => new(() => Network.StartAsync(component));

    private async Task UntilAsync(string alert, Func<IReadOnlyList<string>, bool> satisfies)
    {
        var (name, label, value) = alert.Split(['{', '='], 3) is [var labelled, var key, var rest]
            ? (labelled, key, rest[..^1])
            : (alert, "alertname", alert);
        await Eventually.GetAsync(
            Network.AlertsAsync,
            alerts => satisfies(
                [.. alerts.Where(one => one.Name == name && one.Labels.GetValueOrDefault(label) == value).Select(one => one.State)]),
            alerts =>
                $"{alert}: {string.Join("\n", alerts.Select(one => $"{one.Name} {one.State} {string.Join(",", one.Labels.Values)}"))}");
    }
}
