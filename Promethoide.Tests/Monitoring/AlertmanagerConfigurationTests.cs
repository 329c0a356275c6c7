using Promethoide.Monitoring.Alerting;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>Checks, with Alertmanager's own tool, the configuration used where Grafana is not installed.</summary>
public sealed class AlertmanagerConfigurationTests : IDisposable
{
    private const string Alert = """
        {"status": "STATUS", "labels": {"alertname": "ServiceDown", "severity": "critical", "instance": "rest-api"},
         "annotations": {"summary": "rest-api doesn't answer", "description": "The probe fails.",
                         "dashboard_uid": "promethoide-probes", "panel_id": "1",
                         "runbook_url": "http://localhost:9090/consoles/runbooks.html#ServiceDown"},
         "startsAt": "2026-01-02T03:04:05Z", "endsAt": "2026-01-02T03:06:07Z", "generatorURL": "http://localhost:9090/graph"}
        """;

    private static readonly Dictionary<string, string> Addresses = new()
    {
        ["OPERATIONS_EMAILS"] = "a@example.org, b@example.org",
        ["DEVELOPERS_EMAILS"] = "c@example.org",
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-alertmanager-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("critical", "operations,developers")]
    [InlineData("warning", "operations")]
    [InlineData("info", "operations")]
    public async Task An_alert_goes_to_those_whom_Grafana_would_tell(string severity, string receivers)
    {
        Write();

        Assert.Contains(
            "SUCCESS",
            await Tool.MustRunAsync("amtool", ["check-config", Path.Combine(_folder, "alertmanager.yml")]),
            StringComparison.Ordinal);
        Assert.Equal(
            receivers,
            (await Tool.MustRunAsync(
                "amtool",
                ["config", "routes", "test", $"--config.file={Path.Combine(_folder, "alertmanager.yml")}", $"severity={severity}"]))
                .Trim());
    }

    [Fact]
    public void Info_keeps_quiet_at_night_and_everybody_of_a_level_gets_one_mail()
    {
        Write();

        var configuration = File.ReadAllText(Path.Combine(_folder, "alertmanager.yml"));
        Assert.Contains("mute_time_intervals: [nights]", configuration, StringComparison.Ordinal);
        Assert.Contains("America/Argentina/Buenos_Aires", configuration, StringComparison.Ordinal);
        Assert.Contains("to: \"a@example.org, b@example.org\"", configuration, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_was_taken_away_is_gone_at_the_next_start()
    {
        var left = Path.Combine(_folder, "99.tmpl");
        await File.WriteAllTextAsync(left, """{{ define "promethoide.subject" }}old{{ end }}""", TestContext.Current.CancellationToken);

        Assert.StartsWith("ALERTA / ALERT", await RenderAsync("promethoide.subject", "firing", 1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "smtp_require_tls: false")]
    [InlineData("it's \"x\": #1", "smtp_require_tls: true")]
    public async Task A_password_goes_only_where_the_way_is_encrypted(string? password, string tls)
    {
        Write(password is null ? null : ("ada", password));

        Assert.Contains(tls, File.ReadAllText(Path.Combine(_folder, "alertmanager.yml")), StringComparison.Ordinal);
        await Tool.MustRunAsync("amtool", ["check-config", Path.Combine(_folder, "alertmanager.yml")]);
    }

    [Theory]
    [InlineData("firing", 1, "ALERTA / ALERT [critical] ServiceDown: rest-api doesn't answer")]
    [InlineData("resolved", 1, "RESUELTA / RESOLVED [critical] ServiceDown: rest-api doesn't answer")]
    [InlineData("firing", 2, "ALERTA / ALERT [critical] ServiceDown: rest-api doesn't answer (2)")]
    public async Task A_subject_says_in_one_line_whether_it_began_or_ended_how_grave_it_is_and_what(
        string status, int alerts, string subject) =>
        Assert.Equal(subject, await RenderAsync("promethoide.subject", status, alerts));

    [Fact]
    public async Task A_mail_of_an_alert_says_since_when_and_leads_to_the_panel_to_the_runbook_and_to_a_silence()
    {
        Assert.Equal(
            """
            ALERTA / ALERT [critical] ServiceDown

            rest-api doesn't answer
            The probe fails.

            Desde / Since: 2026-01-02 03:04:05 UTC

            Panel: http://localhost:3000/d/promethoide-probes?viewPanel=1
            Prometheus: http://localhost:9090/graph
            Qué hacer / Runbook: http://localhost:9090/consoles/runbooks.html#ServiceDown
            Silenciar / Silence: amtool --alertmanager.url=http://localhost:9093 silence add --duration=2h --comment=mail
            """
            + """ 'alertname="ServiceDown"' 'instance="rest-api"' 'severity="critical"'""",
            (await RenderAsync("promethoide.message", "firing", 1)).Trim());
    }

    [Fact]
    public async Task A_mail_of_an_end_says_how_long_it_took_and_offers_no_silence()
    {
        var mail = await RenderAsync("promethoide.message", "resolved", 1);

        Assert.Contains("Hasta / Until: 2026-01-02 03:06:07 UTC\nDuración / Duration: 2m2s\n", mail, StringComparison.Ordinal);
        Assert.DoesNotContain("amtool", mail, StringComparison.Ordinal);
    }

    private void Write((string, string)? login = null) => AlertmanagerConfiguration.Write(
        MonitoringCopy.Original,
        _folder,
        new("localhost:25", "\"Promethoide\" <promethoide@example.org>", login),
        new("http://localhost:3000", "http://localhost:9093"),
        Addresses);

    private async Task<string> RenderAsync(string template, string status, int alerts)
    {
        Write();
        var data = Path.Combine(_folder, "alerts.json");
        var listed = string.Join(',', Enumerable.Repeat(Alert.Replace("STATUS", status, StringComparison.Ordinal), alerts));
        await File.WriteAllTextAsync(
            data,
            $$"""{"receiver": "operations", "status": "{{status}}", "alerts": [{{listed}}], "externalURL": "http://localhost:9093/"}""",
            TestContext.Current.CancellationToken);
        return await Tool.MustRunAsync(
            "amtool",
            [
                "template",
                "render",
                $"--template.glob={Path.Combine(_folder, "*.tmpl")}",
                $"--template.data={data}",
                $"--template.text={{{{ template \"{template}\" . }}}}",
            ]);
    }
}
