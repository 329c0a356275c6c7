using System.Diagnostics;
using Npgsql;
using Xunit.v3;

namespace Promethoide.Tests.Network.Drills;

/// <summary>
/// Each fault is real: something is broken, its alert fires, it is mended, the alert ends. All on one network, one after the other: first the mails,
/// since an alert that fires again soon after its end waits for the turn of its group; last PostgreSQL, whose end leaves errors in the budget's windows.
/// </summary>
[TestMethodOrderer(typeof(UnorderedTestMethodOrderer))]
public sealed class AlertDrillTests(DrillNetwork network) : IClassFixture<DrillNetwork>
{
    private static readonly TimeSpan Leisurely = TimeSpan.FromMilliseconds(100);

    private IEnumerable<Mail> Mails => network.Mails.Where(mail => mail.Subject.Contains(" ServiceDown ", StringComparison.Ordinal));

    [Fact]
    public async Task Operations_hear_of_a_fault_at_once_developers_when_it_lasts_both_of_its_end_and_nobody_twice()
    {
        await using (await network.StopAsync("apache"))
        {
            await ArriveAsync((AlertmanagerConfiguration.Operations, "firing ServiceDown apache"));
            Assert.DoesNotContain(Mails, mail => mail.To == AlertmanagerConfiguration.Developers);

            // While it lasts, another one that does not.
            await using (await network.StopAsync("rest-api"))
            {
                await ArriveAsync((AlertmanagerConfiguration.Operations, "firing ServiceDown rest-api"));
            }

            await ArriveAsync((AlertmanagerConfiguration.Developers, "firing ServiceDown apache"));
        }

        (string, string)[] expected =
        [
            (AlertmanagerConfiguration.Operations, "firing ServiceDown rest-api"),
            (AlertmanagerConfiguration.Operations, "resolved ServiceDown rest-api"),
            (AlertmanagerConfiguration.Operations, "firing ServiceDown apache"),
            (AlertmanagerConfiguration.Operations, "resolved ServiceDown apache"),
            (AlertmanagerConfiguration.Developers, "firing ServiceDown apache"),
            (AlertmanagerConfiguration.Developers, "resolved ServiceDown apache"),
        ];
        await ArriveAsync(expected);
        // Until nothing more can come: each alert has had its turn once more.
        await Task.Delay(AlertmanagerConfiguration.Minute + TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        Assert.Equal(expected.Order(), Mails.Select(mail => (mail.To, mail.Subject)).Order());
    }

    [Fact]
    public async Task A_killed_API_is_down()
    {
        await network.IsQuietAsync("ServiceDown");

        await using (network.Kill("rest-api"))
        {
            await network.FiresAsync("ServiceDown", ("instance", "rest-api"));
        }

        await network.IsQuietAsync("ServiceDown");
    }

    [Fact]
    public async Task A_stopped_Apache_is_down_for_its_users_and_for_its_exporter()
    {
        await network.IsQuietAsync("ServiceDown");
        await network.IsQuietAsync("ApacheDown");

        await using (await network.StopAsync("apache"))
        {
            await network.FiresAsync("ServiceDown", ("instance", "apache"));
            await network.FiresAsync("ApacheDown");
        }

        await network.IsQuietAsync("ServiceDown");
        await network.IsQuietAsync("ApacheDown");
    }

    [Fact]
    public async Task A_stopped_exporter_is_a_target_that_is_down()
    {
        await network.IsQuietAsync("TargetDown");

        await using (await network.StopAsync("node-exporter"))
        {
            await network.FiresAsync("TargetDown", ("instance", "node-exporter"));
        }

        await network.IsQuietAsync("TargetDown");
    }

    [Fact]
    public async Task A_slow_endpoint_is_slow()
    {
        await network.IsQuietAsync("EndpointSlow");

        await using (network.Ask("/dni/X8582911", Leisurely))
        {
            await using (await network.DrillAsync(new { endpoint = "check_dni", delay_seconds = 0.5 }))
            {
                await network.FiresAsync("EndpointSlow", ("http_route", "/dni/{dni}"), ("http_request_method", "GET"));
            }

            await network.IsQuietAsync("EndpointSlow");
        }
    }

    [Fact]
    public async Task Errors_that_nothing_foresaw_are_told_and_burn_the_budget()
    {
        await network.IsQuietAsync("UnhandledExceptions");
        await network.IsQuietAsync("ErrorBudgetBurnFast");

        await using (network.Ask("/refusals", Leisurely))
        await using (await network.DrillAsync(new { endpoint = "list_refusals", status = 500 }))
        {
            await network.FiresAsync("UnhandledExceptions", ("http_route", "/refusals/"));
            await network.FiresAsync("ErrorBudgetBurnFast", ("job", "rest-api"));
        }

        // So many that work that the errors among them no longer count, though the budget's longer windows still hold them.
        await using (network.Ask("/refusals", TimeSpan.Zero))
        {
            await network.IsQuietAsync("UnhandledExceptions");
            await network.IsQuietAsync("ErrorBudgetBurnFast");
        }
    }

    [Fact]
    public async Task Taken_connections_are_exhausted()
    {
        await network.IsQuietAsync("PostgresConnectionsExhausted");

        await using (await network.TakeConnectionsAsync())
        {
            await network.FiresAsync("PostgresConnectionsExhausted");
        }

        await network.IsQuietAsync("PostgresConnectionsExhausted");
    }

    [Fact]
    public async Task A_configuration_that_Prometheus_refuses_is_told()
    {
        await network.IsQuietAsync("PrometheusConfigReloadFailed");

        await using (await network.BreakConfigurationAsync())
        {
            await network.FiresAsync("PrometheusConfigReloadFailed");
        }

        await network.IsQuietAsync("PrometheusConfigReloadFailed");
    }

    [Fact]
    public async Task A_flight_that_is_lost_stops_the_synthetic_officer_although_every_service_answers()
    {
        await network.IsQuietAsync("SmokeTestFailing");

        await RenameFlightAsync("AA123", "LOST1");
        try
        {
            await network.FiresAsync("SmokeTestFailing");
        }
        finally
        {
            await RenameFlightAsync("LOST1", "AA123");
        }

        await network.IsQuietAsync("SmokeTestFailing");
    }

    [Fact]
    public async Task A_stopped_PostgreSQL_is_down_and_the_synthetic_officer_who_cannot_work_without_it_is_no_second_alarm()
    {
        await network.IsQuietAsync("PostgresDown");
        await network.IsQuietAsync("SmokeTestFailing");
        var since = Stopwatch.StartNew();

        await using (await network.StopAsync("postgres"))
        {
            await network.FiresAsync("PostgresDown");
            // Longer than SmokeTestFailing waits.
            await HoldsAsync("""max_over_time(promethoide_smoke_last_run_success{instance="smoke"}[9s]) == 0""");
        }

        await network.IsQuietAsync("PostgresDown");
        await HoldsAsync("""promethoide_smoke_last_run_success{instance="smoke"} == 1""");
        Assert.False(await network.HasFiredAsync("SmokeTestFailing", since));
    }

    private async Task ArriveAsync(params (string To, string Subject)[] expected) => await Eventually.GetAsync(
        () => Task.FromResult(Mails.Select(mail => (mail.To, mail.Subject)).ToList()),
        mails => expected.All(mails.Contains),
        mails => string.Join("\n", mails));

    private async Task HoldsAsync(string promql) => await Eventually.GetAsync(() => network.Network.QueryAsync(promql), samples => samples.Count > 0, _ => promql);

    private async Task RenameFlightAsync(string from, string to)
    {
        await using var database = network.Network.Database();
        await database.OpenAsync(TestContext.Current.CancellationToken);
        await using var rename = new NpgsqlCommand("UPDATE flights SET flight_number = $2 WHERE flight_number = $1", database) { Parameters = { new() { Value = from }, new() { Value = to } } };
        Assert.Equal(1, await rename.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }
}
