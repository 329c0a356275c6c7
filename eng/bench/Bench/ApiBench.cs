using System.Diagnostics;
using System.Globalization;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Promethoide.Bench;

/// <summary>The REST API against the bare endpoint, in alternating rounds, so that disturbances hit both.</summary>
internal sealed class ApiBench(Servers servers, int rounds, TimeSpan duration)
{
    private const string Wanted = "/dni/12345678A /dni/87654321B /dni/23456789C /dni/34567890D /dni/45678901E";
    private const int Starts = 5;

    // The hot path is recompiled while it runs, which takes ten seconds and more on two busy cores: warm once two runs in a row are no
    // faster.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private const int MostWarmUps = 8;
    private const double NoLongerFaster = 1.03;

    // The allowed cost of looking up a key's owner.
    private const double MostForAKey = 0.05;

    private int _tag;

    public async Task RunAsync()
    {
        Scenario[] scenarios =
        [
            new(
                "GET /dni, wanted",
                (url, key, time, strict) => Wrk.RunAsync(url, "get.lua", time, mustSucceed: strict, [("PATHS", Wanted), .. key])),
            new("GET /dni, not wanted", (url, key, time, strict) =>
                Wrk.RunAsync(url, "get.lua", time, mustSucceed: false, [("PATHS", "/dni/99999999R /dni/X1234567"), .. key])),
            new("GET /flights", (url, key, time, strict) =>
                Wrk.RunAsync(url, "get.lua", time, mustSucceed: strict, [("PATHS", "/flights/AA123 /flights/BA456"), .. key])),
            new(
                "POST /immigration",
                (url, key, time, strict) => Wrk.RunAsync(url, "post.lua", time, mustSucceed: strict, [("TAG", NextTag()), .. key])),
        ];

        Console.WriteLine($"{Machine()}; {rounds} rounds of {duration.TotalSeconds:0} s, wrk with 32 connections; medians");
        Console.WriteLine();
        Console.WriteLine(
            "| request | API requests/s | the same with a key | bare requests/s | ratio | ratio with a key "
            + "| API p50 / p99 ms | bare p50 / p99 ms | p99 ratio |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        var cost = new List<double>();
        foreach (var scenario in scenarios)
        {
            var loads = await CompareAsync(scenario, new(Servers.Api), new(Servers.Api, HasKey: true), new(Servers.Bare));
            var (api, withKey, bare) = (loads[0], loads[1], loads[2]);
            var (ratio, ratioWithKey) = (api.PerSecond / bare.PerSecond, withKey.PerSecond / bare.PerSecond);
            if (scenario.Name.StartsWith("GET", StringComparison.Ordinal))
            {
                cost.Add(ratio - ratioWithKey);
            }

            Console.WriteLine(
                Line($"| {scenario.Name} | {api.PerSecond:0} | {withKey.PerSecond:0} | {bare.PerSecond:0} | {ratio:0.00} ")
                + Line($"| {ratioWithKey:0.00} | {api.P50:0.0} / {api.P99:0.0} | {bare.P50:0.0} / {bare.P99:0.0} ")
                + Line($"| {api.P99 / bare.P99:0.0} |"));
        }

        Console.WriteLine();
        Console.WriteLine(
            Line($"What a key costs of the ratio of a GET: {cost.Average():0.00} on average, {cost.Max():0.00} at most; ")
            + Line($"the bound is {MostForAKey:0.00}"));

        Console.WriteLine();
        Console.WriteLine(
            Line($"Memory at most: API {servers.PeakMemory(Servers.Api):0} MB, bare {servers.PeakMemory(Servers.Bare):0} MB"));

        var ofMillion = await CompareAsync(
            new("", (url, _, time, strict) => url == servers.Url(Servers.ApiWithMillion)
                ? Wrk.RunAsync(url, "get.lua", time, mustSucceed: strict, ("WANTED", "1000000"))
                : Wrk.RunAsync(url, "get.lua", time, mustSucceed: strict, ("PATHS", Wanted))),
            new(Servers.ApiWithMillion),
            new(Servers.Api));
        var (million, five) = (ofMillion[0], ofMillion[1]);
        Console.WriteLine(
            Line($"GET /dni among 1,000,000 wanted persons, any of them: {million.PerSecond:0} requests/s; ")
            + Line($"among five: {five.PerSecond:0}; ratio {million.PerSecond / five.PerSecond:0.00}"));

        await SupervisorsPagesAsync();
        await StartAsync();
    }

    /// <summary>Supervisors' requests, one after another, among a million entries.</summary>
    private async Task SupervisorsPagesAsync()
    {
        var (until, from) = (DateTime.UtcNow, DateTime.UtcNow.AddDays(-1));
        using var client = new HttpClient
        {
            BaseAddress = new Uri(servers.Url(Servers.ApiWithMillion)),
            DefaultRequestHeaders = { Authorization = new("Bearer", servers.ReadersKey) },
        };
        Console.WriteLine();
        Console.WriteLine("| among 1,000,000 entries, 10,000 a day | p50 / p95 ms |");
        Console.WriteLine("|---|---|");
        foreach (var (name, path) in ((string, string)[])
        [
            ("summary of a day", string.Create(
                CultureInfo.InvariantCulture, $"/summary?from={from:yyyy-MM-ddTHH:mm:ssZ}&until={until:yyyy-MM-ddTHH:mm:ssZ}")),
            ("list of entries", "/immigration?limit=20"),
            ("entries of a document", "/immigration?dni=E0500000"),
            ("entries of a flight", "/immigration?flight_number=AA42&limit=20"),
            ("entries by parts of a name", "/immigration?search=traveller+500000&limit=20"),
            ("refusals, with what came of them", "/refusals?limit=20"),
        ])
        {
            var times = new List<double>();
            for (var request = 0; request < 60; request++)
            {
                var started = Stopwatch.GetTimestamp();
                (await client.GetAsync(path)).EnsureSuccessStatusCode();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            // The first ten include JIT compilation.
            var warm = times.Skip(10).Order().ToList();
            Console.WriteLine(Line($"| {name} | {warm[warm.Count / 2]:0.0} / {warm[warm.Count * 95 / 100]:0.0} |"));
        }

        Console.WriteLine();
    }

    private async Task<IReadOnlyList<Load>> CompareAsync(Scenario scenario, params Contestant[] contestants)
    {
        foreach (var contestant in contestants)
        {
            await WarmUpAsync(scenario, contestant);
        }

        var loads = contestants.ToDictionary(contestant => contestant, _ => new List<Load>());
        for (var round = 0; round < rounds; round++)
        {
            foreach (var contestant in contestants)
            {
                loads[contestant].Add(await RunAsync(scenario, contestant, duration, strict: true));
            }
        }

        return [.. contestants.Select(contestant => Load.Median(loads[contestant]))];
    }

    private Task<Load> RunAsync(Scenario scenario, Contestant contestant, TimeSpan time, bool strict) =>
        scenario.RunAsync(servers.Url(contestant.Server), contestant.HasKey ? [("KEY", servers.Key)] : [], time, strict);

    private async Task WarmUpAsync(Scenario scenario, Contestant contestant)
    {
        var best = 0.0;
        var noFaster = 0;
        for (var run = 0; run < MostWarmUps && noFaster < 2; run++)
        {
            var load = await RunAsync(scenario, contestant, WarmUp, strict: false);
            noFaster = load.PerSecond < best * NoLongerFaster ? noFaster + 1 : 0;
            best = Math.Max(best, load.PerSecond);
        }
    }

    /// <summary>The time from a start of the API until it is ready, and the time of the first request.</summary>
    private async Task StartAsync()
    {
        List<double> starts = [], firsts = [];
        for (var start = 0; start < Starts; start++)
        {
            var (url, server) = await servers.StartApiAsync();
            await using (server)
            {
                starts.Add(server.StartToReady.TotalMilliseconds);
                using var client = new HttpClient();
                var request = Stopwatch.StartNew();
                (await client.GetAsync($"{url}/dni/12345678A")).EnsureSuccessStatusCode();
                firsts.Add(request.Elapsed.TotalMilliseconds);
            }
        }

        Console.WriteLine(
            Line($"Start to ready: {starts.Order().ElementAt(Starts / 2):0} ms; ")
            + Line($"first request, client's own start included: {firsts.Order().ElementAt(Starts / 2):0} ms (medians of {Starts})"));
    }

    private string NextTag() => (_tag++ + 100).ToString("X3", CultureInfo.InvariantCulture);

    private static string Line(FormattableString line) => FormattableString.Invariant(line);

    private static string Machine()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return $"{Environment.ProcessorCount} cores"
            + $"{(model is null ? "" : $" ({model[(model.IndexOf(':', StringComparison.Ordinal) + 2)..]})")}, .NET {Environment.Version}";
    }

    private sealed record Scenario(string Name, Func<string, IEnumerable<(string, string)>, TimeSpan, bool, Task<Load>> RunAsync);

    private sealed record Contestant(string Server, bool HasKey = false);
}
