using System.Diagnostics;
using System.Globalization;

namespace Promethoide.Bench;

/// <summary>What wrk measured in one run.</summary>
/// <param name="PerSecond">Requests a second.</param>
/// <param name="P50">Median latency in milliseconds.</param>
/// <param name="P99">99th percentile of latency in milliseconds.</param>
internal sealed record Load(double PerSecond, double P50, double P99)
{
    /// <summary>Each figure's own median.</summary>
    public static Load Median(IReadOnlyCollection<Load> loads) => new(
        Of(loads.Select(load => load.PerSecond)), Of(loads.Select(load => load.P50)), Of(loads.Select(load => load.P99)));

    private static double Of(IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}

/// <summary>Runs wrk: 32 connections, two threads.</summary>
internal static class Wrk
{
    private static readonly string Scripts = AppContext.BaseDirectory;

    public static async Task<Load> RunAsync(
        string url, string script, TimeSpan duration, bool mustSucceed, params IEnumerable<(string Name, string Value)> variables)
    {
        var start = new ProcessStartInfo(
            "wrk",
            ["-c32", "-t2", $"-d{duration.TotalSeconds.ToString(CultureInfo.InvariantCulture)}s", "-s", Path.Combine(Scripts, script), url])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["LUA"] = Scripts;
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        using var wrk = Process.Start(start)!;
        var output = await wrk.StandardOutput.ReadToEndAsync();
        await wrk.WaitForExitAsync();
        var result = output.Split('\n').FirstOrDefault(line => line.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new InvalidOperationException($"wrk gave no result for {url}: {output}");
        var figures = result.Split(' ').Skip(1).Select(figure => double.Parse(figure, CultureInfo.InvariantCulture)).ToArray();
        var failed = figures[2] + (mustSucceed ? figures[3] : 0);
        return failed == 0
            ? new(figures[0] / (figures[1] / 1e6), figures[4] / 1e3, figures[5] / 1e3)
            : throw new InvalidOperationException($"{failed} requests of {script} to {url} failed.");
    }
}
