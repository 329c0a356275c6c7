using System.Text.Json;
using Promethoide.Monitoring.Alerting;
using Promethoide.Monitoring.Checks;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Tests.Monitoring;

/// <summary>Grafana's rules match Prometheus'.</summary>
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
                  summary: '{{ $value | humanizePercentage }} of {{ $labels.job }}'
                  runbook_url: monitoring/runbooks/TwoWords.md
                  dashboard_uid: promethoide-x
                  panel_id: '7'
        """;

    [Fact]
    public void The_committed_files_are_what_the_rules_and_the_runbooks_say_now() =>
        Assert.Empty(GeneratedFiles.Stale(MonitoringCopy.Original, Tools.Installed));

    [Fact]
    public void A_rule_keeps_what_it_says_in_Grafanas_words()
    {
        using var copy = Copy(Rule);

        Assert.Equal(
            "# Generated from monitoring/prometheus/rules/ by `dotnet run --project Promethoide.Monitoring -- generate monitoring/`: "
            + """
            change it there.
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
                      summary: '{{ $values.A.Value | humanizePercentage }} of {{ $labels.job }}'
                      runbook_url: '/d/promethoide-runbooks?viewPanel=874656'
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
            Generate(copy.Folder).Single(file => file.Path == GeneratedFiles.Rules).Content);
    }

    [Fact]
    public void Each_alert_of_Prometheus_is_one_of_Grafana_with_the_same_expression()
    {
        Assert.Equal(
            RuleFiles.Alerts().ToDictionary(alert => alert.Name, alert => RuleFiles.Expression(alert.Name)),
            GrafanaRules().ToDictionary(rule => Text(rule, "title"), rule => Text(rule["data"][0]["model"], "expr")));
    }

    // While Prometheus is down every query fails: all alerts but one keep their state, and that one reports it.
    [Fact]
    public void One_rule_alone_fires_when_queries_fail() =>
        Assert.Equal(
            ["PrometheusDown"], GrafanaRules().Where(rule => Text(rule, "execErrState") != "KeepLast").Select(rule => Text(rule, "title")));

    [Fact]
    public void The_link_of_an_alert_opens_its_own_runbook()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(MonitoringCopy.Original, GeneratedFiles.RunbooksDashboard)));
        var dashboard = json.RootElement;
        var panels = dashboard.GetProperty("panels")
            .EnumerateArray()
            .ToDictionary(panel => $"/d/{dashboard.GetProperty("uid")}?viewPanel={panel.GetProperty("id")}");

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
            Assert.Equal(
                (0, 24, below), (place.GetProperty("x").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("y").GetInt32()));
            Assert.InRange(place.GetProperty("h").GetInt32(), 8, 60);
            below += place.GetProperty("h").GetInt32();
        }
    }

    // The number is the line that has to change.
    [Theory]
    [InlineData("    interval: 20s\n", "", 2, "a group of Prometheus has no interval; add it")]
    [InlineData("  interval: 20s", "  interval:", 3, "a group of Prometheus has no interval; add it")]
    [InlineData(
        "  interval: 20s",
        "  interval: 20s\n    limit: 5",
        4,
        "'limit' of a group of Prometheus is not carried over to Grafana; remove it (carried over: name, interval, rules)")]
    [InlineData(
        "  interval: 20s",
        "  interval: 20s\n    query_offset: 1m",
        4,
        "'query_offset' of a group of Prometheus is not carried over to Grafana; remove it (carried over: name, interval, rules)")]
    [InlineData("panel_id: '7'", "", 7, "the alert TwoWords has no annotation panel_id; name the dashboard panel that shows it")]
    [InlineData("alert: TwoWords", "alert: Other", 16, "Alert Other has no runbook: write runbooks/Other.md")]
    [InlineData(
        "for: 2m",
        "fore: 2m",
        11,
        "'fore' of a rule of Prometheus is not carried over to Grafana; remove it (carried over: alert, expr, for, keep_firing_for, "
        + "labels, annotations)")]
    [InlineData("for: 2m", "for: [2m]", 11, "for of a rule of Prometheus must be one value; write it on one line")]
    [InlineData(
        "labels: {severity: critical, who: '{{ $labels.job }}'}",
        "labels: [critical]",
        13,
        "labels of a rule of Prometheus must be names with one text each; write name: text")]
    [InlineData("groups:\n", "groups:\n  - text\n", 2, "an item of groups of a rule file must have keys")]
    [InlineData(
        "groups:\n",
        "kind: PrometheusRule\ngroups:\n",
        1,
        "this is a Kubernetes manifest (PrometheusRule), not a rule file; keep only what its spec has: groups")]
    [InlineData(
        "groups:\n",
        "---\n---\ngroups:\n",
        3,
        "only the first YAML document of a file is read; move this one to a file of its own")]
    [InlineData(
        "groups:\n",
        "groups: []\ngroups:\n",
        2,
        "this is not valid YAML (Duplicate key groups); correct it here or shortly before")]
    [InlineData(
        "expr: up\n",
        "expr: *nobody\n",
        1,
        "this is not valid YAML (The anchor 'nobody' does not exists); correct it here or shortly before")]
    [InlineData(
        "expr: up\n",
        "expr: up\n        labels: &a {b: *a}\n",
        7,
        "this is not valid YAML (An anchor contains itself); correct it here or shortly before")]
    [InlineData(
        "{{ $labels.job }}'}",
        "{{ $externalLabels.job }}'}",
        13,
        "'$externalLabels.job' has no meaning in Grafana's alerts; use only $labels, $value and functions that format them")]
    [InlineData(
        "{{ $labels.job }}'\n",
        "{{ .ExternalURL }}'\n",
        15,
        "'.ExternalURL' has no meaning in Grafana's alerts; use only $labels, $value and functions that format them")]
    [InlineData(
        "{{ $labels.job }}'\n",
        "{{ with query \"up\" }}{{ . | first | value }}{{ end }}'\n",
        15,
        "'query' has no meaning in Grafana's alerts; use only $labels, $value and functions that format them")]
    [InlineData(
        "{{ $labels.job }}'\n",
        "{{ printf \"%v\" . }}'\n",
        15,
        "'.' has no meaning in Grafana's alerts; use only $labels, $value and functions that format them")]
    [InlineData(
        "{{ $labels.job }}'\n",
        "{{ range $i, $value := $labels }}{{ $i }}{{ end }}'\n",
        15,
        "a variable $value of its own would hide Grafana's; give it another name")]
    public void What_cannot_be_said_in_Grafana_is_refused_at_its_line(string find, string instead, int line, string message)
    {
        using var copy = Copy(Rule.Replace(find, instead, StringComparison.Ordinal));
        var findings = new List<Finding>();

        Assert.Empty(GeneratedFiles.Of(copy.Folder, findings));
        Assert.Contains(new Finding("prometheus/rules/rules.yml", line, message), findings);
        Assert.Equal(findings, GeneratedFiles.Stale(copy.Folder, Tools.None));
    }

    [Theory]
    [InlineData("{{ .Value | humanize }}", "{{ $values.A.Value | humanize }}")]
    [InlineData("{{ humanize .Value }}", "{{ humanize $values.A.Value }}")]
    [InlineData("{{ humanize (.Value) }}", "{{ humanize ($values.A.Value) }}")]
    [InlineData("{{- $value -}}", "{{- $values.A.Value -}}")]
    [InlineData("{{ $v := $value }}{{ $v }}", "{{ $v := $values.A.Value }}{{ $v }}")]
    [InlineData("{{ printf \"%.1f $value .Value\" $value }}", "{{ printf \"%.1f $value .Value\" $values.A.Value }}")]
    [InlineData(
        "{{ with $value }}{{ . }}{{ else }}{{ .Value }}{{ end }}",
        "{{ with $values.A.Value }}{{ . }}{{ else }}{{ $values.A.Value }}{{ end }}")]
    [InlineData(
        "{{ range $labels }}{{ $.Value }}{{ end }}{{ .Value }}",
        "{{ range $labels }}{{ $values.A.Value }}{{ end }}{{ $values.A.Value }}")]
    [InlineData(
        "{{ if gt $value 1.0 }}{{ .Value }}{{ else if $value }}{{ .Value }}{{ end }}",
        "{{ if gt $values.A.Value 1.0 }}{{ $values.A.Value }}{{ else if $values.A.Value }}{{ $values.A.Value }}{{ end }}")]
    [InlineData("$value .Value {{ `$value` }} {{/* .Value */}}", "$value .Value {{ `$value` }} {{/* .Value */}}")]
    [InlineData(
        "{{ .Labels.job }} {{ $labels.Value }} {{ ($labels).Value }}",
        "{{ .Labels.job }} {{ $labels.Value }} {{ ($labels).Value }}")]
    public void The_value_stays_a_number_and_what_only_looks_like_it_stays_as_it_is(string prometheus, string grafana)
    {
        using var copy = Copy(Rule.Replace("{{ $value | humanizePercentage }} of {{ $labels.job }}", prometheus, StringComparison.Ordinal));

        Assert.Contains($"summary: '{grafana}'\n", Generate(copy.Folder)[0].Content, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TwoWords", "two-words", "TwoWords")]
    [InlineData(
        "A2345678901234567890123456789012345678901",
        "a234567890123456789012345678901-73532b97",
        "A2345678901234567890123456789012345678901")]
    [InlineData("Belt full (> 70%)", "belt-full-70-ff43e8fd", "'Belt full (> 70%)'")]
    [InlineData("Cinta llena ñ", "cinta-llena-d816d561", "Cinta llena ñ")]
    [InlineData("警报", "d87d6151", "'警报'")]
    public void A_name_that_is_no_uid_becomes_one_and_stays_the_title(string alert, string uid, string title)
    {
        using var copy = Copy(Rule.Replace("alert: TwoWords", $"alert: '{alert}'", StringComparison.Ordinal));
        copy.Write($"runbooks/{alert}.md", "# x\n");

        var content = Generate(copy.Folder)[0].Content;

        Assert.Contains($"- uid: {uid}\n        title: {title}\n", content, StringComparison.Ordinal);
    }

    [Fact]
    public void Alerts_of_one_name_are_told_apart_by_the_labels_in_which_they_differ()
    {
        const string more =
            "\n      - {alert: TwoWords, expr: up == 2, labels: {severity: warning, who: x}, annotations: {summary: x, dashboard_uid: a, "
            + "panel_id: '1'}}";
        using var copy = Copy(Rule.Replace("who: '{{ $labels.job }}'", "who: x", StringComparison.Ordinal) + more);
        var rules = Rules(Generate(copy.Folder)[0].Content).ToList();

        Assert.Equal(["TwoWords (critical)", "TwoWords (warning)"], rules.Select(rule => Text(rule, "title")));
        Assert.Distinct(rules.Select(rule => Text(rule, "uid")));
        Assert.All(rules, rule => Assert.Matches("^two-words-[0-9a-f]{8}$", Text(rule, "uid")));
    }

    [Fact]
    public void Alerts_of_one_name_and_the_same_labels_are_refused()
    {
        using var copy = Copy(Rule + Rule[Rule.IndexOf("\n      - alert", StringComparison.Ordinal)..]);
        var findings = new List<Finding>();

        Assert.Empty(GeneratedFiles.Of(copy.Folder, findings));
        Assert.Equal(
            [new Finding(
                "prometheus/rules/rules.yml",
                19,
                "another alert TwoWords has the same labels, and Grafana could not tell them apart; rename one, or give them different "
                + "labels")],
            findings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("---\n")]
    [InlineData("null")]
    [InlineData("~ # nothing")]
    [InlineData("groups:")]
    [InlineData("groups: null")]
    [InlineData("groups: []")]
    [InlineData("groups:\n  - {name: a, rules: }")]
    [InlineData("groups:\n  - {name: a, limit: 3, rules: [{record: a, expr: up}]}")]
    public void Nothing_is_made_of_a_file_that_alerts_of_nothing(string rules)
    {
        using var copy = Copy(rules);

        Assert.EndsWith("apiVersion: 1\ngroups: []\n", Generate(copy.Folder)[0].Content, StringComparison.Ordinal);
    }

    [Fact]
    public void Anchors_and_merges_are_what_Prometheus_takes_them_for_and_nulls_are_nothing()
    {
        using var copy = Copy("""
            groups:
              - name: g
                interval: 20s
                rules:
                  - alert: TwoWords
                    expr: up
                    for:
                    labels: &labels {severity: critical, team: a}
                    annotations: &where {summary: x, dashboard_uid: a, panel_id: '1'}
                  - alert: ThreeWords
                    expr: up
                    labels: {<<: [*labels, {team: b, other: c}], severity: info}
                    annotations: *where
                  - alert: NoLabels
                    expr: up
                    labels:
                    annotations: *where
            """);
        copy.Write("runbooks/ThreeWords.md", "# x\n");
        copy.Write("runbooks/NoLabels.md", "# x\n");
        var rules = Rules(Generate(copy.Folder)[0].Content).ToList();

        Assert.Equal("0s", Text(rules[0], "for"));
        Assert.Equal(
            ["{ { severity, info }, { team, a }, { other, c } }", "{  }"], rules.Skip(1).Select(rule => rule["labels"].ToString()));
    }

    [Fact]
    public void A_file_that_Prometheus_would_not_read_is_refused()
    {
        using var copy = Copy(Rule);
        copy.Write("prometheus/rules/more.yaml", Rule);
        var findings = new List<Finding>();

        Assert.Empty(GeneratedFiles.Of(copy.Folder, findings));
        Assert.Equal(
            [new Finding("prometheus/rules/more.yaml", 1, "Prometheus reads only *.yml here; rename this file to .yml, or delete it")],
            findings);
    }

    // The conversion succeeds, but Grafana or Prometheus would reject its result.
    [Theory]
    [InlineData("expr: up\n", "expr: up(\n", 6, "Prometheus cannot read this (")]
    [InlineData(
        "{{ $labels.job }}'\n",
        "{{ $labels.job | nothing }}'\n",
        15,
        "Prometheus cannot read this (function \"nothing\" not defined); correct it")]
    [InlineData("{{ $labels.job }}'\n", "{{ if }}'\n", 15, "Prometheus cannot read this (missing value for if); correct it")]
    [InlineData(
        "{{ $labels.job }}'\n",
        "{{ printf \"%d\" $value }}'\n",
        15,
        "this template shows %!d(float64=1) instead of a value; a node's number is $values.A.Value")]
    [InlineData("{{ $labels.job }}'\n", "{{ humanize .Labels }}'\n", 15, "this template fails in Grafana (")]
    [InlineData("summary: '", "summary: '${HOST} ", 15, "the annotation summary has a ${…}")]
    [InlineData("interval: 20s", "interval: 15s", 3, "the interval '15s' is not a multiple of 10 s, which stops Grafana; write one")]
    [InlineData("panel_id: '7'", "panel_id: '8'", 18, "the dashboard 'promethoide-x' has no panel 8; write one that it has")]
    [InlineData("panel_id: '7'", "panel_id: seven", 18, "panelId 'seven' of a rule is not a whole number; write one, without a unit")]
    [InlineData("severity: critical", "grafana_folder: critical", 13, "the label 'grafana_folder' is Grafana's own; write another name")]
    public void What_is_made_is_checked_and_said_of_the_line_in_the_rule_file(string find, string instead, int line, string message)
    {
        using var copy = Copy(Rule.Replace(find, instead, StringComparison.Ordinal));
        copy.Write("grafana/dashboards/x.json", """{"uid": "promethoide-x", "title": "x", "panels": [{"id": 7}]}""");
        var findings = new List<Finding>();

        Assert.Empty(GeneratedFiles.Of(copy.Folder, findings, Tools.Installed));
        Assert.Contains(findings, finding => finding.File == "prometheus/rules/rules.yml"
            && finding.Line == line
            && finding.Message.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_generated_file_that_was_changed_by_hand_is_found_at_the_change()
    {
        using var copy = Copy(Rule);
        copy.Write("grafana/dashboards/x.json", """{"uid": "promethoide-x", "title": "x", "panels": [{"id": 7}]}""");
        foreach (var file in Generate(copy.Folder))
        {
            copy.Write(file.Path, file.Content);
        }

        Assert.Empty(GeneratedFiles.Stale(copy.Folder, Tools.None));
        copy.Write(GeneratedFiles.Rules, copy.Read(GeneratedFiles.Rules).Replace("for: 2m", "for: 1m", StringComparison.Ordinal));

        Assert.Equal(
            [new Finding(
                GeneratedFiles.Rules,
                12,
                "this is not what it is generated from; run `dotnet run --project Promethoide.Monitoring -- generate monitoring/`")],
            GeneratedFiles.Stale(copy.Folder, Tools.None));
    }

    private static IReadOnlyList<GeneratedFile> Generate(string folder)
    {
        var findings = new List<Finding>();
        var files = GeneratedFiles.Of(folder, findings);
        Assert.Empty(findings);
        return files;
    }

    private static MonitoringCopy Copy(string rules)
    {
        var copy = new MonitoringCopy();
        copy.Write("prometheus/rules/rules.yml", rules);
        copy.Write("runbooks/TwoWords.md", "# TwoWords\n\nWhat to do.\n");
        return copy;
    }

    private static IEnumerable<YamlNode> GrafanaRules() =>
        Rules(File.ReadAllText(Path.Combine(MonitoringCopy.Original, GeneratedFiles.Rules)));

    private static IEnumerable<YamlNode> Rules(string content) =>
        Yaml.Parse(content, (line, message) => Assert.Fail($"{line}: {message}"))!.Items("groups")
            .SelectMany(group => group.Items("rules"));

    private static string Text(YamlNode node, string key) => ((YamlScalarNode)node[key]).Value!;
}
