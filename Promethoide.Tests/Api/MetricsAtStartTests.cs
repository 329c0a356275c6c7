using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

// In its own class: OpenTelemetry merges the meters of two hosts in one process, and they stop with the first host.
[Collection("Api")]
public sealed class MetricsAtStartTests(PostgresServer server)
{
    [Fact]
    public async Task Every_series_is_there_from_the_start_at_0()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        // Warm-up requests are not counted.
        await using var host = await new ApiHost(database.AsApi).ReadyAsync();

        var metrics = PrometheusText.Parse((await host.Ops.GetAsync("/metrics")).Text);

        Assert.All(Series.Business.Concat(Series.SignIns), sample => Assert.Equal(0, Assert.Contains(sample, metrics)));
        Assert.Equal(5, metrics.Keys.Count(sample => sample.StartsWith("promethoide_decisions_total", StringComparison.Ordinal)));
        Assert.Equal(
            Series.Endpoints,
            metrics.Where(sample => sample.Key.StartsWith("rest_api_requests_total", StringComparison.Ordinal) && sample.Value == 0)
                .Select(sample => sample.Key.Split('"')[1]).Order());
    }
}
