using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Promethoide.Tests.Smoke;

namespace Promethoide.Tests.Network;

/// <summary>The synthetic officer on the running network.</summary>
public sealed class SmokeTests(RunningNetworkFixture fixture)
{
    [Fact]
    public async Task He_walks_at_once_when_asked_on_the_ops_port_and_leaves_no_entry()
    {
        var network = await fixture.Network;
        var metrics = await Eventually.GetAsync(() => network.ScrapeUrlAsync("smoke"), url => url is not null);
        using var ops = new HttpClient { BaseAddress = metrics };

        using var answer = await ops.PostAsync(new Uri("/run", UriKind.Relative), content: null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var run = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.True(run.GetProperty("success").GetBoolean());
        Assert.Equal(
            ["desk", "look-up", "flight", "entry"],
            run.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()));
        Assert.Equal(
            HttpStatusCode.MethodNotAllowed,
            (await ops.GetAsync(new Uri("/run", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);

        await using var database = network.Database();
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand(
            "SELECT (SELECT count(*) FROM immigration WHERE dni LIKE 'SMOKE%') + (SELECT count(*) FROM refusals WHERE dni LIKE 'SMOKE%')",
            database);
        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_single_run_tells_the_Pushgateway_and_Prometheus_gets_it_from_there()
    {
        var network = await fixture.Network;

        var result = await CommandLineTests.RunAsync(
            ["--once", "--target", network.Desk, "--pushgateway", network.Url("pushgateway")],
            new KeyValuePair<string, string?>("Smoke__ApiKey", await network.SmokeKeyAsync()));

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        await Eventually.GetAsync(
            () => network.QueryAsync("""promethoide_smoke_last_run_success{job="smoke",instance=""} == 1"""),
            samples => samples.Count == 1);
        await Eventually.GetAsync(
            () => network.QueryAsync("""time() - push_time_seconds{job="smoke"} < 120"""), samples => samples.Count == 1);
    }

    [Fact]
    public async Task A_key_that_is_not_the_smoke_tests_is_not_accepted_and_the_steps_say_so()
    {
        var network = await fixture.Network;

        var result = await CommandLineTests.RunAsync(
            ["--once", "--target", network.Desk], new KeyValuePair<string, string?>("Smoke__ApiKey", $"pmk_{new string('x', 43)}"));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("desk: ok", result.Output, StringComparison.Ordinal);
        Assert.All(
            (string[])["look-up", "flight", "entry"],
            step => Assert.Contains($"{step}: the key is not accepted (status 401)", result.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/api/dni/SMOKE0001", 404)]
    [InlineData("/api/flights/AA123", 200)]
    [InlineData("/api/dni/12345678A", 403)]
    [InlineData("/api/immigration", 403)]
    [InlineData("/api/refusals", 403)]
    [InlineData("/api/hits", 403)]
    [InlineData("/api/officers", 403)]
    public async Task His_key_is_good_for_rehearsals_only(string path, int status)
    {
        var network = await fixture.Network;
        using var client = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", await network.SmokeKeyAsync()) } };

        using var answer = await client.GetAsync(network.Desk + path, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)answer.StatusCode);
    }
}
