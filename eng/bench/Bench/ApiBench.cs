using System.Diagnostics;
using System.Globalization;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

namespace Promethoide.Bench;

/// <summary>The REST API against the bare endpoint, round by round in turn, so that what disturbs the machine disturbs both.</summary>
internal sealed class ApiBench(Servers servers, int rounds, TimeSpan duration)
{
    private const string Wanted = "/dni/12345678A /dni/87654321B /dni/23456789C /dni/34567890D /dni/45678901E";
    private const int Starts = 5;

    // The hot path is compiled anew while it runs, which takes ten seconds and more on two busy cores: warm once two runs in a row are no faster.
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private const int MostWarmUps = 8;
    private const double NoLongerFaster = 1.03;

    private int _tag;

    public async Task RunAsync()
    {
        Scenario[] scenarios =
        [
            new("GET /dni, wanted", (url, time, strict) => Wrk.RunAsync(url, "get.lua", time, mustSucceed: strict, ("PATHS", Wanted))),
            new("GET /dni, not wanted", (url, time, strict) => Wrk.RunAsync(url, "get.lua", time, mustSucceed: false, ("PATHS", "/dni/99999999R /dni/X1234567"))),
            new("GET /flights", (url, time, strict) => Wrk.RunAsync(url, "get.lua", time, mustSucceed: strict, ("PATHS", "/flights/AA123 /flights/BA456"))),
            new("POST /immigration", (url, time, strict) => Wrk.RunAsync(url, "post.lua", time, mustSucceed: strict, ("TAG", NextTag()))),
        ];

        Console.WriteLine($"{Machine()}; {rounds} rounds of {duration.TotalSeconds:0} s, wrk with 32 connections; medians");
        Console.WriteLine();
        Console.WriteLine("| request | API requests/s | bare requests/s | ratio | API p50 / p99 ms | bare p50 / p99 ms | p99 ratio |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var scenario in scenarios)
        {
            var (api, bare) = await CompareAsync(scenario, Servers.Api, Servers.Bare);
            Console.WriteLine(Line(
                $"| {scenario.Name} | {api.PerSecond:0} | {bare.PerSecond:0} | {api.PerSecond / bare.PerSecond:0.00} | {api.P50:0.0} / {api.P99:0.0} | {bare.P50:0.0} / {bare.P99:0.0} | {api.P99 / bare.P99:0.0} |"));
        }

        Console.WriteLine();
        Console.WriteLine(Line($"Memory at most: API {servers.PeakMemory(Servers.Api):0} MB, bare {servers.PeakMemory(Servers.Bare):0} MB"));

        var (million, five) = await CompareAsync(
            new("", (url, time, strict) => url == servers.Url(Servers.ApiWithMillion)
                ? Wrk.RunAsync(url, "get.lua", time, mustSucceed: strict, ("WANTED", "1000000"))
                : Wrk.RunAsync(url, "get.lua", time, mustSucceed: strict, ("PATHS", Wanted))),
            Servers.ApiWithMillion,
            Servers.Api);
        Console.WriteLine(Line($"GET /dni among 1,000,000 wanted persons, any of them: {million.PerSecond:0} requests/s; among five: {five.PerSecond:0}; ratio {million.PerSecond / five.PerSecond:0.00}"));

        await StartAsync();
    }

    private async Task<(Load First, Load Second)> CompareAsync(Scenario scenario, string first, string second)
    {
        await WarmUpAsync(scenario, servers.Url(first));
        await WarmUpAsync(scenario, servers.Url(second));
        List<Load> firsts = [], seconds = [];
        for (var round = 0; round < rounds; round++)
        {
            firsts.Add(await scenario.RunAsync(servers.Url(first), duration, true));
            seconds.Add(await scenario.RunAsync(servers.Url(second), duration, true));
        }

        return (Load.Median(firsts), Load.Median(seconds));
    }

    private static async Task WarmUpAsync(Scenario scenario, string url)
    {
        var best = 0.0;
        var noFaster = 0;
        for (var run = 0; run < MostWarmUps && noFaster < 2; run++)
        {
            var load = await scenario.RunAsync(url, WarmUp, false);
            noFaster = load.PerSecond < best * NoLongerFaster ? noFaster + 1 : 0;
            best = Math.Max(best, load.PerSecond);
        }
    }

    /// <summary>How long from a start of the API until it is ready, and how long the first request then takes.</summary>
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

        Console.WriteLine(Line($"Start to ready: {starts.Order().ElementAt(Starts / 2):0} ms; first request, client's own start included: {firsts.Order().ElementAt(Starts / 2):0} ms (medians of {Starts})"));
    }

    private string NextTag() => (_tag++ + 100).ToString("X3", CultureInfo.InvariantCulture);

    private static string Line(FormattableString line) => FormattableString.Invariant(line);

    private static string Machine()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        return $"{Environment.ProcessorCount} cores{(model is null ? "" : $" ({model[(model.IndexOf(':', StringComparison.Ordinal) + 2)..]})")}, .NET {Environment.Version}";
    }

    private sealed record Scenario(string Name, Func<string, TimeSpan, bool, Task<Load>> RunAsync);
}
