using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Network;

/// <summary>Checks the targets through Prometheus' own API, on the running network.</summary>
public sealed partial class EveryTargetIsUpTests(RunningNetworkFixture fixture)
{
    // Grafana is only monitored where it is installed.
    private static readonly string[] Elsewhere = ["grafana"];

    [Fact]
    public async Task Every_job_has_a_target_and_every_target_is_up()
    {
        var network = await fixture.Network;
        var configuration = await File.ReadAllTextAsync(
            Repository.Combine("monitoring", "prometheus", "prometheus.yml"), TestContext.Current.CancellationToken);
        var jobs = JobName().Matches(configuration).Select(match => match.Groups[1].Value).Except(Elsewhere).Order().ToList();
        Assert.NotEmpty(jobs);

        await Eventually.GetAsync(
            network.TargetsAsync,
            targets => targets.All(target => target.Health == "up")
                && jobs.SequenceEqual(targets.Select(target => target.Job).Distinct().Except(Elsewhere).Order()),
            targets => string.Join("\n", targets));
    }

    [Fact]
    public async Task Every_probe_of_the_design_succeeds()
    {
        var network = await fixture.Network;

        var probes = await Eventually.GetAsync(
            () => network.QueryAsync("probe_success"),
            probes => probes.Count == 4 && probes.All(probe => probe.Value == 1),
            probes => string.Join("\n", probes.Select(probe => $"{probe.Labels["instance"]} {probe.Value}")));

        Assert.Equal(["apache", "apache/delay", "rest-api", "rest-api/health"], probes.Select(probe => probe.Labels["instance"]).Order());
        // The page itself, not a redirect to it.
        await Eventually.GetAsync(
            () => network.QueryAsync(
                "probe_http_status_code{instance=\"apache\"} == 200 and on () probe_http_redirects{instance=\"apache\"} == 0"),
            samples => samples.Count == 1);
    }

    [Fact]
    public async Task An_instance_is_a_logical_name_and_never_an_address()
    {
        var network = await fixture.Network;

        var targets = await Eventually.GetAsync(network.TargetsAsync, targets => targets.Count > 0);

        Assert.All(targets, target => Assert.DoesNotContain(":", target.Instance, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pg_up == 1", "the exporter reaches PostgreSQL as promethoide_monitor")]
    [InlineData("apache_up == 1", "the exporter reads Apache's status page")]
    [InlineData("node_cpu_seconds_total", "the machine")]
    [InlineData("http_server_request_duration_seconds_count{job=\"rest-api\"}", "the API's requests")]
    [InlineData("http_server_request_duration_seconds_count{job=\"web\"}", "the desk's requests")]
    [InlineData("dotnet_process_memory_working_set_bytes{job=\"web\"}", "the runtime")]
    [InlineData("db_client_connection_count", "the connection pool")]
    [InlineData("rest_api_requests_total", "the original's counter")]
    [InlineData("promethoide_decisions_total{outcome=\"refused\",reason=\"lodging-required\"}", "decisions, by outcome and reason")]
    [InlineData("promethoide_smoke_last_run_success{instance=\"smoke\"} == 1", "the synthetic officer gets through")]
    [InlineData("time() - promethoide_smoke_last_run_timestamp_seconds{instance=\"smoke\"} < 90", "he walks every minute")]
    [InlineData("promethoide_smoke_runs_total{result=\"failure\"} == 0", "his failures, from zero")]
    [InlineData("promethoide_smoke_step_success{step=\"entry\"} == 1", "each of his steps")]
    [InlineData("promethoide_smoke_step_duration_seconds_count{step=\"look-up\"} > 0", "how long they take")]
    [InlineData("promethoide_smoke_step_duration_seconds_bucket{step=\"look-up\", le=\"0.25\"}", "how many of them are fast")]
    public async Task Prometheus_has(string promql, string what)
    {
        var network = await fixture.Network;

        await Eventually.GetAsync(() => network.QueryAsync(promql), samples => samples.Count > 0, _ => what);
    }

    [GeneratedRegex(@"^\s*- job_name: (\S+)", RegexOptions.Multiline)]
    private static partial Regex JobName();
}
