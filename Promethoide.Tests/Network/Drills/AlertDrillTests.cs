using System.Diagnostics;
using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Monitoring;
using Xunit.v3;

namespace Promethoide.Tests.Network.Drills;

/// <summary>
/// Each fault is real: something breaks, its alert fires, it is fixed, the alert resolves. All on one network: first the mails, since an
/// alert that fires again soon after resolving waits for its group's interval; last PostgreSQL, whose outage leaves errors in the budget's
/// windows.
/// </summary>
[TestMethodOrderer(typeof(UnorderedTestMethodOrderer))]
public sealed partial class AlertDrillTests(DrillNetwork network) : IClassFixture<DrillNetwork>
{
    private const string Operations = "operations@promethoide.example";
    private const string Developers = "developers@promethoide.example";

    private static readonly HttpClient Http = new();

    public static TheoryData<string> Alerts => [.. AlertDrills.Lanes.SelectMany(lane => lane).SelectMany(drill => drill.Alerts)];

    [Fact]
    public void Each_alert_has_a_drill_or_a_reason_why_it_cannot_have_one()
    {
        string[] onlyForRoot = SmallDisk.IsPossible ? [] : ["NodeDiskFull", "NodeDiskFilling"];
        var drilled = AlertDrills.Lanes.SelectMany(lane => lane)
            .SelectMany(drill => drill.Alerts)
            .Select(alert => alert.Split('{')[0])
            .Append("PostgresDown")
            .Concat(onlyForRoot);

        Assert.Equal(RuleFiles.Alerts().Select(alert => alert.Name).Order(), drilled.Concat(AlertDrills.LeftOut.Keys).Distinct().Order());
    }

    [Fact]
    public async Task Operations_hear_of_a_fault_at_once_developers_when_it_lasts_both_of_its_end_and_nobody_twice()
    {
        await using (await network.StopAsync("apache"))
        {
            await ArriveAsync((Operations, Alert("apache")));

            // Meanwhile, another fault that does not last.
            await using (await network.StopAsync("rest-api"))
            {
                await ArriveAsync((Operations, Alert("rest-api")));
            }

            await ArriveAsync((Developers, Alert("apache")));
        }

        (string, string)[] expected =
        [
            (Operations, Alert("rest-api")),
            (Operations, End("rest-api")),
            (Operations, Alert("apache")),
            (Operations, End("apache")),
            (Developers, Alert("apache")),
            (Developers, End("apache")),
        ];
        await ArriveAsync(expected);
        // Wait until no more mails can arrive: each group's interval has passed once more.
        await Task.Delay(FastAlertmanager.Minute + TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);

        var mails = (await MailsAsync()).ToList();
        Assert.Equal(expected.Order(), mails.Select(mail => (mail.To, mail.Subject)).Order());
        // About a minute later: a mail may take a while to be sent.
        Assert.InRange(Of(Developers).At - Of(Operations).At, FastAlertmanager.Minute * 0.5, FastAlertmanager.Minute * 10);

        Mail Of(string to) => mails.Single(mail => mail.To == to && mail.Subject == Alert("apache"));
    }

    [Fact]
    public async Task A_mail_says_what_happened_in_two_languages_and_leads_to_what_to_do()
    {
        var mail = (await MailsAsync()).First(mail => mail.Subject == Alert("apache"));

        var text = await network.TextOfAsync(mail);

        Assert.Contains("Desde / Since: ", text, StringComparison.Ordinal);
        Assert.Contains("The probe of apache fails", text, StringComparison.Ordinal);
        var runbook = Runbook().Match(text).Groups["url"].Value;
        Assert.Contains(
            "<article id=\"ServiceDown\">",
            await Http.GetStringAsync(runbook, TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
        Assert.EndsWith("#ServiceDown", runbook, StringComparison.Ordinal);
        Assert.Contains("/d/promethoide-probes?viewPanel=1", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public Task An_alert_fires_on_its_fault_and_ends_with_it(string alert) => network.DrilledAsync(alert);

    [Fact]
    public async Task A_stopped_PostgreSQL_is_down_and_the_synthetic_officer_who_cannot_work_without_it_is_no_second_alarm()
    {
        await network.AllDrilledAsync();
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

    private static string Alert(string instance) => $"ALERTA / ALERT [critical] ServiceDown: {instance} does not respond";

    private static string End(string instance) => $"RESUELTA / RESOLVED [critical] ServiceDown: {instance} does not respond";

    private async Task<IEnumerable<Mail>> MailsAsync() =>
        (await network.MailsAsync()).Where(mail => mail.Subject.Contains(" ServiceDown: ", StringComparison.Ordinal));

    private async Task ArriveAsync(params (string To, string Subject)[] expected) => await Eventually.GetAsync(
        async () => (await MailsAsync()).Select(mail => (mail.To, mail.Subject)).ToList(),
        mails => expected.All(mails.Contains),
        mails => string.Join("\n", mails));

    private async Task HoldsAsync(string promql) =>
        await Eventually.GetAsync(() => network.Network.QueryAsync(promql), samples => samples.Count > 0, _ => promql);

    [GeneratedRegex(@"Runbook: (?<url>\S+)")]
    private static partial Regex Runbook();
}
