using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>Checks Prometheus' rules with promtool.</summary>
public sealed class RulesTests
{
    private static readonly string[] Severities = ["critical", "warning", "info"];

    public static TheoryData<string> Rules => [.. RuleFiles.Names(RuleFiles.Folder)];

    public static TheoryData<string> UnitTests => [.. RuleFiles.Names(RuleFiles.TestFolder)];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Prometheus_accepts_the_rules(string file) =>
        await Tool.MustRunAsync("promtool", ["check", "rules", Path.Combine(RuleFiles.Folder, file)]);

    [Theory]
    [MemberData(nameof(UnitTests))]
    public async Task Alerts_fire_on_the_fault_stay_quiet_on_the_near_miss_and_resolve(string file) =>
        await Tool.MustRunAsync("promtool", ["test", "rules", Path.Combine(RuleFiles.TestFolder, file)]);

    [Fact]
    public void Each_file_of_rules_has_its_file_of_unit_tests() =>
        Assert.Equal(RuleFiles.Names(RuleFiles.Folder), RuleFiles.Names(RuleFiles.TestFolder));

    [Fact]
    public void Each_alert_has_a_unit_test_in_which_it_is_quiet_then_fires_and_then_resolves()
    {
        var proven = RuleFiles.Expectations().Where(test => IsQuietFiresAndResolves(test.Fires)).Select(test => test.Alert);

        Assert.Empty(RuleFiles.Alerts().Select(alert => alert.Name).Except(proven));
    }

    [Fact]
    public void Each_alert_has_a_unit_test_in_which_it_never_fires()
    {
        var proven = RuleFiles.Expectations().Where(test => !test.Fires.Contains(true)).Select(test => test.Alert);

        Assert.Empty(RuleFiles.Alerts().Select(alert => alert.Name).Except(proven));
    }

    // promtool accepts an alert that no rule defines, as long as the test expects it not to fire.
    [Fact]
    public void No_unit_test_asks_for_an_alert_that_does_not_exist() =>
        Assert.Empty(RuleFiles.Expectations().Select(test => test.Alert).Except(RuleFiles.Alerts().Select(alert => alert.Name)));

    [Fact]
    public void Each_alert_says_how_grave_it_is_what_happened_and_what_to_do() => Assert.All(RuleFiles.Alerts(), alert =>
    {
        Assert.Contains(alert.Labels.GetValueOrDefault("severity"), Severities);
        Assert.All(
            ["summary", "description", "runbook_url"],
            name => Assert.False(string.IsNullOrWhiteSpace(alert.Annotations.GetValueOrDefault(name)), $"{alert.Name} has no {name}"));
    });

    [Fact]
    public void No_two_alerts_have_one_name() => Assert.Distinct(RuleFiles.Alerts().Select(alert => alert.Name));

    [Fact]
    public void Each_group_has_an_interval_that_Grafana_accepts_too() => Assert.All(RuleFiles.Groups(), group =>
        Assert.True(
            group.Interval is [>= '1' and <= '9', '0', 's'] or [>= '1' and <= '9', 'm'],
            $"{group.File}: group {group.Name} has the interval '{group.Interval}', which is no multiple of 10 s"));

    private static bool IsQuietFiresAndResolves(IReadOnlyList<bool> fires) => fires is [false, .., false] && fires.Contains(true);
}
