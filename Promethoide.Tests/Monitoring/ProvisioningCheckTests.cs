using Promethoide.Monitoring.Alerting;
using Promethoide.Monitoring.Checks;

namespace Promethoide.Tests.Monitoring;

/// <summary>Each mistake that stops Grafana, or misleads it without a word, is found where it is made.</summary>
public sealed class ProvisioningCheckTests
{
    private const string Alerting = "grafana/provisioning/alerting";

    private const string Rules = GeneratedFiles.Rules;

    private const string Points = $"{Alerting}/contact-points.yaml";

    private const string Policies = $"{Alerting}/policies.yaml";

    private const string Mutes = $"{Alerting}/mute-times.yaml";

    private const string Templates = $"{Alerting}/templates.yaml";

    private const string Datasources = "grafana/provisioning/datasources/prometheus.yaml";

    private const string Providers = "grafana/provisioning/dashboards/promethoide.yaml";

    private const string Another = $"{Alerting}/zzz.yaml";

    private const string Dashboard = "grafana/dashboards/zzz.json";

    private const string Rule = "{uid: a, title: b, condition: A, data: [{refId: A, datasourceUid: prometheus, relativeTimeRange: {from: 60, to: 0}, model: {expr: up}}]";

    // In what is written instead, ¦ stands before the line that the finding must name. Nothing to replace: a file of its own.
    private static readonly Dictionary<string, Mistake> Mistakes = new()
    {
        // Files.
        ["a file that is no YAML"] = new(Mutes, "muteTimes:\n", "muteTimes: [\n¦", "this is no YAML, which stops Grafana (While parsing a node, did not find expected node content); put it right here or shortly before", Also: 1),
        ["a line in brackets at the left edge"] = new(Another, "", "apiVersion: 1\ndeleteRules: [{orgId: 1,\n¦uid: x}]", "a line in brackets begins at the left edge; indent it"),
        ["a file without keys"] = new(Another, "", "¦[]", "this is not one YAML mapping; write apiVersion: 1 and lists below it, or delete the file"),
        ["a file of an unknown version"] = new(Mutes, "apiVersion: 1", "apiVersion: ¦2", "Grafana reads a file without version 1 in its oldest form; write apiVersion: 1"),
        ["a file with another suffix"] = new($"{Alerting}/rules.yaml.orig", "", "¦groups: []", "Grafana reads no such file here; name it .yaml, or delete it"),
        ["a file in a folder that is not read"] = new($"{Alerting}/more/rules.yaml", "", "¦apiVersion: 1", "Grafana does not look here; move it to grafana/provisioning/datasources, grafana/provisioning/dashboards, grafana/provisioning/alerting, or delete it"),

        // Keys and values.
        ["id for uid"] = new(Datasources, "    uid: prometheus\n", "    uid: prometheus\n    ¦id: prometheus\n", "unknown key 'id' in a data source, which Grafana ignores without a word; write 'uid'"),
        ["a key that rules once had"] = new(Rules, "        dashboardUid:", "        ¦dasboardUid: x\n        dashboardUid:", "unknown key 'dasboardUid' in a rule, which Grafana ignores without a word; write 'dashboardUid'"),
        ["a key that is nothing like a known one"] = new(Policies, "    group_wait: 0s", "    group_wait: 0s\n    ¦severity: x", "unknown key 'severity' in a policy, which Grafana ignores without a word; known are orgId, receiver, group_by, continue, object_matchers, mute_time_intervals, active_time_intervals, group_wait, group_interval, repeat_interval, routes, matchers, match, match_re"),
        ["a list in another file's place"] = new(Policies, "policies:", "¦policy: []\npolicies:", "unknown key 'policy' in a file of alerts, which Grafana ignores without a word; known are apiVersion, groups, deleteRules, contactPoints, deleteContactPoints, policies, resetPolicies, muteTimes, deleteMuteTimes, templates, deleteTemplates"),
        ["a rule without title"] = new(Rules, "      - uid: apache-down\n        title: ApacheDown\n", "      - ¦uid: apache-down\n", "a rule has no title, which stops Grafana; add it"),
        ["a whole number in quotes"] = new(Rules, "panelId: 1", "panelId: ¦'1'", "panelId '1' of a rule is no whole number; write one, without unit and quotes"),
        ["neither true nor false"] = new(Points, "singleEmail: true", "singleEmail: ¦yes", "singleEmail 'yes' of a mail receiver is neither true nor false; write one of them"),
        ["a list of which is written one value"] = new(Policies, "group_by: ['...']", "group_by: ¦instance", "group_by of a policy must be a list; begin each item with a dash"),
        ["an item without keys"] = new(Mutes, "muteTimes:", "muteTimes:\n  - ¦weekends", "a mute timing must have keys; write orgId: …"),
        ["one value where keys must be"] = new(Rules, "relativeTimeRange: {from: 600, to: 0}", "relativeTimeRange: ¦10m", "relativeTimeRange of a query must have keys; write from: …", Also: 1),
        ["keys where one value must be"] = new(Rules, "name: apache", "name: ¦{a: b}", "name of a rule group must be one value; write it on one line"),
        ["a list where a name must be"] = new(Policies, "group_by: ['...']", "group_by: [¦[job]]", "group_by of a policy is a list of names; write a name"),
        ["annotations without names"] = new(Rules, "        labels:\n          severity: critical", "        labels: ¦critical", "labels of a rule must be names with one text each; write name: text"),

        // Environment variables.
        ["a variable that nobody sets"] = new(Points, "$OPERATIONS_EMAILS", "¦$OPERATION_EMAILS", "the environment variable OPERATION_EMAILS is set by nobody, so that Grafana reads nothing here; use one of PROMETHEUS_URL, TRACES_URL, DASHBOARDS_PATH, OPERATIONS_EMAILS, DEVELOPERS_EMAILS, or write $$OPERATION_EMAILS for the text"),
        ["a single $ in a label"] = new(Rules, "          severity: critical", "          severity: critical\n          service: ¦'{{ $labels.instance }}'", "Grafana takes $labels for an environment variable here; write $$labels"),
        ["a single $ at the end of a pattern"] = new(Policies, "critical|warning", "¦critical|warning$", "Grafana takes a single $ for the begin of an environment variable; write $$"),

        // Data sources.
        ["a data source's access"] = new(Datasources, "access: proxy", "access: ¦server", "access 'server' of a data source is unknown; write one of proxy, direct"),
        ["a data source of the same name"] = new(Datasources, "jsonData:", "jsonData: {}\n  - name: ¦Prometheus\n    uid: other\n    type: prometheus\n    url: http://other:9090\n    jsonData:", "the data source 'Prometheus' is also at grafana/provisioning/datasources/prometheus.yaml:6, which would be overwritten; write another name"),
        ["a data source of the same uid"] = new(Datasources, "jsonData:", "jsonData: {}\n  - name: Other\n    uid: ¦prometheus\n    type: prometheus\n    url: http://other:9090\n    jsonData:", "the data source uid 'prometheus' is also at grafana/provisioning/datasources/prometheus.yaml:7; write another"),
        ["two default data sources"] = new(Datasources, "jsonData:", "jsonData: {}\n  - name: Other\n    uid: other\n    type: prometheus\n    url: http://other:9090\n    isDefault: ¦true\n    jsonData:", "two data sources are the default, which stops Grafana; keep that of grafana/provisioning/datasources/prometheus.yaml:12, or this one"),
        ["a data source without uid"] = new(Datasources, "jsonData:", "jsonData: {}\n  - ¦name: Other\n    type: prometheus\n    url: http://other:9090\n    jsonData:", "a data source has no uid, which stops Grafana; add it"),
        ["a deleted data source without name"] = new(Datasources, "prune: true", "prune: true\ndeleteDatasources:\n  - ¦orgId: 1\n", "a deleted data source has no name, which stops Grafana; add it"),

        // Dashboard providers.
        ["a provider of the same name"] = new("grafana/provisioning/dashboards/zzz.yaml", "", "apiVersion: 1\nproviders: [\n ¦{name: promethoide, options: {path: /x}}]", "the dashboard provider 'promethoide' is also at grafana/provisioning/dashboards/promethoide.yaml:5, which stops Grafana; write another name"),
        ["a provider without options"] = new(Providers, "providers:", "providers:\n  - ¦{name: other}", "a dashboard provider has no options.path, which stops Grafana; add it"),
        ["a provider without path"] = new(Providers, "providers:", "providers:\n  - {name: other, options: ¦{}}", "a dashboard provider has no path, which stops Grafana; add it"),
        ["folders by name and from the disk"] = new(Providers, "    options:", "    options:\n      ¦foldersFromFilesStructure: true", "foldersFromFilesStructure excludes folder and folderUid, which stops Grafana; keep one of them"),
        ["a provider of another type"] = new(Providers, "type: file", "type: ¦folder", "type 'folder' of a dashboard provider is unknown; write one of file"),

        // Dashboards.
        ["a dashboard that is no JSON"] = new(Dashboard, "", "{\n\"uid\": \"x\",\n¦}", "this is no JSON, so that Grafana skips the dashboard; put it right here or shortly before"),
        ["a dashboard that is a list"] = new(Dashboard, "", "¦[]", "a dashboard is a JSON object; begin it with {"),
        ["a dashboard without uid"] = new(Dashboard, "", "¦{\"title\": \"x\"}", "the dashboard has no uid, so that Grafana invents one and links to it break; add \"uid\""),
        ["a dashboard without title"] = new(Dashboard, "", "¦{\"uid\": \"x\"}", "the dashboard has no title, so that Grafana skips it; add \"title\""),
        ["a dashboard's uid with a blank"] = new(Dashboard, "", "{\"title\": \"x\",\n¦\"uid\": \"x y\"}", "the dashboard uid 'x y' is no identifier; write at most 40 of the characters a-z A-Z 0-9 - _"),
        ["a dashboard of the same uid"] = new(Dashboard, "", "{\"title\": \"x\",\n¦\"uid\": \"promethoide-runbooks\"}", "the dashboard uid 'promethoide-runbooks' is also at grafana/dashboards/runbooks.json:2, and Grafana then writes no dashboard; write another"),
        ["a dashboard of the same title"] = new(Dashboard, "", "{\"uid\": \"x\",\n¦\"title\": \"Runbooks\"}", "the dashboard title 'Runbooks' is also at grafana/dashboards/runbooks.json:3, and Grafana then writes no dashboard; write another"),
        ["two panels of one id"] = new(Dashboard, "", "¦{\"uid\": \"x\", \"title\": \"x\", \"panels\": [{\"id\": 1}, {\"id\": 2, \"panels\": [{\"id\": 1}]}]}", "two panels have the id 1; number them anew"),

        // Rule groups and rules.
        ["an interval between two turns"] = new(Rules, "interval: 10s", "interval: ¦15s", "the interval '15s' is no multiple of 10 s, which stops Grafana; write one"),
        ["an interval that is none"] = new(Rules, "interval: 10s", "interval: ¦10 s", "interval '10 s' of a rule group is no duration; write one as Prometheus does: 30s, 1h30m"),
        ["the dashboards' folder"] = new(Another, "", "apiVersion: 1\ngroups: [{name: a, interval: 10s, rules: [" + Rule + "}],\n ¦folder: Promethoide}]", "the folder 'Promethoide' is the dashboards' too, of which Grafana would make twins; write another title"),
        ["a group without rules"] = new(Another, "", "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s,\n ¦rules: []}]", "a rule group has no rules, which stops Grafana; add one, or take the group away"),
        ["a group of the same name"] = new(Another, "", "apiVersion: 1\ngroups: [{folder: Promethoide alerts, interval: 10s, rules: [" + Rule + "}],\n ¦name: apache}]", "the rule group 'Promethoide alerts/apache' is also at grafana/provisioning/alerting/rules.yaml:5, and the later one replaces its rules; put the rules together"),
        ["a rule's uid with a blank"] = new(Rules, "uid: service-down", "uid: ¦service down", "the uid 'service down' of a rule is no identifier; write at most 40 of the characters a-z A-Z 0-9 - _"),
        ["a uid of 41 characters"] = new(Rules, "uid: service-down", "uid: ¦a2345678901234567890123456789012345678901", "the uid 'a2345678901234567890123456789012345678901' of a rule is no identifier; write at most 40 of the characters a-z A-Z 0-9 - _"),
        ["a rule of the same uid"] = new(Rules, "uid: service-down", "uid: ¦apache-down", "the rule uid 'apache-down' is also at grafana/provisioning/alerting/rules.yaml:9, which would be overwritten; write another"),
        ["a rule of the same title"] = new(Rules, "title: ServiceDown", "title: ¦ApacheDown", "the rule title 'ApacheDown' is also at grafana/provisioning/alerting/rules.yaml:10 in the same folder; write another"),
        ["an unknown state for no data"] = new(Rules, "noDataState: OK", "noDataState: ¦Ok", "noDataState 'Ok' of a rule is unknown; write one of NoData, OK, Alerting, KeepLast"),
        ["an unknown state for errors"] = new(Rules, "execErrState: KeepLast", "execErrState: ¦KeepLastState", "execErrState 'KeepLastState' of a rule is unknown; write one of Alerting, Error, OK, KeepLast"),
        ["a negative for"] = new(Rules, "for: 30s", "for: ¦-30s", "for '-30s' of a rule is no duration; write one as Prometheus does: 30s, 1h30m"),
        ["a keepFiringFor in another order"] = new(Rules, "for: 30s", "for: 30s\n        keepFiringFor: ¦30s1m", "keepFiringFor '30s1m' of a rule is no duration; write one as Prometheus does: 30s, 1h30m"),
        ["no evaluation to resolve"] = new(Rules, "missing_series_evals_to_resolve: 1", "missing_series_evals_to_resolve: ¦0", "missing_series_evals_to_resolve is less than 1; write at least 1"),
        ["a panel without dashboard"] = new(Rules, "        dashboardUid: promethoide-apache\n        panelId: 1", "        panelId: ¦1", "dashboardUid and panelId need each other, else Grafana stops; write both, or none"),
        ["a dashboard without panel"] = new(Rules, "        dashboardUid: promethoide-apache\n        panelId: 1", "        dashboardUid: ¦promethoide-apache", "dashboardUid and panelId need each other, else Grafana stops; write both, or none"),
        ["a dashboard that is not there"] = new(Rules, "dashboardUid: promethoide-apache", "dashboardUid: ¦apache", "no dashboard in grafana/dashboards has the uid 'apache'; write one that exists, or add the dashboard"),
        ["a panel that is not there"] = new(Rules, "panelId: 1", "panelId: ¦77", "the dashboard 'promethoide-apache' has no panel 77; write one that it has"),
        ["a runbook that is not there"] = new(Rules, "'/d/promethoide-runbooks?viewPanel=1'", "¦'/d/promethoide-runbooks?viewPanel=99'", "the annotation runbook_url leads to panel 99 of the dashboard 'promethoide-runbooks', which is not there; write one that is"),
        ["the panel as annotation"] = new(Rules, "        annotations:\n", "        annotations:\n          ¦__panelId__: 1\n", "the annotation __panelId__ alone stops Grafana; write dashboardUid and panelId beside title"),
        ["braces after a $ in an annotation"] = new(Rules, "'Apache does not show its status'", "¦'${HOST} does not show its status'", "the annotation summary has a ${…}, which some versions of Grafana replace and others do not; write it without braces"),
        ["an annotation that does not end"] = new(Rules, "'Apache does not show its status'", "¦'{{ $labels.instance } does not show its status'", "an action is not closed; end it with }}, and each text in it with its quotation mark"),
        ["$value"] = new(Rules, "$values.A.Value | humanize }} ms", "¦$value | humanize }} ms", "$value is a text with the labels and values of all nodes in Grafana; write $values.A.Value for the number"),
        ["a label that is Grafana's"] = new(Rules, "          severity: critical", "          severity: critical\n          ¦grafana_folder: x", "the label 'grafana_folder' is Grafana's own; write another name"),
        ["a label that has no name"] = new(Rules, "          severity: critical", "          severity: critical\n          ¦on-call: x", "'on-call' is no name of a label; write letters, digits and _"),
        ["a rule's own contact point"] = new(Rules, "        labels:\n", "        notification_settings: {receiver: ¦nobody}\n        labels:\n", "no contact point has the name 'nobody', which stops Grafana; write one of operations, developers"),
        ["a recording rule without metric"] = new(Another, "", "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s, rules: [" + Rule + ",\n record: ¦{from: A}}]}]", "a recording rule has no metric, which stops Grafana; add it"),

        // Queries and expressions.
        ["a rule without data"] = new(Another, "", "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s, rules: [\n {uid: a, title: b, record: {metric: x, from: A},\n ¦data: []}]}]", "a rule has no data, which stops Grafana; add a query"),
        ["a condition that is no node"] = new(Rules, "condition: C", "condition: ¦D", "the condition 'D' is no refId of the rule; write one of A, B, C"),
        ["an expression of no node"] = new(Rules, "          - refId: C\n            datasourceUid: __expr__\n            model:\n              refId: C\n              type: threshold\n              expression: B", "          - refId: ¦C\n            datasourceUid: __expr__\n            model:\n              refId: C\n              type: threshold\n              expression: X", "the expression C refers to 'X', which is no refId of the rule; write one of A, B, C"),
        ["math on no node"] = new(Rules, "- refId: B\n            datasourceUid: __expr__\n            model:\n              refId: B\n              type: math\n              expression: is_number($A) || is_nan($A) || is_inf($A)", "- refId: ¦B\n            datasourceUid: __expr__\n            model:\n              refId: B\n              type: math\n              expression: is_number($A) || is_nan(${Z})", "the expression B refers to 'Z', which is no refId of the rule; write one of A, B, C"),
        ["expressions in a circle"] = new(Rules, "- refId: B\n            datasourceUid: __expr__\n            model:\n              refId: B\n              type: math\n              expression: is_number($A)", "- refId: ¦B\n            datasourceUid: __expr__\n            model:\n              refId: B\n              type: math\n              expression: is_number($C)", "the expression B refers to itself, through others or not; take one reference away"),
        ["a data source that is not there"] = new(Rules, "datasourceUid: prometheus", "datasourceUid: ¦Prometheus", "no data source has the uid 'Prometheus'; write one of prometheus, or __expr__"),
        ["two refIds for one query"] = new(Rules, "              refId: A", "              refId: ¦B", "the model says refId 'B' and the query 'A'; write the same"),
        ["a query without PromQL"] = new(Rules, "              refId: A\n              expr: 'apache_up == 0'\n", "              ¦refId: A\n", "a query has no expr; write its PromQL"),
        ["a query without model"] = new(Another, "", "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s, rules: [{uid: a, title: b, condition: A, data: [\n ¦{refId: A, datasourceUid: prometheus, relativeTimeRange: {from: 60, to: 0}}]}]}]", "a query has no model; add it, with expr or type"),
        ["a refId twice"] = new(Another, "", "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s, rules: [{uid: a, title: b, condition: A, data: [{refId: A, datasourceUid: prometheus, relativeTimeRange: {from: 60, to: 0}, model: {expr: up}},\n ¦{refId: A, datasourceUid: prometheus, relativeTimeRange: {from: 60, to: 0}, model: {expr: up}}]}]}]", "the refId 'A' is already in the rule; write another"),
        ["a query without range"] = new(Rules, "          - refId: A\n            datasourceUid: prometheus\n            relativeTimeRange: {from: 600, to: 0}\n", "          - ¦refId: A\n            datasourceUid: prometheus\n", "a query has no relativeTimeRange, which stops Grafana; write {from: 600, to: 0}"),
        ["a range in minutes"] = new(Rules, "from: 600", "from: ¦10m", "from '10m' of a relativeTimeRange is no whole number; write one, without unit and quotes"),
        ["a range that ends before it begins"] = new(Rules, "{from: 600, to: 0}", "¦{from: 0, to: 600}", "relativeTimeRange ends 600 s ago, before or when it begins, 0 s ago, which stops Grafana; write a greater from"),
        ["an unknown expression"] = new(Rules, "type: math", "type: ¦maths", "the expression B has the type 'maths'; write one of math, reduce, resample, threshold, classic_conditions, sql"),
        ["an expression of nothing"] = new(Rules, "              refId: B\n              type: math\n              expression: is_number($A) || is_nan($A) || is_inf($A)\n", "              ¦refId: B\n              type: math\n", "the expression B has no expression; write what it is of"),
        ["a threshold with two conditions"] = new(Rules, "                - evaluator: {type: gt, params: [0]}\n", "                - ¦evaluator: {type: gt, params: [0]}\n                - evaluator: {type: gt, params: [0]}\n", "the threshold C must have one condition, else Grafana cannot evaluate it; write one"),
        ["a threshold without evaluator"] = new(Rules, "                - evaluator: {type: gt, params: [0]}\n", "                - ¦unloadEvaluator: {type: gt, params: [0]}\n", "the threshold C has no evaluator; write {type: gt, params: [0]}"),
        ["an unknown evaluator"] = new(Rules, "type: gt", "¦type: greater", "the threshold C has the evaluator 'greater'; write one of gt, lt, eq, ne, gte, lte, within_range, outside_range, within_range_included, outside_range_included"),
        ["a range with one end"] = new(Rules, "type: gt", "¦type: within_range", "the evaluator within_range of the threshold C needs 2 params; write them"),

        // Contact points.
        ["a contact point without receivers"] = new(Points, "contactPoints:", "contactPoints:\n  - ¦{name: nobody}", "a contact point has no receivers, so that it tells nobody; add one"),
        ["a receiver of the same uid"] = new(Points, "uid: developers-mail", "uid: ¦operations-mail", "the receiver uid 'operations-mail' is also at grafana/provisioning/alerting/contact-points.yaml:8, which would be overwritten; write another"),
        ["a contact point of the same name"] = new(Another, "", "apiVersion: 1\ncontactPoints: [{receivers: [{uid: x, type: webhook, settings: {url: http://x}}],\n ¦name: developers}]", "the contact point 'developers' is also at grafana/provisioning/alerting/contact-points.yaml:18; put their receivers together"),
        ["a mail receiver without settings"] = new(Another, "", "apiVersion: 1\ncontactPoints: [{name: x, receivers: [\n ¦{uid: x, type: email}]}]", "a mail receiver has no settings.addresses, which stops Grafana; add it"),
        ["a mail receiver without addresses"] = new(Another, "", "apiVersion: 1\ncontactPoints: [{name: x, receivers: [{uid: x, type: email, settings:\n ¦{subject: x}}]}]", "a mail receiver has no addresses, which stops Grafana; add it"),
        ["another receiver without settings"] = new(Another, "", "apiVersion: 1\ncontactPoints: [{name: x, receivers: [\n ¦{uid: x, type: webhook}]}]", "a receiver has no settings, which stops Grafana; add them"),

        // Mail templates.
        ["a template that nobody defines"] = new(Points, "promethoide.subject", "¦promethoide.title", "no template defines 'promethoide.title'; write one of promethoide.subject, promethoide.state, promethoide.message"),
        ["a template of the same name"] = new(Another, "", "apiVersion: 1\ntemplates: [{template: x,\n ¦name: promethoide}]", "the template 'promethoide' is also at grafana/provisioning/alerting/templates.yaml:8, which would be overwritten; write another name"),
        ["a text defined twice"] = new(Templates, "define \"promethoide.state\"", "¦define \"promethoide.subject\"", "the template text 'promethoide.subject' is also defined at grafana/provisioning/alerting/templates.yaml:10; write another name", Also: 2),
        ["an action that is not closed"] = new(Templates, "{{ .Annotations.summary }}\n", "¦{{ .Annotations.summary }\n", "an action is not closed; end it with }}, and each text in it with its quotation mark"),
        ["a block that is not ended"] = new(Another, "", "apiVersion: 1\ntemplates: [{name: x, template:\n ¦'{{ define \"x\" }}'}]", "{{ define }} is not ended; add {{ end }}"),
        ["an action without content"] = new(Templates, "{{ .Annotations.description }}", "¦{{ }}", "an action is empty; write a value, or take it away"),
        ["a sign without meaning"] = new(Templates, "{{ .Annotations.description }}", "¦{{ .Annotations.description; }}", "';' has no meaning in an action; take it away"),
        ["a parenthesis too few"] = new(Templates, "(.EndsAt.Sub .StartsAt)", "¦(.EndsAt.Sub .StartsAt", "the parentheses of '(.EndsAt.Sub .StartsAt.Truncate 1000000000' do not match; close each"),
        ["an else without if"] = new(Templates, "{{ define \"promethoide.state\" }}", "¦{{ else }}{{ define \"promethoide.state\" }}", "{{ else }} belongs to no if, range or with; take it away"),
        ["a text defined inside another"] = new(Templates, "{{ .Annotations.description }}", "¦{{ define \"x\" }}{{ end }}", "a define stands inside {{ range }} of line 20; end that first"),
        ["an end too many"] = new(Templates, "{{ define \"promethoide.state\" }}", "¦{{ end }}{{ define \"promethoide.state\" }}", "{{ end }} ends nothing; take it away"),
        ["a template without name"] = new(Templates, "{{ .Annotations.description }}", "¦{{ template . }}", "template needs a name; write it in quotation marks"),
        ["a variable that is not set"] = new(Templates, "{{ .Annotations.description }}", "¦{{ $url }}", "$url is not declared; set it before with $url := …"),
        ["a function that not every Grafana has"] = new(Templates, "{{ .Annotations.description }}", "¦{{ .StartsAt | since }}", "the function 'since' is not known to every Grafana; use one of toUpper, toLower, title, trimSpace, join, match, safeHtml, reReplaceAll, stringSlice, date, tz"),

        // Mute timings.
        ["a mute timing without intervals"] = new(Mutes, "muteTimes:", "muteTimes:\n  - ¦{name: never}", "a mute timing has no time_intervals, so that it never mutes; add one"),
        ["a mute timing of the same name"] = new(Another, "", "apiVersion: 1\nmuteTimes: [{time_intervals: [{years: ['2026']}],\n ¦name: nights}]", "the mute timing 'nights' is also at grafana/provisioning/alerting/mute-times.yaml:6, which would be overwritten; write another name"),
        ["a span over midnight"] = new(Mutes, "{start_time: '22:00', end_time: '24:00'}", "¦{start_time: '22:00', end_time: '07:00'}", "a span of time ends before or when it begins, which stops Grafana; write one over midnight as two: until 24:00, and from 00:00"),
        ["a time that no clock shows"] = new(Mutes, "'24:00'", "¦'24:30'", "end_time '24:30' is no time of day, which stops Grafana; write one from '00:00' to '24:00'"),
        ["no day of the week"] = new(Mutes, "      - times:", "      - weekdays: [¦'mon:fri']\n        times:", "'mon:fri' in weekdays stops Grafana; write a weekday, as monday or monday:friday"),
        ["no month"] = new(Mutes, "      - times:", "      - months: [¦'13']\n        times:", "'13' in months stops Grafana; write a month, as may or 1:3"),
        ["no day of the month"] = new(Mutes, "      - times:", "      - days_of_month: [¦'5:1']\n        times:", "'5:1' in days_of_month stops Grafana; write a day of the month, as 1, 1:5 or -1"),
        ["no year"] = new(Mutes, "      - times:", "      - years: [¦'MMXXVI']\n        times:", "'MMXXVI' in years stops Grafana; write a year, as 2026 or 2026:2030"),
        ["no time zone"] = new(Mutes, "Buenos_Aires", "¦Buenos Aires", "the location 'America/Argentina/Buenos Aires' is no time zone, which stops Grafana; write one as America/Argentina/Buenos_Aires"),

        // Policies.
        ["a second policy tree"] = new(Another, "", "apiVersion: 1\npolicies:\n- ¦receiver: operations", "a second policy tree replaces that of grafana/provisioning/alerting/policies.yaml:5 without a word; put the routes there"),
        ["a first policy that is not for all"] = new(Policies, "    group_wait: 0s", "    group_wait: 0s\n    object_matchers: ¦[[severity, '=', critical]]", "the first policy has object_matchers, which stops Grafana; put it into one of its routes"),
        ["a first policy that is muted"] = new(Policies, "    group_wait: 0s", "    group_wait: 0s\n    mute_time_intervals: ¦[nights]", "the first policy has mute_time_intervals, which stops Grafana; put it into one of its routes"),
        ["a contact point that is not there"] = new(Policies, "- receiver: developers", "- receiver: ¦developer", "no contact point has the name 'developer', which stops Grafana; write one of operations, developers"),
        ["a mute timing that is not there"] = new(Policies, "[nights]", "[¦night]", "no mute timing has the name 'night', which stops Grafana; write one of nights"),
        ["a group interval of 0"] = new(Policies, "group_interval: 1m", "group_interval: ¦0s", "group_interval is 0, which stops Grafana; write a greater one"),
        ["all labels and some"] = new(Policies, "['...']", "[job, ¦'...']", "group_by mixes '...', which means all labels, with others, which stops Grafana; keep the one or the others"),
        ["a label twice"] = new(Policies, "['...']", "[job, ¦job]", "group_by names 'job' twice, which stops Grafana; take one away"),
        ["a policy behind one for all"] = new(Policies, "        continue: true\n\n      # Escalation: an alert that ends within the minute reaches no developer, and neither does its end.\n      - receiver: developers", "\n      - ¦receiver: developers", "no alert rule gets to this policy: no rule has such labels, or an earlier policy takes its alerts; correct its object_matchers, move it, or let the earlier one continue"),
        ["a policy for labels that no rule has"] = new(Policies, "      - receiver: developers\n        object_matchers: [[severity, '=', critical]]", "      - ¦receiver: developers\n        object_matchers: [[severity, '=', emergency]]", "no alert rule gets to this policy: no rule has such labels, or an earlier policy takes its alerts; correct its object_matchers, move it, or let the earlier one continue"),
        ["a matcher as text"] = new(Policies, "[[severity, '=~', critical|warning]]", "[¦severity=~critical]", "a matcher is not [label, operator, value], which stops Grafana; write [severity, '=', critical]"),
        ["an unknown operator"] = new(Policies, "[[severity, '=~', critical|warning]]", "[¦[severity, '==', critical]]", "a matcher has the operator '==', which stops Grafana; write one of = != =~ !~"),
        ["a pattern that is none"] = new(Policies, "[[severity, '=~', critical|warning]]", "[¦[severity, '=~', '(critical']]", "'(critical' is no regular expression, which stops Grafana; put it right"),
        ["the older matchers"] = new(Policies, "        object_matchers: [[severity, '=~', critical|warning]]", "        object_matchers: [[severity, '=~', critical|warning]]\n        matchers: ¦[severity=critical]", "matchers says in another way what object_matchers says; write object_matchers, which is checked"),

        // What is deleted.
        ["a rule deleted and provisioned"] = new(Another, "", "apiVersion: 1\ndeleteRules: [{orgId: 1,\n ¦uid: service-down}]", "deleteRules names 'service-down', which is provisioned; take it away here or there"),
        ["a template deleted and provisioned"] = new(Another, "", "apiVersion: 1\ndeleteTemplates: [{orgId: 1,\n ¦name: promethoide}]", "deleteTemplates names 'promethoide', which is provisioned; take it away here or there"),
        ["policies reset and provisioned"] = new(Another, "", "apiVersion: 1\nresetPolicies: ¦[1]", "resetPolicies undoes the policies that are provisioned; take it away"),
    };

    public static TheoryData<string> All => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void A_mistake_is_found_where_it_is_with_what_to_do(string mistake)
    {
        var (file, find, instead, finding, also) = Mistakes[mistake];
        using var copy = new MonitoringCopy();
        var before = find.Length == 0 ? "" : copy.Read(file);
        var at = before.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} has no '{find}'");
        var after = before[..at] + instead + before[(at + find.Length)..];
        var mark = after.IndexOf('¦', StringComparison.Ordinal);
        copy.Write(file, after.Remove(mark, 1));

        var found = copy.Findings();

        var expected = $"{file}:{1 + after.AsSpan(0, mark).Count('\n')}: {finding}";
        Assert.True(found.Contains(expected) && found.Count == 1 + also, $"Expected {expected}\nFound:\n{string.Join('\n', found)}");
    }

    [Fact]
    public void Without_a_mistake_nothing_is_found()
    {
        using var copy = new MonitoringCopy();

        Assert.Empty(copy.Findings());
    }

    [Fact]
    public void The_repository_has_no_mistake() => Assert.Empty(ProvisioningCheck.Of(MonitoringCopy.Original).Findings);

    [Fact]
    public void A_file_that_a_container_may_not_read_is_found()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        using var copy = new MonitoringCopy();
        File.SetUnixFileMode(Path.Combine(copy.Folder, Mutes), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal([$"{Mutes}:1: not everybody may read this, so that Grafana in a container may not, and stops; chmod o+r"], copy.Findings());
    }

    // Whatever is missing or cut off: something is found or nothing, but the check comes to its end.
    [Theory]
    [InlineData(Points)]
    [InlineData(Policies)]
    [InlineData(Mutes)]
    [InlineData(Templates)]
    [InlineData(Datasources)]
    [InlineData(Providers)]
    public void A_file_that_lacks_a_line_or_ends_early_is_read_all_the_same(string file)
    {
        using var copy = new MonitoringCopy();
        copy.Write(Rules, "apiVersion: 1");
        var text = copy.Read(file);
        var lines = text.Split('\n');

        foreach (var index in Enumerable.Range(0, lines.Length))
        {
            copy.Write(file, string.Join('\n', lines.Where((_, at) => at != index)));
            copy.Findings();
            copy.Write(file, text[..(text.Length * index / lines.Length)]);
            copy.Findings();
        }
    }

    /// <param name="File">Where it is made.</param>
    /// <param name="Find">What is replaced; nothing: the file is new.</param>
    /// <param name="Instead">By what; ¦ stands in the line that must be found.</param>
    /// <param name="Finding">What must be found there.</param>
    /// <param name="Also">How many findings follow from it.</param>
    private sealed record Mistake(string File, string Find, string Instead, string Finding, int Also = 0);
}
