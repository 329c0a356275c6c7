#!/usr/bin/env dotnet
#:property PublishAot=false

// Measures the alerts with their production intervals, on a network of its own. Build it first: dotnet build Promethoide.Local -c Release
//   dotnet run eng/alerts/measure.cs                   how long ServiceDown takes to fire, and to resolve; exit code 1 when either is above 30 s
//   dotnet run eng/alerts/measure.cs -- --healthy 15m  what becomes pending or fires while nothing is wrong; exit code 1 when anything does

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

const int Rounds = 3;
var limit = TimeSpan.FromSeconds(30);
var patience = TimeSpan.FromMinutes(2);

TimeSpan? healthy = args switch
{
    [] => null,
    ["--healthy", var text] when text.EndsWith('m') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes > 0 => TimeSpan.FromMinutes(minutes),
    _ => throw new ArgumentException("Usage: dotnet run eng/alerts/measure.cs [-- --healthy MINUTESm]"),
};

var local = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../artifacts/bin/Promethoide.Local/release/Promethoide.Local.dll"));
using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
using var network = Process.Start(new ProcessStartInfo("dotnet", [local, "--ephemeral", "--ports", "auto", "--no-restart", "--json"]) { RedirectStandardOutput = true })!;
try
{
    var table = await TableAsync(network.StandardOutput);
    string Url(string component) => table.Single(row => row.GetProperty("name").GetString() == component).GetProperty("url").GetString()!;
    var data = Path.GetDirectoryName(Path.GetDirectoryName(table[0].GetProperty("log").GetString()!)!)!;
    return healthy is { } time ? await WatchAsync(Url("apache"), Url("prometheus"), time) : await MeasureAsync(Url("prometheus"), data);
}
finally
{
    using var stop = Process.Start("kill", [$"{network.Id}"]);
    await network.WaitForExitAsync();
}

async Task<int> MeasureAsync(string prometheus, string data)
{
    (string Name, Func<Task> Break)[] faults =
    [
        ("stop rest-api", () => PromethoideAsync("stop", "rest-api")),
        ("SIGKILL", async () => await RunAsync("kill", "-KILL", $"{await ProcessIdAsync("rest-api")}")),
    ];

    var slowest = TimeSpan.Zero;
    Console.WriteLine("| fault | fault to firing, s | start to resolved, s |\n|---|---|---|");
    foreach (var (name, breakAsync) in faults)
    {
        for (var round = 0; round < Rounds; round++)
        {
            await UntilAsync(async () => await SucceedsAsync(prometheus) && await StateAsync(prometheus) is null);
            // Anywhere between two probes and two evaluations.
            await Task.Delay(TimeSpan.FromSeconds(10 * Random.Shared.NextDouble()));

            var clock = Stopwatch.StartNew();
            await breakAsync();
            var firing = await UntilAsync(async () => await StateAsync(prometheus) == "firing", clock);

            await Task.Delay(TimeSpan.FromSeconds(10 * Random.Shared.NextDouble()));
            clock.Restart();
            await PromethoideAsync("start", "rest-api");
            var resolved = await UntilAsync(async () => await StateAsync(prometheus) is null, clock);

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {firing.TotalSeconds:0.0} | {resolved.TotalSeconds:0.0} |"));
            slowest = new[] { slowest, firing, resolved }.Max();
        }
    }

    return slowest > limit ? 1 : 0;

    async Task<int> ProcessIdAsync(string component)
    {
        using var output = new StringReader(await PromethoideAsync("status", "--json"));
        return (await TableAsync(output)).Single(row => row.GetProperty("name").GetString() == component).GetProperty("processId").GetInt32();
    }

    Task<string> PromethoideAsync(params string[] arguments) => RunAsync("dotnet", [local, .. arguments, "--data", data]);
}

async Task<int> WatchAsync(string desk, string prometheus, TimeSpan time)
{
    // Prometheus starts with nothing: until it has looked at every target, some are missing to it.
    await UntilAsync(async () => await SucceedsAsync(prometheus) && (await AlertsAsync(prometheus)).Count == 0 && await HasAsync(prometheus, "time() - process_start_time_seconds{job=\"prometheus\"} > 30"));

    using var over = new CancellationTokenSource(time);
    var visits = Task.WhenAll(VisitAsync($"{desk}/", 1, over.Token), VisitAsync($"{desk}/api/dni/X8582911", 2, over.Token), VisitAsync($"{desk}/api/flights/AA123", 1, over.Token));
    var clock = Stopwatch.StartNew();
    var seen = new HashSet<string>();
    while (!over.IsCancellationRequested)
    {
        foreach (var alert in await AlertsAsync(prometheus))
        {
            var labels = string.Join(", ", alert.GetProperty("labels").EnumerateObject().Where(label => label.Name != "alertname").Select(label => $"{label.Name}={label.Value}"));
            var line = $"{alert.GetProperty("labels").GetProperty("alertname")} {alert.GetProperty("state")} ({labels})";
            if (seen.Add(line))
            {
                Console.WriteLine($"{clock.Elapsed:mm\\:ss} {line}, value {alert.GetProperty("value")}");
            }
        }

        await Task.Delay(TimeSpan.FromSeconds(1));
    }

    var requests = await visits;
    var failures = requests.Sum(request => request.Failures);
    Console.WriteLine($"{time.TotalMinutes:0} minutes, {requests.Sum(request => request.Sent)} requests of which {failures} failed: {(seen.Count == 0 ? "no alert was pending or fired." : $"{seen.Count} alerts and states.")}");
    return seen.Count > 0 || failures > 0 ? 1 : 0;
}

async Task<(int Sent, int Failures)> VisitAsync(string url, int perSecond, CancellationToken over)
{
    var (sent, failures) = (0, 0);
    using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1d / perSecond));
    while (!over.IsCancellationRequested)
    {
        try
        {
            using var answer = await http.GetAsync(url, CancellationToken.None);
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
            throw new TimeoutException($"Not within {patience.TotalMinutes:0} minutes.");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(100));
    }

    return clock.Elapsed;
}

// Null when the alert is neither pending nor firing.
async Task<string?> StateAsync(string prometheus) => (await AlertsAsync(prometheus))
    .Where(alert => alert.GetProperty("labels").GetProperty("alertname").GetString() == "ServiceDown" && alert.GetProperty("labels").GetProperty("instance").GetString() == "rest-api")
    .Select(alert => alert.GetProperty("state").GetString())
    .SingleOrDefault();

async Task<List<JsonElement>> AlertsAsync(string prometheus) =>
    [.. (await http.GetFromJsonAsync<JsonElement>($"{prometheus}/api/v1/alerts")).GetProperty("data").GetProperty("alerts").EnumerateArray()];

Task<bool> SucceedsAsync(string prometheus) => HasAsync(prometheus, "probe_success{instance=\"rest-api\"} == 1");

async Task<bool> HasAsync(string prometheus, string promql) =>
    (await http.GetFromJsonAsync<JsonElement>($"{prometheus}/api/v1/query?query={Uri.EscapeDataString(promql)}")).GetProperty("data").GetProperty("result").GetArrayLength() > 0;

static async Task<string> RunAsync(string program, params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    var output = await process.StandardOutput.ReadToEndAsync();
    await process.WaitForExitAsync();
    return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
}

static async Task<List<JsonElement>> TableAsync(TextReader output)
{
    var json = new StringBuilder();
    while (await output.ReadLineAsync() is { } line)
    {
        json.AppendLine(line);
        if (line == "]")
        {
            return [.. JsonDocument.Parse(json.ToString()).RootElement.EnumerateArray()];
        }
    }

    throw new InvalidOperationException("The network did not start.");
}

static string ThisFile([CallerFilePath] string file = "") => file;
