using System.Text.Json;
using Promethoide.Monitoring.Alerting;
using Promethoide.Monitoring.Checks;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Monitoring;

/// <summary>Grafana's rules say what Prometheus' say.</summary>
public sealed class GeneratedFilesTests
{
    private const string Rule = """
        groups:
          - name: g
            interval: 20s
            rules:
              - record: r
                expr: up
              - alert: TwoWords
                expr: |
                  up == 0
                  or absent(up)
                for: 2m
                keep_firing_for: 3m
                labels: {severity: critical, who: '{{ $labels.job }}'}
                annotations:
                  summary: '{{ $value | humanizePercentage }} of {{ $labels.job }}, {{ $values }}'
                  runbook_url: monitoring/runbooks/TwoWords.md
                  dashboard_uid: promethoide-x
                  panel_id: '7'
        """;

    [Fact]
    public void The_committed_files_are_what_the_rules_and_the_runbooks_say_now() =>
        Assert.Empty(GeneratedFiles.Stale(MonitoringCopy.Original));

    [Fact]
    public void A_rule_keeps_what_it_says_in_Grafanas_words()
    {
        using var copy = Copy(Rule);

        Assert.Equal(
            """
            # Generated from monitoring/prometheus/rules/ by `dotnet run --project Promethoide.Monitoring -- generate monitoring/`: change it there.
            apiVersion: 1
            groups:
              - orgId: 1
                name: g
                folder: Promethoide alerts
                interval: 20s
                rules:
                  - uid: two-words
                    title: TwoWords
                    condition: C
                    for: 2m
                    keepFiringFor: 3m
                    missing_series_evals_to_resolve: 1
                    noDataState: OK
                    execErrState: KeepLast
                    dashboardUid: promethoide-x
                    panelId: 7
                    labels:
                      severity: critical
                      who: '{{ $$labels.job }}'
                    annotations:
                      summary: '{{ $values.A.Value | humanizePercentage }} of {{ $labels.job }}, {{ $values }}'
                      runbook_url: '/d/promethoide-runbooks?viewPanel=1'
                    data:
                      - refId: A
                        datasourceUid: prometheus
                        relativeTimeRange: {from: 600, to: 0}
                        model:
                          refId: A
                          expr: |
                            up == 0
                            or absent(up)
                          instant: true
                          range: false
                          editorMode: code
                      - refId: B
                        datasourceUid: __expr__
                        model:
                          refId: B
                          type: math
                          expression: is_number($A) || is_nan($A) || is_inf($A)
                      - refId: C
                        datasourceUid: __expr__
                        model:
                          refId: C
                          type: threshold
                          expression: B
                          conditions:
                            - evaluator: {type: gt, params: [0]}

            """,
            GeneratedFiles.Of(copy.Folder).Single(file => file.Path == GeneratedFiles.Rules).Content);
    }

    [Fact]
    public void Each_alert_of_Prometheus_is_one_of_Grafana_with_the_same_expression()
    {
        var ours = PrometheusRules.Alerting(MonitoringCopy.Original).SelectMany(group => group.Rules).Where(rule => rule.Alert is not null).ToDictionary(rule => rule.Alert!, rule => rule.Expr);

        Assert.Equal(ours, GrafanaRules().ToDictionary(rule => Text(rule, "title"), rule => Text(rule["data"][0]["model"], "expr")));
    }

    // While Prometheus is away every query fails: all alerts but one stay as they are, and that one says so.
    [Fact]
    public void One_rule_alone_fires_when_queries_fail() =>
        Assert.Equal(["PrometheusDown"], GrafanaRules().Where(rule => Text(rule, "execErrState") != "KeepLast").Select(rule => Text(rule, "title")));

    [Fact]
    public void The_link_of_an_alert_opens_its_own_runbook()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(MonitoringCopy.Original, GeneratedFiles.RunbooksDashboard)));
        var dashboard = json.RootElement;
        var panels = dashboard.GetProperty("panels").EnumerateArray().ToDictionary(panel => $"/d/{dashboard.GetProperty("uid")}?viewPanel={panel.GetProperty("id")}");

        Assert.All(GrafanaRules(), rule =>
        {
            var panel = panels[Text(rule["annotations"], "runbook_url")];
            var page = File.ReadAllText(Path.Combine(MonitoringCopy.Original, "runbooks", $"{Text(rule, "title")}.md"));
            Assert.Equal(Text(rule, "title"), panel.GetProperty("title").GetString());
            Assert.Equal(page, $"# {Text(rule, "title")}\n\n{panel.GetProperty("options").GetProperty("content").GetString()}\n");
        });
    }

    [Fact]
    public void Runbooks_lie_one_below_the_other()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(MonitoringCopy.Original, GeneratedFiles.RunbooksDashboard)));
        var below = 0;

        foreach (var place in json.RootElement.GetProperty("panels").EnumerateArray().Select(panel => panel.GetProperty("gridPos")))
        {
            Assert.Equal((0, 24, below), (place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("y").GetInt32()));
            Assert.InRange(place.GetProperty("h").GetInt32(), 8, 60);
            below += place.GetProperty("h").GetInt32();
        }
    }

    [Theory]
    [InlineData("interval: 20s", "", "Group g has no interval")]
    [InlineData("panel_id: '7'", "", "Alert TwoWords has no annotation panel_id")]
    [InlineData("alert: TwoWords", "alert: Other", "Alert Other has no runbook")]
    [InlineData("for: 2m", "fore: 2m", "rules.yml:11: ")]
    public void What_cannot_be_said_in_Grafana_is_refused(string find, string instead, string named)
    {
        using var copy = Copy(Rule.Replace(find, instead, StringComparison.Ordinal));

        var error = Assert.Throws<RulesException>(() => GeneratedFiles.Of(copy.Folder)).Message;
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Equal([new Finding(GeneratedFiles.Rules, 1, $"this cannot be generated: {error}")], GeneratedFiles.Stale(copy.Folder));
    }

    [Fact]
    public void A_generated_file_that_was_changed_by_hand_is_found_at_the_change()
    {
        using var copy = Copy(Rule);
        foreach (var file in GeneratedFiles.Of(copy.Folder))
        {
            copy.Write(file.Path, file.Content);
        }

        Assert.Empty(GeneratedFiles.Stale(copy.Folder));
        copy.Write(GeneratedFiles.Rules, copy.Read(GeneratedFiles.Rules).Replace("for: 2m", "for: 1m", StringComparison.Ordinal));

        Assert.Equal(
            [new Finding(GeneratedFiles.Rules, 12, "this is not what it is generated from; run `dotnet run --project Promethoide.Monitoring -- generate monitoring/`")],
            GeneratedFiles.Stale(copy.Folder));
    }

    private static MonitoringCopy Copy(string rules)
    {
        var copy = new MonitoringCopy();
        copy.Write("prometheus/rules/rules.yml", rules);
        copy.Write("runbooks/TwoWords.md", "# TwoWords\n\nWhat to do.\n");
        return copy;
    }

    private static IEnumerable<YamlNode> GrafanaRules()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(MonitoringCopy.Original, GeneratedFiles.Rules))));
        return ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"]).SelectMany(group => (YamlSequenceNode)group["rules"]);
    }

    private static string Text(YamlNode node, string key) => ((YamlScalarNode)node[key]).Value!;
}
