using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Promethoide.Bench;

/// <summary>
/// The desk as used by a signed-in officer's browser without scripts, one traveller after another: the time of each step through Apache,
/// and the weight of the first view.
/// </summary>
internal sealed partial class WebBench(Uri desk, CookieContainer cookies, int walks)
{
    /// <summary>The limit for a step at the 95th percentile, in ms: too short to notice.</summary>
    private const double MostMilliseconds = 20;

    /// <summary>The most that the first view may transfer, in kB, compressed.</summary>
    private const double MostKilobytes = 60;

    private const int WarmUpWalks = 200;

    private readonly Dictionary<string, List<double>> _times = [];

    /// <returns>The exit code: 1 when a bound is missed.</returns>
    public async Task<int> RunAsync()
    {
        for (var walk = 0; walk < WarmUpWalks + walks; walk++)
        {
            if (walk == WarmUpWalks)
            {
                _times.Clear();
            }

            await WalkAsync(walk);
        }

        Console.WriteLine(
            Line($"{walks} travellers, one after another, after {WarmUpWalks} to warm up; times are a client's, through Apache"));
        Console.WriteLine();
        Console.WriteLine("| step | p50 ms | p95 ms | p99 ms |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (step, times) in _times)
        {
            times.Sort();
            Console.WriteLine(Line($"| {step} | {At(times, 0.5):0.0} | {At(times, 0.95):0.0} | {At(times, 0.99):0.0} |"));
        }

        Console.WriteLine();
        var view = await FirstViewAsync();
        Console.WriteLine(
            Line($"First view: {view.Files} files, {view.Kilobytes:0.0} kB transferred, compressed, with their headers; ")
            + Line($"{view.Cached} of them fingerprinted and kept by the browser for good"));

        var slowest = _times.Values.Max(times => At(times, 0.95));
        if (slowest > MostMilliseconds || view.Kilobytes > MostKilobytes)
        {
            Console.Error.WriteLine(
                Line($"Above the bounds: at most {MostMilliseconds:0} ms at p95 ({slowest:0.0}), ")
                + Line($"at most {MostKilobytes:0} kB ({view.Kilobytes:0.0})."));
            return 1;
        }

        return 0;
    }

    private async Task WalkAsync(int number)
    {
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = desk };
        var page = await TimedAsync("desk", () => http.GetAsync("/"), "check-document");
        page = await TimedAsync("document", () => PressAsync(http, page, "check-document", ("dni", $"B{number:000000}")), "check-flight");
        page = await TimedAsync("flight", () => PressAsync(http, page, "check-flight", ("flight_number", "AA123")), "\"decide\"");
        await TimedAsync(
            "decision",
            () => PressAsync(
                http, page, "decide", ("name", "Ada Lovelace"), ("lodging", "Hotel Arts"), ("declared_money", "900"), ("stay_days", "3")),
            "data-outcome=\"admitted\"");
        await TimedAsync("entries", () => http.GetAsync("/entries"), "<table");
    }

    private static Task<HttpResponseMessage> PressAsync(
        HttpClient http, string page, string button, params (string Field, string Text)[] typed)
    {
        var form = Input().Matches(Form().Match(page).Value).ToDictionary(
            match => match.Groups["name"].Value, match => WebUtility.HtmlDecode(Value().Match(match.Value).Groups["value"].Value));
        foreach (var (field, text) in typed)
        {
            form[field] = text;
        }

        form["action"] = button;
        return http.PostAsync("/", new FormUrlEncodedContent(form));
    }

    private async Task<string> TimedAsync(string step, Func<Task<HttpResponseMessage>> ask, string expected)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await ask();
        var page = await response.Content.ReadAsStringAsync();
        var time = Stopwatch.GetElapsedTime(started);

        if (!response.IsSuccessStatusCode || !page.Contains(expected, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"Step {step} answered {(int)response.StatusCode}, without {expected}.");
        }

        _times.TryAdd(step, []);
        _times[step].Add(time.TotalMilliseconds);
        return page;
    }

    /// <summary>The page and everything it refers to, as a browser with an empty cache requests them.</summary>
    private async Task<(int Files, double Kilobytes, int Cached)> FirstViewAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = desk };
        var page = await http.GetStringAsync("/");
        http.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip, deflate, br, zstd");

        var bytes = 0.0;
        var cached = 0;
        List<string> files = ["/", .. Asset().Matches(page).Select(match => match.Groups["path"].Value).Distinct()];
        foreach (var file in files)
        {
            using var response = await http.GetAsync(file);
            response.EnsureSuccessStatusCode();
            bytes += (await response.Content.ReadAsByteArrayAsync()).Length;
            bytes += response.Headers.Concat(response.Content.Headers)
                .Sum(header => header.Value.Sum(value => header.Key.Length + value.Length + 4));
            cached += response.Headers.CacheControl?.Extensions.Any(extension => extension.Name == "immutable") == true ? 1 : 0;
        }

        return (files.Count, bytes / 1000, cached);
    }

    private static double At(List<double> sorted, double share) => sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("<form id=\"page-form\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input [^>]*?name=\"(?<name>[^\"]*)\"[^>]*>")]
    private static partial Regex Input();

    [GeneratedRegex(" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex Value();

    [GeneratedRegex("<(link|script|img)[^>]*? (href|src)=\"(?<path>[^\"]+)\"")]
    private static partial Regex Asset();
}
