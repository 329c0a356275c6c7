using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Promethoide.Bench;

/// <summary>
/// A history for Prometheus: every series of a running network, extended backwards with a sample every 15 s. Counters grow, gauges
/// fluctuate, values of 0 or 1 stay; each alert has fired for a while.
/// </summary>
internal static class History
{
    private const int Step = 15;

    private static readonly string[] CounterEndings = ["_total", "_bucket", "_count", "_sum"];

    /// <summary>Writes it as blocks of Prometheus' storage.</summary>
    /// <param name="prometheus">A client of the running network's Prometheus.</param>
    /// <param name="folder">The folder for the blocks; takes a few hundred MB while this runs.</param>
    /// <param name="length">How far back.</param>
    /// <param name="promtool">The program that makes the blocks.</param>
    /// <returns>The last sample's time in seconds, and the number of series.</returns>
    public static async Task<(long End, int Series)> WriteAsync(HttpClient prometheus, string folder, TimeSpan length, string promtool)
    {
        var series = (await SeriesAsync(prometheus)).Concat(await AlertsAsync(prometheus)).ToList();
        var end = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / Step * Step;
        var start = end - (long)length.TotalSeconds;

        Directory.CreateDirectory(folder);
        var text = Path.Combine(folder, "history.txt");
        await using (var writer = new StreamWriter(text))
        {
            var number = 0;
            foreach (var one in series)
            {
                Write(writer, one, start, end, number++);
            }

            await writer.WriteAsync("# EOF\n");
        }

        using var promtoolRun = Process.Start(
            new ProcessStartInfo(promtool, ["tsdb", "create-blocks-from", "openmetrics", "--quiet", text, folder])
            {
                RedirectStandardError = true,
            })!;
        var errors = await promtoolRun.StandardError.ReadToEndAsync();
        await promtoolRun.WaitForExitAsync();
        File.Delete(text);
        return promtoolRun.ExitCode == 0
            ? (end, series.Count)
            : throw new InvalidOperationException($"promtool could not write the history: {errors}");
    }

    private static async Task<List<Series>> SeriesAsync(HttpClient prometheus)
    {
        using var answer = JsonDocument.Parse(
            await prometheus.GetStringAsync("/api/v1/query?query=%7B__name__!%3D%22%22,__name__!~%22ALERTS.*%22%7D"));
        return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(result =>
        {
            var labels = result.GetProperty("metric")
                .EnumerateObject()
                .ToDictionary(label => label.Name, label => label.Value.GetString()!);
            labels.Remove("__name__", out var name);
            var value = result.GetProperty("value")[1].GetString()!;
            return new Series(name!, labels, value switch
            {
                "+Inf" => double.PositiveInfinity,
                "-Inf" => double.NegativeInfinity,
                _ => double.Parse(value, CultureInfo.InvariantCulture),
            });
        })];
    }

    private static async Task<List<Series>> AlertsAsync(HttpClient prometheus)
    {
        using var answer = JsonDocument.Parse(await prometheus.GetStringAsync("/api/v1/rules?type=alert"));
        return [.. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray())
            .Select(rule =>
            {
                var labels = rule.GetProperty("labels")
                    .EnumerateObject()
                    .ToDictionary(label => label.Name, label => label.Value.GetString()!);
                labels["alertname"] = rule.GetProperty("name").GetString()!;
                labels["alertstate"] = "firing";
                labels["job"] = labels["instance"] = "rest-api";
                return new Series("ALERTS", labels, 1);
            })];
    }

    private static void Write(StreamWriter writer, Series series, long start, long end, int number)
    {
        var isAlert = series.Name == "ALERTS";
        var isCounter = CounterEndings.Any(ending => series.Name.EndsWith(ending, StringComparison.Ordinal));
        var isConstant = series.Value is 0 or 1 || !double.IsFinite(series.Value) || series.Value > 1e9 && !isCounter;
        var decimals = double.IsInteger(series.Value) ? 0 : 6;
        var head = $"{series.Name}{{{string.Join(',', series.Labels.Select(label => $"{label.Key}=\"{Escape(label.Value)}\""))}}} ";
        for (var time = start; time <= end; time += Step)
        {
            // Each alert fires in its own ten minutes.
            if (isAlert && (time - start - number * 97) % 21600 is < 0 or > 600)
            {
                continue;
            }

            var passed = (time - start) / 3600d;
            var value = isConstant && !isCounter ? series.Value
                // The same curve for all: the buckets of a histogram stay in order.
                : isCounter ? Math.Round(series.Value * (1 + passed + 0.02 * Math.Sin(time / 300d)), decimals)
                : Math.Round(series.Value * (1 + 0.1 * Math.Sin(time / 420d + number) + 0.02 * Math.Sin(time * 7d + number)), decimals + 3);
            writer.Write(head);
            writer.Write(Number(value));
            writer.Write(' ');
            writer.Write(time);
            writer.Write('\n');
        }
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private sealed record Series(string Name, Dictionary<string, string> Labels, double Value);
}
