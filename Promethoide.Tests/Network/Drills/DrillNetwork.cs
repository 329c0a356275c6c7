using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Promethoide.Network;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Network.Drills;

/// <summary>A network to be broken on purpose, with fast monitoring (<see cref="FastMonitoring"/>) and an Alertmanager that sends mails.</summary>
public sealed class DrillNetwork : IAsyncLifetime
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(30) };

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-drills-").FullName;
    private readonly MailSink _sink = new();
    private NetworkUnderTest? _network;
    private Process? _alertmanager;

    internal IReadOnlyList<Mail> Mails => _sink.Mails;

    internal NetworkUnderTest Network => _network!;

    private string Prometheus => Network.Url("prometheus");

    private string Configuration => Path.Combine(Network.Data, "prometheus", "prometheus.yml");

    public async ValueTask InitializeAsync()
    {
        var port = Loopback.FreePort();
        var configuration = Path.Combine(_folder, "alertmanager.yml");
        AlertmanagerConfiguration.Write(configuration, _sink.Port);
        _alertmanager = Process.Start(new ProcessStartInfo("prometheus-alertmanager",
        [
            $"--config.file={configuration}", $"--storage.path={Path.Combine(_folder, "data")}",
            $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=warn",
        ]))!;

        // The synthetic officer walks every second, and what a drill sends is not limited.
        _network = await NetworkUnderTest.StartAsync(builder =>
        {
            builder.Set("smoke", "Smoke__Period", "00:00:01");
            builder.Set("rest-api", "Limits__RequestsPerSecond", "0");
        });
        FastMonitoring.Write(Path.Combine(_network.Data, "prometheus"), $"127.0.0.1:{port}");
        await ReloadAsync();

        await Eventually.GetAsync(async () => await IsReadyAsync($"http://127.0.0.1:{port}/-/ready") && await HasAlertmanagerAsync(), ready => ready, _ => $"Alertmanager ended: {_alertmanager.HasExited}");
        await Eventually.GetAsync(_network.RulesAsync, rules => rules.Count > 0 && rules.All(rule => rule.Health == "ok"), rules => string.Join("\n", rules.Where(rule => rule.Health != "ok")));
        await Eventually.GetAsync(_network.TargetsAsync, targets => targets.All(target => target.Health == "up"), targets => string.Join("\n", targets));
    }

    public async ValueTask DisposeAsync()
    {
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }

        if (_alertmanager is not null)
        {
            _alertmanager.Kill();
            await _alertmanager.WaitForExitAsync();
            _alertmanager.Dispose();
        }

        await _sink.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Waits until an alert fires.</summary>
    /// <param name="name">The alert.</param>
    /// <param name="labels">Labels that it has, such as its instance.</param>
    internal Task FiresAsync(string name, params (string Name, string Value)[] labels) => UntilAsync(name, labels, states => states.Contains("firing"));

    /// <summary>Waits until an alert neither fires nor is about to.</summary>
    internal Task IsQuietAsync(string name, params (string Name, string Value)[] labels) => UntilAsync(name, labels, states => states.Count == 0);

    /// <summary>Whether an alert fired since a moment, however shortly.</summary>
    internal async Task<bool> HasFiredAsync(string name, Stopwatch since) =>
        (await Network.QueryAsync($$"""count_over_time(ALERTS{alertname="{{name}}",alertstate="firing"}[{{since.ElapsedMilliseconds}}ms])""")).Count > 0;

    /// <summary>Stops a component, until the end of what is returned.</summary>
    internal async Task<IAsyncDisposable> StopAsync(string component)
    {
        await Network.StopAsync(component);
        return Start(component);
    }

    /// <summary>Kills a component, which stays dead until the end of what is returned.</summary>
    internal IAsyncDisposable Kill(string component)
    {
        Network.Kill(component);
        return Start(component);
    }

    /// <summary>Lets an endpoint of the API be slow or fail, until the end of what is returned.</summary>
    internal async Task<IAsyncDisposable> DrillAsync(object drill)
    {
        var ops = new Uri((await Network.ScrapeUrlAsync("rest-api"))!, "/drill");
        using var answer = await Http.PutAsJsonAsync(ops, drill, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return new Ending(async () => (await Http.DeleteAsync(ops)).Dispose());
    }

    /// <summary>Asks the API for a path again and again, four at a time, until the end of what is returned.</summary>
    /// <param name="path">The path.</param>
    /// <param name="pause">What each of the four waits between an answer and its next request.</param>
    internal IAsyncDisposable Ask(string path, TimeSpan pause)
    {
        var over = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 4).Select(async _ =>
        {
            while (!over.IsCancellationRequested)
            {
                using var answer = await Http.GetAsync($"{Network.Url("rest-api")}{path}");
                await Task.Delay(pause);
            }
        }).ToArray();
        return new Ending(async () =>
        {
            await over.CancelAsync();
            await Task.WhenAll(clients);
            over.Dispose();
        });
    }

    /// <summary>Takes all of PostgreSQL's connections but one, until the end of what is returned.</summary>
    internal async Task<IAsyncDisposable> TakeConnectionsAsync()
    {
        var taken = new List<NpgsqlConnection>();
        long free;
        do
        {
            var connection = Network.Database();
            connection.ConnectionString += ";Pooling=false";
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            taken.Add(connection);
            await using var count = new NpgsqlCommand(
                "SELECT current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint - count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'", connection);
            free = (long)(await count.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
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

    /// <summary>Makes Prometheus' configuration one that it refuses, until the end of what is returned.</summary>
    internal async Task<IAsyncDisposable> BreakConfigurationAsync()
    {
        var good = await File.ReadAllTextAsync(Configuration);
        await File.WriteAllTextAsync(Configuration, "scrape_config: []");
        await ReloadAsync();
        return new Ending(async () =>
        {
            await File.WriteAllTextAsync(Configuration, good);
            await ReloadAsync();
        });
    }

    private Ending Start(string component) => new(() => Network.StartAsync(component));

    // A configuration that Prometheus refuses is answered with an error.
    private async Task ReloadAsync() => (await Http.PostAsync(new Uri($"{Prometheus}/-/reload"), content: null)).Dispose();

    private async Task UntilAsync(string name, (string Name, string Value)[] labels, Func<IReadOnlyList<string>, bool> satisfies) => await Eventually.GetAsync(
        Network.AlertsAsync,
        alerts => satisfies([.. alerts.Where(alert => alert.Name == name && labels.All(label => alert.Labels.GetValueOrDefault(label.Name) == label.Value)).Select(alert => alert.State)]),
        alerts => string.Join("\n", alerts.Select(alert => $"{alert.Name} {alert.State} {string.Join(",", alert.Labels.Values)}")));

    private async Task<bool> HasAlertmanagerAsync() =>
        (await Http.GetFromJsonAsync<JsonElement>($"{Prometheus}/api/v1/alertmanagers")).GetProperty("data").GetProperty("activeAlertmanagers").GetArrayLength() == 1;

    private static async Task<bool> IsReadyAsync(string url)
    {
        try
        {
            using var answer = await Http.GetAsync(url, TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private sealed class Ending(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }
}
