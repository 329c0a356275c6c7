using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>Each alert has a runbook page.</summary>
public sealed class RunbooksTests
{
    private const string Folder = "monitoring/runbooks";

    private static readonly string[] Sections = ["## Meaning", "## Impact", "## First look", "## Remedy", "## Escalation"];

    public static TheoryData<string> Pages => [.. Names()];

    [Fact]
    public void Each_alert_has_a_page_and_each_page_an_alert() =>
        Assert.Equal(RuleFiles.Alerts().Select(alert => alert.Name).Order(), Names());

    [Fact]
    public void Each_alert_names_its_own_page() =>
        Assert.All(
            RuleFiles.Alerts(),
            alert => Assert.Equal(
                $"{{{{ $externalURL }}}}/consoles/runbooks.html#{alert.Name}", alert.Annotations.GetValueOrDefault("runbook_url")));

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_answers_the_same_questions_in_the_same_order(string alert)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, Folder, $"{alert}.md"));

        Assert.Equal($"# {alert}", lines[0]);
        Assert.Equal(Sections, lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)));
        Assert.All(
            Sections,
            section => Assert.Contains(
                lines.SkipWhile(line => line != section).Skip(1).TakeWhile(line => !line.StartsWith('#')), line => line.Length > 0));
    }

    private static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, Folder)).Select(file => Path.GetFileNameWithoutExtension(file)).Order();
}
