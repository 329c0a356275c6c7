using System.Diagnostics;
using System.Net;

namespace Promethoide.Tests.Web;

/// <summary>What Apache logs about requests, for people and for the log exporter.</summary>
public sealed class ApacheLogTests(ApacheUnderTest apache) : IClassFixture<ApacheUnderTest>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_access_log_has_the_time_taken_and_no_document()
    {
        var secret = $"S{Random.Shared.Next(1_000_000_000)}";
        string[] paths =
        [
            "/api/dni/{0}", "/API/DNI/{0}", "/api//dni/{0}", "//api/dni/{0}", "/./api/dni/{0}", "/x/../api/dni/{0}", "/api/dni/{0}%2F",
            "/api/dni/{0}%zz", "/{0}", "/api/dni/{0}/abort", "/entries?dni={0}", "/sign-in?link={0}", "/sign-in/callback?code={0}",
            "/api/sessions/{0}", "/api/officers/{0}", "/api/officers/{0}/reset", "/api/hits?officer={0}", "/api/hits/{0}",
        ];
        using var raw = new HttpClient();
        foreach (var path in paths)
        {
            // Uri would normalize the paths.
            var uri = new Uri(
                apache.Address + path.Replace("{0}", secret, StringComparison.Ordinal),
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var response = await raw.GetAsync(uri, Cancellation);
        }

        await apache.AskedAsync("/api/flights/last");
        await apache.Program.SaysAsync("GET /api/flights/*");

        Assert.Matches(@"GET /api/dni/\* 200 [0-9]+ [0-9]+us", apache.Program.Output);
        Assert.All(
            (string[])["/sign-in", "/api/sessions/*", "/api/officers/*", "/api/hits"],
            logged => Assert.Contains($"GET {logged} 200 ", apache.Program.Output, StringComparison.Ordinal));
        Assert.Contains("error reading status line from remote server", apache.Program.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, apache.Program.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Each_answer_is_a_line_for_the_log_exporter_with_whose_it_is_and_nothing_of_the_traveller()
    {
        foreach (var path in (string[])["/api/dni/SECRET1", "/api/own-503", "/entries?dni=SECRET2", "/delay"])
        {
            using var answer = await apache.Http.GetAsync($"{apache.Address}{path}", Cancellation);
        }

        await apache.RestApi.StopAsync();
        using (var answer = await apache.Http.GetAsync($"{apache.Address}/api/dni/SECRET3", Cancellation))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        await apache.RestApi.StartAsync();
        await apache.AskedAsync("/api/dni/1");

        // A separate process writes it.
        string[] expected = ["api 200 -", "api 503 -", "desk 200 -", "delay 200 -", "api 503 503"];
        var clock = Stopwatch.StartNew();
        var lines = Array.Empty<string>();
        while (!expected.All(line => Array.Exists(lines, one => one.StartsWith(line, StringComparison.Ordinal)))
            && clock.Elapsed < TimeSpan.FromSeconds(20))
        {
            await Task.Delay(100, Cancellation);
            lines = await File.ReadAllLinesAsync(apache.MetricsLog, Cancellation);
        }

        Assert.All(expected, line => Assert.Contains(lines, one => one.StartsWith(line, StringComparison.Ordinal)));
        Assert.All(lines, line => Assert.Matches(@"^(desk|api|delay) \d{3} (-|\d{3}) \d+$", line));
    }
}
