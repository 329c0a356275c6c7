#!/usr/bin/env dotnet
#:project ../network/Promethoide.Network.csproj
#:property PublishAot=false

// Measures the alerts with their production intervals, on a network of its own.
//   dotnet run eng/alerts/measure.cs                   how long ServiceDown takes to fire, to be mailed, and to resolve; exit code 1
//                                                      when one is above 30 s
//   dotnet run eng/alerts/measure.cs -- --healthy 15m  what becomes pending or fires while nothing is wrong; exit code 1 when anything does
//   dotnet run eng/alerts/measure.cs -- --maintenance  what fires while each part is restarted and the database is backed up; exit code 1
//                                                      when anything does

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Promethoide.Network;

const int Rounds = 3;
var limit = TimeSpan.FromSeconds(30);
var patience = TimeSpan.FromMinutes(4);

// Prometheus holds its alarms back while the network starts.
const string Started = "time() - process_start_time_seconds{job=\"prometheus\"} > 125";

var maintenance = args is ["--maintenance"];
TimeSpan? healthy = args switch
{
    [] => null,
    ["--maintenance"] => TimeSpan.FromMinutes(6),
    ["--healthy", var text] when text.EndsWith('m')
        && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
        && minutes > 0 => TimeSpan.FromMinutes(minutes),
    _ => throw new ArgumentException("Usage: dotnet run eng/alerts/measure.cs [-- --healthy MINUTESm | --maintenance]"),
};

using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
await using var network = await RunningNetwork.StartAsync();
using var officer = await network.Officers.ClientAsync(Officers.Supervisor);
var prometheus = network.Url("prometheus");
return healthy is { } time ? await WatchAsync(network.Url("apache"), time) : await MeasureAsync();

async Task<int> MeasureAsync()
{
    (string Name, Func<Task> Break)[] faults =
    [
        ("stop rest-api", () => network.StopAsync("rest-api")),
        ("SIGKILL", () => Task.Run(() => network.Kill("rest-api"))),
    ];

    var slowest = TimeSpan.Zero;
    await UntilAsync(() => HasAsync(Started));
    Console.WriteLine("| fault | fault to firing, s | fault to the mail, s | start to resolved, s |\n|---|---|---|---|");
    foreach (var (name, breakAsync) in faults)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await UntilAsync(async () => await SucceedsAsync() && await StateAsync() is null);
            // At a random point between two probes and two evaluations.
            await Task.Delay(TimeSpan.FromSeconds(10 * Random.Shared.NextDouble()));

            var (mails, ends) = (await MailsAsync("ALERT"), await MailsAsync("RESOLVED"));
            var clock = Stopwatch.StartNew();
            await breakAsync();
            var firing = await UntilAsync(async () => await StateAsync() == "firing", clock);
            var mailed = await UntilAsync(async () => await MailsAsync("ALERT") > mails, clock);

            await Task.Delay(TimeSpan.FromSeconds(10 * Random.Shared.NextDouble()));
            clock.Restart();
            await network.StartAsync("rest-api");
            var resolved = await UntilAsync(async () => await StateAsync() is null, clock);

            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {firing.TotalSeconds:0.0} | {mailed.TotalSeconds:0.0} | {resolved.TotalSeconds:0.0} |"));
            slowest = new[] { slowest, firing, mailed, resolved }.Max();
            // Without the mail of the end, the next alert would not be mailed.
            await UntilAsync(async () => await MailsAsync("RESOLVED") > ends);
        }
    }

    return slowest > limit ? 1 : 0;
}

async Task<int> WatchAsync(string desk, TimeSpan time)
{
    // Prometheus starts empty: until it has scraped every target, some appear to be missing.
    await UntilAsync(async () => await SucceedsAsync() && (await AlertsAsync()).Count == 0 && await HasAsync(Started));

    using var over = new CancellationTokenSource(time);
    var visits = Task.WhenAll(
        VisitAsync($"{desk}/", 1, over.Token),
        VisitAsync($"{desk}/api/dni/X8582911", 2, over.Token),
        VisitAsync($"{desk}/api/flights/AA123", 1, over.Token));
    var clock = Stopwatch.StartNew();
    var seen = new HashSet<string>();
    var maintained = maintenance ? MaintainAsync(clock) : Task.CompletedTask;
    while (!over.IsCancellationRequested)
    {
        foreach (var alert in await AlertsAsync())
        {
            var labels = string.Join(", ", alert.GetProperty("labels")
                .EnumerateObject()
                .Where(label => label.Name != "alertname")
                .Select(label => $"{label.Name}={label.Value}"));
            var line = $"{alert.GetProperty("labels").GetProperty("alertname")} {alert.GetProperty("state")} ({labels})";
            // A restarted part is away for a moment: only an alert that fires counts.
            if ((!maintenance || alert.GetProperty("state").GetString() == "firing") && seen.Add(line))
            {
                Console.WriteLine($"{clock.Elapsed:mm\\:ss} {line}, value {alert.GetProperty("value")}");
            }
        }

        await Task.Delay(TimeSpan.FromSeconds(1));
    }

    await maintained;
    var requests = await visits;
    var failures = requests.Sum(request => request.Failures);
    Console.WriteLine(
        $"{time.TotalMinutes:0} minutes, {requests.Sum(request => request.Sent)} requests of which {failures} failed: "
        + $"{(seen.Count == 0 ? "no alert was pending or fired." : $"{seen.Count} alerts and states.")}");
    return seen.Count > 0 || (failures > 0 && !maintenance) ? 1 : 0;
}

async Task MaintainAsync(Stopwatch clock)
{
    foreach (var name in (string[])
    [
        "web", "rest-api", "apache", "smoke", "node-exporter", "apache-exporter", "apache-log-exporter", "postgres-exporter",
        "blackbox-exporter", "pushgateway", "alertmanager",
    ])
    {
        await network.ExecuteAsync(name, "restart");
        Console.WriteLine($"{clock.Elapsed:mm\\:ss} restarted {name}");
        await Task.Delay(TimeSpan.FromSeconds(10));
    }

    var database = new Npgsql.NpgsqlConnectionStringBuilder(await network.ConnectionStringAsync("promethoide"));
    var backup = new ProcessStartInfo(
        "pg_dump",
        [
            "-Fc", "--no-sync", "-f", "/dev/null",
            "-h", database.Host!, "-p", $"{database.Port}", "-U", database.Username!, database.Database!,
        ])
    {
        Environment = { ["PGPASSWORD"] = database.Password },
    };
    using var dump = Process.Start(backup)!;
    await dump.WaitForExitAsync();
    Console.WriteLine($"{clock.Elapsed:mm\\:ss} backed up, exit code {dump.ExitCode}");
}

async Task<(int Sent, int Failures)> VisitAsync(string url, int perSecond, CancellationToken over)
{
    var (sent, failures) = (0, 0);
    using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1d / perSecond));
    while (!over.IsCancellationRequested)
    {
        try
        {
            using var answer = await officer.GetAsync(url, CancellationToken.None);
            failures += (int)answer.StatusCode >= 500 ? 1 : 0;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            failures++;
        }

        sent++;
        await timer.WaitForNextTickAsync(CancellationToken.None);
    }

    return (sent, failures);
}

async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, Stopwatch? clock = null)
{
    clock ??= Stopwatch.StartNew();
    while (!await condition())
    {
        if (clock.Elapsed > patience)
        {
            throw new TimeoutException($"Not within {patience.TotalMinutes:0} minutes. Alerts: {string.Join(" ", await AlertsAsync())}");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(100));
    }

    return clock.Elapsed;
}

// Null when the alert is neither pending nor firing.
async Task<string?> StateAsync() => (await AlertsAsync())
    .Where(alert => alert.GetProperty("labels").GetProperty("alertname").GetString() == "ServiceDown"
        && alert.GetProperty("labels").GetProperty("instance").GetString() == "rest-api")
    .Select(alert => alert.GetProperty("state").GetString())
    .SingleOrDefault();

async Task<List<JsonElement>> AlertsAsync() =>
[
    .. (await http.GetFromJsonAsync<JsonElement>($"{prometheus}/api/v1/alerts"))
        .GetProperty("data")
        .GetProperty("alerts")
        .EnumerateArray(),
];

async Task<int> MailsAsync(string state) =>
    (await http.GetFromJsonAsync<JsonElement>($"{network.Url("mail")}/api/messages?pageSize=1000"))
        .GetProperty("results")
        .EnumerateArray()
        .Count(mail => mail.GetProperty("deliveredTo").GetString()!.StartsWith("operations", StringComparison.Ordinal)
            && mail.GetProperty("subject").GetString()!.Contains($"{state} [critical] ServiceDown: rest-api", StringComparison.Ordinal));

Task<bool> SucceedsAsync() => HasAsync("probe_success{instance=\"rest-api\"} == 1");

async Task<bool> HasAsync(string promql) =>
    (await http.GetFromJsonAsync<JsonElement>($"{prometheus}/api/v1/query?query={Uri.EscapeDataString(promql)}"))
        .GetProperty("data")
        .GetProperty("result")
        .GetArrayLength() > 0;
