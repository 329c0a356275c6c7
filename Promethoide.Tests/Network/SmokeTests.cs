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
        Assert.Equal(["desk", "look-up", "flight", "entry"], run.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await ops.GetAsync(new Uri("/run", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);

        await using var database = network.Database();
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand("SELECT (SELECT count(*) FROM immigration WHERE dni LIKE 'SMOKE%') + (SELECT count(*) FROM refusals WHERE dni LIKE 'SMOKE%')", database);
        Assert.Equal(0L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_single_run_tells_the_Pushgateway_and_Prometheus_gets_it_from_there()
    {
        var network = await fixture.Network;

        var result = await CommandLineTests.RunAsync(["--once", "--target", network.Desk, "--pushgateway", network.Url("pushgateway")]);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        await Eventually.GetAsync(() => network.QueryAsync("""promethoide_smoke_last_run_success{job="smoke",instance=""} == 1"""), samples => samples.Count == 1);
        await Eventually.GetAsync(() => network.QueryAsync("""time() - push_time_seconds{job="smoke"} < 120"""), samples => samples.Count == 1);
    }
}
