using Promethoide.Tests.Fixtures;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Monitoring;

/// <summary>
/// The mails' templates, by Alertmanager's tool: the same Go templates with the same functions as Grafana's. It knows less of an alert than Grafana (no
/// value, no links), so that it parses all, as Grafana does at its start, but can only write the subject.
/// </summary>
public sealed class MailTemplatesTests : IDisposable
{
    private const string Alert = """{"status": "STATUS", "labels": {"alertname": "ServiceDown", "severity": "critical"}, "annotations": {"summary": "rest-api doesn't answer"}}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("promethoide-templates-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("firing", 1, "ALERTA / ALERT [critical] ServiceDown: rest-api doesn't answer")]
    [InlineData("resolved", 1, "RESUELTA / RESOLVED [critical] ServiceDown: rest-api doesn't answer")]
    [InlineData("firing", 2, "ALERTA / ALERT [critical] ServiceDown: rest-api doesn't answer (2)")]
    public async Task A_subject_says_in_one_line_whether_it_began_or_ended_how_grave_it_is_and_what(string status, int alerts, string subject)
    {
        var alert = Alert.Replace("STATUS", status, StringComparison.Ordinal);
        var data = $$"""{"receiver": "operations", "status": "{{status}}", "alerts": [{{string.Join(',', Enumerable.Repeat(alert, alerts))}}], "externalURL": "http://localhost:3000/"}""";

        Assert.Equal(subject, await RenderAsync("""{{ template "promethoide.subject" . }}""", data));
    }

    private async Task<string> RenderAsync(string text, string data)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(await File.ReadAllTextAsync(Path.Combine(MonitoringCopy.Original, "grafana/provisioning/alerting/templates.yaml"), TestContext.Current.CancellationToken)));
        var (templates, alerts) = (Path.Combine(_folder, "mail.tmpl"), Path.Combine(_folder, "alerts.json"));
        await File.WriteAllTextAsync(templates, ((YamlScalarNode)yaml.Documents[0].RootNode["templates"][0]["template"]).Value, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(alerts, data, TestContext.Current.CancellationToken);
        return await Tool.MustRunAsync("amtool", ["template", "render", $"--template.glob={templates}", $"--template.data={alerts}", $"--template.text={text}"]);
    }
}
