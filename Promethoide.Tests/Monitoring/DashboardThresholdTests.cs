using System.Globalization;

namespace Promethoide.Tests.Monitoring;

/// <summary>Each alert has a panel whose colour changes at the alert's threshold and that links to the alert.</summary>
public sealed class DashboardThresholdTests
{
    // Alert; its rule's comparison; the panel, with the field if the thresholds are set per field; where the panel's colour changes.
    // Up and passed are 1, so red is below 1. For counts, more than 0 means 1 or more.
    private static readonly (string Alert, string Compares, string Dashboard, int Panel, string? Field, double Threshold)[] Table =
    [
        ("ServiceDown", "== 0", "probes", 1, null, 1),
        ("ServiceNotReady", "== 0", "probes", 1, null, 1),
        ("ProbeSlow", "> 2\n", "probes", 2, null, 2),
        ("ProbeSlow", "> 2\n", "probes", 9, null, 2),
        ("ProbeSlow", "> 2\n", "apache", 13, null, 2),
        ("SmokeTestFailing", "== 0", "probes", 3, null, 1),
        ("SmokeTestFailing", "== 0", "overview", 6, null, 1),
        ("SmokeTestStale", "> 300", "probes", 4, null, 300),
        ("SmokeTestStale", "> 300", "overview", 7, null, 300),
        ("PushgatewayStale", "> 86400", "probes", 5, null, 86400),
        ("TargetDown", "== 0", "prometheus", 1, null, 1),
        ("TargetDown", "== 0", "overview", 2, null, 1),
        ("TargetAbsent", "absent(", "prometheus", 1, null, 1),
        ("PrometheusDown", "== 1", "prometheus", 1, null, 1),
        ("PrometheusConfigReloadFailed", "== 0", "prometheus", 2, null, 1),
        ("BlackboxConfigReloadFailed", "== 0", "prometheus", 2, null, 1),
        ("PrometheusRuleFailures", "> 0", "prometheus", 3, null, 1),
        ("PrometheusWalDamaged", "> 0", "prometheus", 13, null, 1),
        ("EndpointSlow", "> 0.1\n", "api", 1, null, 0.1),
        ("EndpointSlow", "> 0.1\n", "api", 14, "Slow", 0.1),
        ("ErrorBudgetBurnFast", "> 14.4 * 0.005", "api", 2, null, 14.4),
        ("ErrorBudgetBurnFast", "> 6 * 0.005", "api", 2, null, 6),
        ("ErrorBudgetBurnFast", "> 14.4 * 0.005", "overview", 11, null, 14.4 * 0.005),
        ("ErrorBudgetBurnSlow", "> 3 * 0.005", "api", 2, null, 3),
        ("ErrorBudgetBurnSlow", "> 1 * 0.005", "api", 2, null, 1),
        ("LatencyBudgetBurnFast", "> 14.4 * 0.05", "api", 3, null, 14.4),
        ("LatencyBudgetBurnFast", "> 6 * 0.05", "api", 3, null, 6),
        ("LatencyBudgetBurnFast", "> 14.4 * 0.05", "overview", 13, null, 14.4 * 0.05),
        ("LatencyBudgetBurnSlow", "> 3 * 0.05", "api", 3, null, 3),
        ("LatencyBudgetBurnSlow", "> 1 * 0.05", "api", 3, null, 1),
        ("UnhandledExceptions", "> 0", "api", 4, null, 1),
        ("SignInFailures", "> 20", "api", 28, null, 20),
        ("GcPauseHigh", "> 0.1", "runtime", 1, null, 0.1),
        ("ThreadPoolQueueGrowing", "> 50", "runtime", 2, null, 50),
        ("NpgsqlPoolExhausted", "> 0.4", "runtime", 3, null, 0.4),
        ("NpgsqlPoolExhausted", "> 0.4", "overview", 16, "Half of the connection pool", 0.8),
        ("PostgresDown", "== 0", "postgres", 1, null, 1),
        ("PostgresConnectionsHigh", "> 0.8", "postgres", 2, null, 0.8),
        ("PostgresConnectionsHigh", "> 0.8", "overview", 16, "PostgreSQL connections", 0.8),
        ("PostgresConnectionsExhausted", "> 0.95", "postgres", 2, null, 0.95),
        ("PostgresConnectionsExhausted", "> 0.95", "overview", 16, "PostgreSQL connections", 0.95),
        ("PostgresDeadlocks", "> 0", "postgres", 3, null, 1),
        ("PostgresRollbackRatio", "> 0.25", "postgres", 4, null, 0.25),
        ("PostgresLongTransaction", "> 300", "postgres", 5, null, 300),
        ("ApacheDown", "== 0", "apache", 1, null, 1),
        ("ApacheSlow", "> 2000", "apache", 2, null, 2000),
        ("ApacheWorkersBusy", "> 0.8", "apache", 3, null, 0.8),
        ("ApacheWorkersBusy", "> 0.8", "overview", 16, "Apache workers", 0.8),
        ("NodeDiskFull", "< 0.05", "node", 1, null, 0.05),
        ("NodeDiskFull", "< 0.05", "overview", 16, "Fullest disk", 1 - 0.05),
        ("NodeDiskFilling", "< 0.15", "node", 1, null, 0.15),
        ("NodeDiskFilling", "< 0.15", "overview", 16, "Fullest disk", 1 - 0.15),
        ("NodeDiskFilling", "24 * 3600) < 0", "node", 7, null, 1),
        ("NodeMemoryHigh", "> 0.9", "node", 2, null, 0.9),
        ("NodeMemoryHigh", "> 0.9", "overview", 16, "Memory", 0.9),
        ("NodeCpuHigh", "> 0.9", "node", 3, null, 0.9),
        ("NodeCpuHigh", "> 0.9", "overview", 16, "Processors", 0.9),
        ("NodeOomKill", "> 0", "node", 4, null, 1),
        ("NodeClockJumped", "> 10)", "node", 28, null, 10),
    ];

    [Fact]
    public void The_colour_of_a_panel_changes_where_the_alert_begins() => Assert.All(Table, row =>
    {
        Assert.Contains(row.Compares, RuleFiles.Expression(row.Alert) + "\n", StringComparison.Ordinal);
        var thresholds = Panel(row.Dashboard, row.Panel).Thresholds(row.Field);
        Assert.True(
            thresholds.Any(threshold => Math.Abs(threshold - row.Threshold) < 1e-9),
            string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Alert} begins at {row.Threshold}, and {Panel(row.Dashboard, row.Panel)} changes its colour at "
                + $"{string.Join(", ", thresholds)}"));
    });

    [Fact]
    public void Every_alert_has_its_panel() =>
        Assert.Equal(RuleFiles.Alerts().Select(alert => alert.Name).Order(), Table.Select(row => row.Alert).Distinct().Order());

    // The overview's bars link to the dashboard instead.
    [Fact]
    public void The_panel_leads_to_the_alert() => Assert.All(Table.Where(row => (row.Dashboard, row.Panel) != ("overview", 16)), row =>
        Assert.Contains(
            Panel(row.Dashboard, row.Panel).Links,
            link => link.Split("search=") is [_, var search] && row.Alert.StartsWith(search, StringComparison.Ordinal)));

    private static Panel Panel(string dashboard, int id) => DashboardFiles.Read(dashboard).Panels.Single(panel => panel.Id == id);
}
