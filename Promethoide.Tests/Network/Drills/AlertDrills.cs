using System.Text.RegularExpressions;
using Npgsql;
using Promethoide.Tests.Fixtures;
using static Promethoide.Tests.Network.Drills.DrillNetwork;

namespace Promethoide.Tests.Network.Drills;

/// <summary>A fault and the alerts that it triggers.</summary>
/// <param name="Fault">A description of the fault.</param>
/// <param name="Alerts">The alerts that fire, in PromQL notation: the name, with labels in braces where several fire.</param>
/// <param name="Provoke">Causes the fault, which ends when the returned object is disposed.</param>
internal sealed record AlertDrill(string Fault, string[] Alerts, Func<DrillNetwork, Task<IAsyncDisposable>> Provoke)
{
    /// <summary>Its alerts look back too far for a drill to wait until they resolve; unit tests cover that.</summary>
    public bool LeavesTraces { get; init; }
}

/// <summary>The fault of each alert. Faults that do not interfere with each other run in parallel lanes.</summary>
internal static class AlertDrills
{
    /// <summary>Alerts that no drill triggers, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> LeftOut = new Dictionary<string, string>
    {
        ["GcPauseHigh"] = "A service would have to run out of memory for real; the API's limits keep any load from doing that to it.",
        ["ThreadPoolQueueGrowing"] = "Nothing in the services blocks a thread, so no load from outside lets work queue up.",
        ["PrometheusWalDamaged"] =
            "While the disk of Prometheus is full it sees no other fault. Faults/MonitoringTests fills that of a network of its own.",
    };

    private static readonly TimeSpan Leisurely = TimeSpan.FromMilliseconds(100);

    // The error budgets first: the errors that other drills leave in them would fire too.
    private static readonly AlertDrill[] Services =
    [
        new("nearly all requests wait half a second", ["LatencyBudgetBurnFast{job=rest-api}", "LatencyBudgetBurnSlow{job=rest-api}"],
            network => BothAsync(
                network.Ask("rest-api", "/dni/X8582911", TimeSpan.Zero, clients: 40),
                () => network.DrillAsync(new { endpoint = "check_dni", delay_seconds = 0.5 })))
        {
            LeavesTraces = true,
        },
        new(
            "an endpoint answers 500",
            ["UnhandledExceptions{http_route=/refusals/}", "ErrorBudgetBurnFast{job=rest-api}", "ErrorBudgetBurnSlow{job=rest-api}"],
            network => BothAsync(
                network.Ask("rest-api", "/refusals", Leisurely),
                () => network.DrillAsync(new { endpoint = "list_refusals", status = 500 })))
        {
            LeavesTraces = true,
        },
        new("rest-api is stopped while officers read", ["ErrorBudgetBurnFast{job=web}", "ErrorBudgetBurnFast{job=apache}"],
            network => BothAsync(network.Ask("apache", "/refusals", Leisurely), () => network.StopAsync("rest-api")))
        {
            LeavesTraces = true,
        },
        new("apache is stopped", ["ApacheDown"], network => network.StopAsync("apache")),
        new("rest-api is killed", ["ServiceDown{instance=rest-api}"], network => Task.FromResult(network.Kill("rest-api"))),
        new("the API's role may not log in", ["ServiceNotReady"], async network =>
        {
            await network.ExecuteAsync(
                "ALTER ROLE promethoide_api NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                + "WHERE usename = 'promethoide_api'");
            return new Ending(() => network.ExecuteAsync("ALTER ROLE promethoide_api LOGIN"));
        }),
        new("a flight is lost", ["SmokeTestFailing"], async network =>
        {
            await network.ExecuteAsync("UPDATE flights SET flight_number = 'LOST1' WHERE flight_number = 'AA123'");
            return new Ending(() => network.ExecuteAsync("UPDATE flights SET flight_number = 'AA123' WHERE flight_number = 'LOST1'"));
        }),
        new("an endpoint waits half a second", ["EndpointSlow{http_route=/flights/{flight_number}}"],
            network => BothAsync(
                network.Ask("rest-api", "/flights/AA123", Leisurely),
                () => network.DrillAsync(new { endpoint = "check_flight", delay_seconds = 0.5 }))),
        new(
            "the API's front page waits nearly three seconds",
            ["ProbeSlow{instance=rest-api}"],
            network => network.DrillAsync(new { endpoint = "root", delay_seconds = 2.8 })),
        new("clients get slow answers only", ["ApacheSlow"],
            network => BothAsync(
                network.Ask("apache", "/api/flights/AA123", TimeSpan.Zero, clients: 30),
                () => network.DrillAsync(new { endpoint = "check_flight", delay_seconds = 6 }))),
        new("as many clients as Apache has workers wait", ["ApacheWorkersBusy"],
            network => BothAsync(
                network.Ask("apache", "/api/flights/AA123", TimeSpan.Zero, clients: 1150),
                () => network.DrillAsync(new { endpoint = "check_flight", delay_seconds = 10 }))),
        new(
            "all connections but one are taken",
            ["PostgresConnectionsExhausted", "PostgresConnectionsHigh"],
            network => network.TakeConnectionsAsync()),
        new("a table is locked under load", ["NpgsqlPoolExhausted{job=rest-api}"], network =>
            BothAsync(
                network.Ask("rest-api", "/dni/X8582911", TimeSpan.Zero, clients: 150),
                () => network.BeginAsync("LOCK TABLE interpol IN ACCESS EXCLUSIVE MODE"))),
        new(
            "somebody guesses passwords",
            ["SignInFailures"],
            network => Task.FromResult(network.GuessPasswords(Leisurely)))
        {
            LeavesTraces = true,
        },
        new("the synthetic officer is stopped", ["SmokeTestStale"], network => network.StopAsync("smoke")),
    ];

    private static readonly AlertDrill[] Machine =
    [
        new("the kernel ends a process for want of memory", ["NodeOomKill"], network => Task.FromResult(network.Machine.KillForMemory())),
        new("the clock jumps back by an hour", ["NodeClockJumped"], network => Task.FromResult(network.Machine.PutClockBack())),
        new("nearly no memory is available", ["NodeMemoryHigh"], network => Task.FromResult(network.Machine.UseMemory())),
        new("all processors work", ["NodeCpuHigh"], network => Task.FromResult(network.Machine.UseProcessors())),
        .. SmallDisk.IsPossible
            ? (AlertDrill[])
            [
                new("a disk is full to 97 %", ["NodeDiskFull"], network => network.Machine.FillDiskAsync(0.97)),
                new("a disk fills to 90 %", ["NodeDiskFilling"], network => network.Machine.FillDiskAsync(0.9)),
            ]
            : [],
    ];

    private static readonly AlertDrill[] Watchers =
    [
        new(
            "a rule that cannot be evaluated is added",
            ["PrometheusRuleFailures"],
            network => network.ChangeAsync("prometheus", network.PrometheusFile("rules", "meta.yml"), rules => rules + """

              - name: drill
                interval: 1s
                rules:
                  - record: drill
                    expr: up + on () group_left () up
            """)),
        new(
            "a configuration that Prometheus refuses",
            ["PrometheusConfigReloadFailed"],
            network => network.ChangeAsync("prometheus", network.PrometheusFile("prometheus.yml"), _ => "scrape_config: []")),
        new(
            "a configuration that the blackbox exporter refuses",
            ["BlackboxConfigReloadFailed"],
            network => network.ChangeAsync("blackbox-exporter", network.BlackboxFile, _ => "module: {}")),
        new("an exporter is stopped", ["TargetDown{instance=pushgateway}"], network => network.StopAsync("pushgateway")),
        new(
            "a job has no target",
            ["TargetAbsent{job=pushgateway}"],
            network => network.ChangeAsync(null, network.PrometheusFile("targets", "pushgateway.json"), _ => "[]")),
        new("a job's last push is old", ["PushgatewayStale{job=drill}"], network => network.PushAsync("drill")),
        new(
            "Prometheus does not reach itself",
            ["PrometheusDown"],
            network => network.ChangeAsync(
                null, network.PrometheusFile("targets", "prometheus.json"), targets => Regex.Replace(targets, @":\d+""", ":1\""))),
    ];

    private static readonly AlertDrill[] Database =
    [
        new("two transactions wait for each other", ["PostgresDeadlocks"], async network =>
        {
            await DeadlockAsync(network);
            return new Ending(() => Task.CompletedTask);
        }),
        new("transactions are rolled back", ["PostgresRollbackRatio"], network => Task.FromResult<IAsyncDisposable>(RollBack(network))),
        new("a transaction stays open", ["PostgresLongTransaction"], network => network.BeginAsync("SELECT 1")),
    ];

    public static IReadOnlyList<IReadOnlyList<AlertDrill>> Lanes { get; } = [Services, Machine, Watchers, Database];

    private static async Task DeadlockAsync(DrillNetwork network)
    {
        async Task RunAsync(string first, string second)
        {
            await using var database = network.Network.Database();
            await database.OpenAsync();
            await using var transaction = await database.BeginTransactionAsync();
            foreach (var number in (string[])[first, second])
            {
                await using var update = new NpgsqlCommand(
                    "SELECT id FROM flights WHERE flight_number = $1 FOR UPDATE", database, transaction)
                {
                    Parameters = { new() { Value = number } },
                };
                await update.ExecuteNonQueryAsync();
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }

        var both = (Task[])[RunAsync("AA123", "BA456"), RunAsync("BA456", "AA123")];
        // PostgreSQL aborts one of them.
        await Assert.ThrowsAsync<PostgresException>(() => Task.WhenAll(both));
        await Task.WhenAll(both).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    // Many, since all other clients' transactions are counted too.
    private static Ending RollBack(DrillNetwork network)
    {
        var over = new CancellationTokenSource();
        var rolling = Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await network.ExecuteAsync("DO $$BEGIN FOR i IN 1..1000 LOOP PERFORM 1; ROLLBACK; END LOOP; END$$");
            }
        });
        return new(async () =>
        {
            await over.CancelAsync();
            await rolling;
            over.Dispose();
        });
    }
}
