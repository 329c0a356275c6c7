using System.Text.RegularExpressions;
using Promethoide.Monitoring.Checks;
using Promethoide.Tests.AppHost;
using Promethoide.Tests.Deploy;

namespace Promethoide.Tests.Monitoring;

/// <summary>No query reaches back beyond Prometheus' retention.</summary>
public sealed partial class RetentionTests
{
    private static readonly TimeSpan LongestObjective = TimeSpan.FromDays(30);

    [Fact]
    public async Task No_rule_and_no_panel_looks_further_back_than_any_form_of_the_network_remembers()
    {
        var expressions = RuleFiles.Expressions()
            .Concat(DashboardFiles.WithQueries.SelectMany(dashboard => dashboard.Queries)
                .SelectMany(panel => panel.Queries)
                .Select(query => query.Expression));
        var longest = expressions.SelectMany(expression => LookBack().Matches(expression)).Max(match => Length(match.Groups[1].Value));

        Assert.Equal(LongestObjective, longest);
        foreach (var retention in await RetentionsAsync())
        {
            Assert.True(Length(retention) > longest, $"{retention} are kept, {longest.TotalDays} days are asked for.");
        }
    }

    private static async Task<IReadOnlyList<string>> RetentionsAsync()
    {
        await using var containers = await AppHostModel.MakeAsync();
        await using var processes = await AppHostModel.MakeAsync("processes", []);
        return
        [
            Retention(await containers.ArgumentsAsync("prometheus")),
            Retention(await processes.ArgumentsAsync("prometheus")),
            Retention(PublishedCompose.Read().Services["prometheus"].List("command")),
        ];
    }

    private static string Retention(IEnumerable<string> arguments) =>
        arguments.Single(argument => argument.StartsWith("--storage.tsdb.retention.time=", StringComparison.Ordinal)).Split('=')[1];

    private static TimeSpan Length(string duration)
    {
        Assert.True(Durations.TryParse(duration, out var length), $"'{duration}' is no duration.");
        return length;
    }

    [GeneratedRegex(@"(?:\[|\boffset )(\d+[a-z])\b")]
    private static partial Regex LookBack();
}
