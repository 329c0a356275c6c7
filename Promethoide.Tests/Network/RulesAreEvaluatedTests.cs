using Promethoide.Tests.Monitoring;

namespace Promethoide.Tests.Network;

/// <summary>The rules in the running Prometheus.</summary>
public sealed class RulesAreEvaluatedTests(RunningNetworkFixture fixture)
{
    // The machine's free space does not depend on this network.
    private const string Machine = "node.yml";

    // While all tests run at once, requests occasionally time out; the error budget remembers that for hours.
    private const string Budget = "ErrorBudgetBurn";

    [Fact]
    public async Task Prometheus_evaluates_every_rule_of_the_repository_and_no_alert_fires()
    {
        var network = await fixture.Network;

        var rules = await Eventually.GetAsync(
            network.RulesAsync,
            rules => rules.Count > 0 && rules.All(rule => rule.Health == "ok"),
            rules => string.Join("\n", rules.Where(rule => rule.Health != "ok")));

        Assert.Equal(
            RuleFiles.Groups().Select(group => (group.File, group.Name)).Order(),
            rules.Select(rule => (rule.File, rule.Group)).Distinct().Order());
        Assert.Equal(
            RuleFiles.Alerts().Select(alert => alert.Name).Order(),
            rules.Where(rule => rule.State is not null).Select(rule => rule.Rule).Order());
        Assert.DoesNotContain(
            rules, rule => rule.State == "firing" && rule.File != Machine && !rule.Rule.StartsWith(Budget, StringComparison.Ordinal));
    }
}
