using Promethoide.Monitoring.Alerting;
using Promethoide.Monitoring.Checks;

namespace Promethoide.Tests.Monitoring;

/// <summary>Each mistake that stops or silently misleads Grafana is reported where it is made.</summary>
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

    private const string Rule =
        "{uid: a, title: b, condition: A, data: [{refId: A, datasourceUid: prometheus, relativeTimeRange: {from: 60, to: 0}, model: "
        + "{expr: up, instant: true}}]";

    private const string Range =
        "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s, rules: [{uid: a, title: b, condition:\n COND, data: [{refId: A, "
        + "datasourceUid: prometheus, relativeTimeRange: {from: 60, to: 0}, model: {expr: up, range: true}}, {refId: C, "
        + "datasourceUid: __expr__, model: {type: threshold, expression: A, conditions: [{evaluator: {type: gt, params: "
        + "[0]}}]}}]}]}]";

    // In the replacement, ¦ marks the line that the finding must name. If Find is empty, the file is new.
    private static readonly Dictionary<string, Mistake> Mistakes = new()
    {
        // Files.
        ["a file that is no YAML"] = new(
            Mutes,
            "muteTimes:\n",
            "muteTimes: [\n¦",
            "this is not valid YAML (While parsing a node, did not find expected node content); correct it here or shortly before",
            Also: 1),
        ["a line in brackets at the left edge"] = new(
            Another,
            "",
            "apiVersion: 1\ndeleteRules: [{orgId: 1,\n¦uid: x}]",
            "this is not valid YAML; check brackets and indentation here or shortly before"),
        ["a file without keys"] = new(Another, "", "¦[]", "this is not a YAML mapping; write keys, or delete the file"),
        ["a file of an unknown version"] = new(
            Datasources, "apiVersion: 1", "apiVersion: ¦2", "apiVersion '2' of a data source file is unknown; use one of 1"),
        ["a file without version"] = new(
            Providers, "apiVersion: 1\n\nproviders:\n", "\n¦providers:\n", "a dashboard provider file has no apiVersion; add it"),
        ["a file with another suffix"] = new(
            $"{Alerting}/rules.yaml.orig", "", "¦groups: []", "Grafana reads no such file here; name it .yaml, or delete it"),
        ["a file in a folder that is not read"] = new(
            $"{Alerting}/more/rules.yaml",
            "",
            "¦apiVersion: 1",
            "Grafana does not look here; move it to grafana/provisioning/datasources, grafana/provisioning/dashboards, "
            + "grafana/provisioning/alerting, or delete it"),

        // Keys and values.
        ["id for uid"] = new(
            Datasources,
            "    uid: prometheus\n",
            "    uid: prometheus\n    ¦id: prometheus\n",
            "unknown key 'id' in a data source, which Grafana ignores without a word; known are orgId, orgName, version, name, type, "
            + "access, url, user, database, basicAuth, basicAuthUser, withCredentials, isDefault, correlations, jsonData, "
            + "secureJsonData, editable, uid"),
        ["a key in other letters"] = new(
            Rules,
            "        dashboardUid:",
            "        ¦dashboardUID: x\n        dashboardUid:",
            "unknown key 'dashboardUID' in a rule, which Grafana ignores without a word; known are uid, title, condition, data, "
            + "dashboardUid, dasboardUid, panelId, noDataState, execErrState, for, keepFiringFor, missing_series_evals_to_resolve, "
            + "annotations, labels, isPaused, notification_settings, record"),
        ["a key that is nothing like a known one"] = new(
            Policies,
            "    group_wait: 0s",
            "    group_wait: 0s\n    ¦severity: x",
            "unknown key 'severity' in a policy, which Grafana ignores without a word; known are orgId, receiver, group_by, continue, "
            + "object_matchers, mute_time_intervals, active_time_intervals, group_wait, group_interval, repeat_interval, routes, "
            + "matchers, match, match_re"),
        ["a list in another file's place"] = new(
            Policies,
            "policies:",
            "¦policy: []\npolicies:",
            "unknown key 'policy' in a file of alerts, which Grafana ignores without a word; known are apiVersion, groups, deleteRules, "
            + "contactPoints, deleteContactPoints, policies, resetPolicies, muteTimes, deleteMuteTimes, templates, deleteTemplates"),
        ["a rule without title"] = new(
            Rules, "      - uid: apache-down\n        title: ApacheDown\n", "      - ¦uid: apache-down\n", "a rule has no title; add it"),
        ["a whole number in quotes"] = new(
            Rules, "from: 600", "from: ¦'600'", "from '600' of a range is not a whole number; write one, without unit and quotes"),
        ["neither true nor false"] = new(
            Points,
            "singleEmail: true",
            "singleEmail: ¦yes",
            "singleEmail 'yes' of a receiver of type email is neither true nor false; write one of them, without quotes"),
        ["a list of which is written one value"] = new(
            Policies, "group_by: ['...']", "group_by: ¦instance", "group_by of a policy must be a list; begin each item with a dash"),
        ["an item without keys"] = new(
            Mutes, "muteTimes:", "muteTimes:\n  - ¦weekends", "an item of muteTimes of a file of alerts must have keys; write orgId: …"),
        ["one value where keys must be"] = new(
            Rules,
            "relativeTimeRange: {from: 600, to: 0}",
            "relativeTimeRange: ¦10m",
            "relativeTimeRange of a query must have keys; write from: …"),
        ["keys where one value must be"] = new(
            Rules, "name: apache", "name: ¦{a: b}", "name of a rule group must be one value; write it on one line"),
        ["a list where a name must be"] = new(
            Policies, "group_by: ['...']", "group_by: [¦[job]]", "an item of group_by of a policy must be one value; write it on one line"),
        ["annotations without names"] = new(
            Rules,
            "        labels:\n          severity: critical",
            "        labels: ¦critical",
            "labels of a rule must be names with one text each; write name: text"),

        // Environment variables.
        ["a variable that nobody sets"] = new(
            Points,
            "$OPERATIONS_EMAILS",
            "¦$OPERATION_EMAILS",
            "the environment variable OPERATION_EMAILS is not set, so that Grafana reads nothing here; use one of PROMETHEUS_URL, "
            + "TRACES_URL, DASHBOARDS_PATH, OPERATIONS_EMAILS, DEVELOPERS_EMAILS, or write $$OPERATION_EMAILS for the text"),
        ["a single $ in a label"] = new(
            Rules,
            "          severity: critical",
            "          severity: critical\n          service: ¦'{{ $labels.instance }}'",
            "Grafana takes $labels for an environment variable here; write $$labels"),

        // Data sources.
        ["a data source's access"] = new(
            Datasources,
            "access: proxy",
            "access: ¦server",
            "Grafana does not know the access 'server' and takes proxy; write proxy",
            Style: true),
        ["a data source of the same name"] = new(
            Datasources,
            "jsonData:",
            "jsonData: {}\n  - name: ¦Prometheus\n    uid: other\n    type: prometheus\n    url: http://other:9090\n    jsonData:",
            "the data source 'Prometheus' is also at grafana/provisioning/datasources/prometheus.yaml:6, which would be overwritten; "
            + "write another name"),
        ["a data source of the same uid"] = new(
            Datasources,
            "jsonData:",
            "jsonData: {}\n  - name: Other\n    uid: ¦prometheus\n    type: prometheus\n    url: http://other:9090\n    jsonData:",
            "the data source uid 'prometheus' is also at grafana/provisioning/datasources/prometheus.yaml:7; write another"),
        ["two default data sources"] = new(
            Datasources,
            "jsonData:",
            "jsonData: {}\n  - name: Other\n    uid: other\n    type: prometheus\n    url: http://other:9090\n    isDefault: ¦true\n"
            + "    jsonData:",
            "two data sources are the default, which stops Grafana; keep that of grafana/provisioning/datasources/prometheus.yaml:12, or "
            + "this one"),
        ["a data source without uid"] = new(
            Datasources,
            "jsonData:",
            "jsonData: {}\n  - ¦name: Other\n    type: prometheus\n    url: http://other:9090\n    jsonData:",
            "the data source has no uid, so that Grafana makes one of its name; write uid",
            Style: true),
        ["a deleted data source without name"] = new(
            Datasources, "prune: true", "prune: true\ndeleteDatasources:\n  - ¦orgId: 1\n", "a deleted data source has no name; add it"),

        // Dashboard providers.
        ["a provider of the same name"] = new(
            "grafana/provisioning/dashboards/zzz.yaml",
            "",
            "apiVersion: 1\nproviders: [\n ¦{name: promethoide, options: {path: /x}}]",
            "the dashboard provider 'promethoide' is also at grafana/provisioning/dashboards/promethoide.yaml:5, which stops Grafana; "
            + "write another name"),
        ["a provider without options"] = new(
            Providers, "providers:", "providers:\n  - ¦{name: other}", "a dashboard provider has no options; add it"),
        ["a provider without path"] = new(
            Providers, "providers:", "providers:\n  - {name: other, options: ¦{}}", "a set of options has no path; add it"),
        ["folders by name and from the disk"] = new(
            Providers,
            "    options:",
            "    options:\n      ¦foldersFromFilesStructure: true",
            "foldersFromFilesStructure excludes folder and folderUid, which stops Grafana; keep one of them"),
        ["a provider of another type"] = new(
            Providers, "type: file", "type: ¦folder", "type 'folder' of a dashboard provider is unknown; use one of file"),

        // Dashboards.
        ["a dashboard that is no JSON"] = new(
            Dashboard,
            "",
            "{\n\"uid\": \"x\",\n¦}",
            "this is not JSON, so that Grafana skips the dashboard; correct it here or shortly before"),
        ["a dashboard that is a list"] = new(Dashboard, "", "¦[]", "this is not a YAML mapping; write keys, or delete the file"),
        ["a dashboard without uid"] = new(Dashboard, "", "¦{\"title\": \"x\"}", "a dashboard has no uid; add it"),
        ["a dashboard without title"] = new(Dashboard, "", "¦{\"uid\": \"x\"}", "a dashboard has no title; add it"),
        ["a dashboard's uid with a blank"] = new(
            Dashboard,
            "",
            "{\"title\": \"x\",\n¦\"uid\": \"x y\"}",
            "the uid 'x y' of a dashboard is not a valid uid; use at most 40 of the characters a-z A-Z 0-9 - _"),
        ["a dashboard of the same uid"] = new(
            Dashboard,
            "",
            "{\"title\": \"x\",\n¦\"uid\": \"promethoide-runbooks\"}",
            "the dashboard uid 'promethoide-runbooks' is also at grafana/dashboards/runbooks.json:2, and Grafana then writes no "
            + "dashboard; write another"),
        ["a dashboard of the same title"] = new(
            Dashboard,
            "",
            "{\"uid\": \"x\",\n¦\"title\": \"Runbooks\"}",
            "the dashboard title 'Runbooks' is also at grafana/dashboards/runbooks.json:3, and Grafana then writes no dashboard; write "
            + "another"),
        ["two panels of one id"] = new(
            Dashboard,
            "",
            "¦{\"uid\": \"x\", \"title\": \"x\", \"panels\": [{\"id\": 1}, {\"id\": 2, \"panels\": [{\"id\": 1}]}]}",
            "two panels have the id 1; number them anew"),

        // Rule groups and rules.
        ["an interval between two turns"] = new(
            Rules, "interval: 10s", "interval: ¦15s", "the interval '15s' is not a multiple of 10 s, which stops Grafana; write one"),
        ["an interval that is none"] = new(
            Rules,
            "interval: 10s",
            "interval: ¦10 s",
            "interval '10 s' of a rule group is not a duration; write one as Prometheus does: 30s, 1h30m"),
        ["the dashboards' folder"] = new(
            Another,
            "",
            "apiVersion: 1\ngroups: [{name: a, interval: 10s, rules: [" + Rule + "}],\n ¦folder: Promethoide}]",
            "the folder 'Promethoide' is the dashboards' too, of which Grafana would make twins; write another title"),
        ["a group without rules"] = new(
            Another, "", "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s,\n ¦rules: []}]", "a rule group has no rules; add it"),
        ["a group of the same name"] = new(
            Another,
            "",
            "apiVersion: 1\ngroups: [{folder: Promethoide alerts, interval: 10s, rules: [" + Rule + "}],\n ¦name: apache}]",
            "the rule group 'Promethoide alerts/apache' is also at grafana/provisioning/alerting/rules.yaml:5, and the later one "
            + "replaces its rules; put the rules together"),
        ["a rule's uid with a blank"] = new(
            Rules,
            "uid: service-down",
            "uid: ¦service down",
            "the uid 'service down' of a rule is not a valid uid; use at most 40 of the characters a-z A-Z 0-9 - _"),
        ["a uid of 41 characters"] = new(
            Rules,
            "uid: service-down",
            "uid: ¦a2345678901234567890123456789012345678901",
            "the uid 'a2345678901234567890123456789012345678901' of a rule is not a valid uid; use at most 40 of the characters a-z A-Z "
            + "0-9 - _"),
        ["a rule of the same uid"] = new(
            Rules,
            "uid: service-down",
            "uid: ¦apache-down",
            "the rule uid 'apache-down' is also at grafana/provisioning/alerting/rules.yaml:9, which would be overwritten; write another"),
        ["a rule of the same title"] = new(
            Rules,
            "title: ServiceDown",
            "title: ¦ApacheDown",
            "the rule title 'ApacheDown' is also at grafana/provisioning/alerting/rules.yaml:10 in the same folder, where Grafana before "
            + "12 stops; write another",
            Style: true),
        ["an unknown state for no data"] = new(
            Rules,
            "noDataState: OK",
            "noDataState: ¦Ok",
            "noDataState 'Ok' of a rule is unknown; use one of NoData, OK, Alerting, KeepLast"),
        ["an unknown state for errors"] = new(
            Rules,
            "execErrState: KeepLast",
            "execErrState: ¦KeepLastState",
            "execErrState 'KeepLastState' of a rule is unknown; use one of Alerting, Error, OK, KeepLast"),
        ["a negative for"] = new(
            Rules, "for: 30s", "for: ¦-30s", "for '-30s' of a rule is not a duration; write one as Prometheus does: 30s, 1h30m"),
        ["a keepFiringFor in another order"] = new(
            Rules,
            "for: 30s",
            "for: 30s\n        keepFiringFor: ¦30s1m",
            "keepFiringFor '30s1m' of a rule is not a duration; write one as Prometheus does: 30s, 1h30m"),
        ["no evaluation to resolve"] = new(
            Rules,
            "missing_series_evals_to_resolve: 1",
            "missing_series_evals_to_resolve: ¦0",
            "missing_series_evals_to_resolve '0' of a rule is not a number of at least 1; write one"),
        ["a panel without dashboard"] = new(
            Rules,
            "        dashboardUid: promethoide-apache\n        panelId: 1",
            "        panelId: ¦1",
            "dashboardUid and panelId need each other, else Grafana stops; write both, or none"),
        ["a dashboard without panel"] = new(
            Rules,
            "        dashboardUid: promethoide-apache\n        panelId: 1",
            "        dashboardUid: ¦promethoide-apache",
            "dashboardUid and panelId need each other, else Grafana stops; write both, or none"),
        ["a dashboard that is not there"] = new(
            Rules,
            "dashboardUid: promethoide-apache",
            "dashboardUid: ¦apache",
            "no dashboard in grafana/dashboards has the uid 'apache'; write one that exists, or add the dashboard"),
        ["a panel that is not there"] = new(
            Rules, "panelId: 1", "panelId: ¦77", "the dashboard 'promethoide-apache' has no panel 77; write one that it has"),
        ["a runbook that is not there"] = new(
            Rules,
            "'/d/promethoide-runbooks?viewPanel=305553'",
            "¦'/d/promethoide-runbooks?viewPanel=99'",
            "the annotation runbook_url leads to panel 99 of the dashboard 'promethoide-runbooks', which is not there; write one that is"),
        ["the panel as annotation"] = new(
            Rules,
            "        annotations:\n",
            "        annotations:\n          ¦__panelId__: 1\n",
            "the annotation __panelId__ alone stops Grafana; write dashboardUid and panelId beside title"),
        ["braces after a $ in an annotation"] = new(
            Rules,
            "'Apache does not show its status'",
            "¦'${HOST} does not show its status'",
            "the annotation summary has a ${…}, which some versions of Grafana replace and others do not; write it without braces"),
        ["an annotation that does not end"] = new(
            Rules,
            "'Apache does not show its status'",
            "¦'{{ $labels.instance } does not show its status'",
            "this template does not parse, so that the alert shows it unfilled (unexpected \"}\" in operand); correct it"),
        ["$value"] = new(
            Rules,
            "$values.A.Value | humanize }} ms",
            "¦$value | humanize }} ms",
            "this template fails in Grafana (<humanize>: error calling humanize: strconv.ParseFloat: parsing \"[ var='A' labels={} "
            + "value=1 ]\": invalid syntax); a node's number is $values.A.Value"),
        ["a label that is Grafana's"] = new(
            Rules,
            "          severity: critical",
            "          severity: critical\n          ¦grafana_folder: x",
            "the label 'grafana_folder' is Grafana's own; write another name"),
        ["a rule's own contact point"] = new(
            Rules,
            "        labels:\n",
            "        notification_settings: {receiver: ¦nobody}\n        labels:\n",
            "no contact point has the name 'nobody', which stops Grafana; use one of operations, developers, grafana-default-email"),
        ["a recording rule without metric"] = new(
            Another,
            "",
            "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s, rules: [" + Rule + ",\n record: ¦{from: A}}]}]",
            "a recording rule has no metric; add it"),

        // Queries and expressions.
        ["a rule without data"] = new(
            Another,
            "",
            "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s, rules: [\n {uid: a, title: b, record: {metric: x, from: A},\n "
            + "¦data: []}]}]",
            "a rule has no data; add it"),
        ["a condition that is no node"] = new(
            Rules, "condition: C", "condition: ¦D", "the condition 'D' is no refId of the rule; use one of A, B, C"),
        ["an expression of no node"] = new(
            Rules,
            "          - refId: C\n            datasourceUid: __expr__\n            model:\n              refId: C\n"
            + "              type: threshold\n              expression: B",
            "          - refId: ¦C\n            datasourceUid: __expr__\n            model:\n              refId: C\n"
            + "              type: threshold\n              expression: X",
            "the expression C refers to 'X', which is no refId of the rule; use one of A, B, C"),
        ["math on no node"] = new(
            Rules,
            "- refId: B\n            datasourceUid: __expr__\n            model:\n              refId: B\n              type: math\n"
            + "              expression: is_number($A) || is_nan($A) || is_inf($A)",
            "- refId: ¦B\n            datasourceUid: __expr__\n            model:\n              refId: B\n              type: math\n"
            + "              expression: is_number($A) || is_nan(${Z})",
            "the expression B refers to 'Z', which is no refId of the rule; use one of A, B, C"),
        ["expressions in a circle"] = new(
            Rules,
            "- refId: B\n            datasourceUid: __expr__\n            model:\n              refId: B\n              type: math\n"
            + "              expression: is_number($A)",
            "- refId: ¦B\n            datasourceUid: __expr__\n            model:\n              refId: B\n              type: math\n"
            + "              expression: is_number($C)",
            "the expression B refers to itself, through others or not; take one reference away",
            Also: 1),
        ["a data source that is not there"] = new(
            Rules,
            "datasourceUid: prometheus",
            "datasourceUid: ¦Prometheus",
            "no data source has the uid 'Prometheus'; use one of prometheus, __expr__"),
        ["two refIds for one query"] = new(
            Rules, "              refId: A", "              refId: ¦B", "the model says refId 'B' and the query 'A'; write the same"),
        ["a query without PromQL"] = new(
            Rules,
            "              refId: A\n              expr: 'apache_up == 0 unless on () network:starting'\n",
            "              ¦refId: A\n",
            "a query has no expr; write its PromQL"),
        ["a query without model"] = new(
            Another,
            "",
            "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s, rules: [{uid: a, title: b, condition: A, data: [\n ¦{refId: A, "
            + "datasourceUid: prometheus, relativeTimeRange: {from: 60, to: 0}}]}]}]",
            "a query has no model; add it"),
        ["a refId twice"] = new(
            Another,
            "",
            "apiVersion: 1\ngroups: [{name: a, folder: b, interval: 10s, rules: [{uid: a, title: b, condition: A, data: [{refId: A, "
            + "datasourceUid: prometheus, relativeTimeRange: {from: 60, to: 0}, model: {expr: up, instant: true}},\n ¦{refId: A, "
            + "datasourceUid: prometheus, relativeTimeRange: {from: 60, to: 0}, model: {expr: up, instant: true}}]}]}]",
            "the refId 'A' is already in the rule; write another"),
        ["a query without range"] = new(
            Rules,
            "          - refId: A\n            datasourceUid: prometheus\n            relativeTimeRange: {from: 600, to: 0}\n",
            "          - ¦refId: A\n            datasourceUid: prometheus\n",
            "a query has no relativeTimeRange, which stops Grafana; write {from: 600, to: 0}"),
        ["a range in minutes"] = new(
            Rules, "from: 600", "from: ¦10m", "from '10m' of a range is not a whole number; write one, without unit and quotes"),
        ["a range that ends before it begins"] = new(
            Rules,
            "{from: 600, to: 0}",
            "¦{from: 0, to: 600}",
            "relativeTimeRange ends 600 s ago, before or when it begins, 0 s ago, which stops Grafana; write a greater from"),
        ["an unknown expression"] = new(
            Rules,
            "type: math",
            "type: ¦maths",
            "the expression B has the type 'maths'; use one of math, reduce, resample, threshold, classic_conditions, sql"),
        ["an expression of nothing"] = new(
            Rules,
            "              refId: B\n              type: math\n              expression: is_number($A) || is_nan($A) || is_inf($A)\n",
            "              ¦refId: B\n              type: math\n",
            "a math expression has no expression; add it"),
        ["a threshold with two conditions"] = new(
            Rules,
            "                - evaluator: {type: gt, params: [0]}\n",
            "                - ¦evaluator: {type: gt, params: [0]}\n                - evaluator: {type: gt, params: [0]}\n",
            "the threshold C must have one condition, else Grafana cannot evaluate it; write one"),
        ["a threshold without evaluator"] = new(
            Rules,
            "                - evaluator: {type: gt, params: [0]}\n",
            "                - ¦unloadEvaluator: {type: gt, params: [0]}\n",
            "a threshold condition has no evaluator; add it"),
        ["an unknown evaluator"] = new(
            Rules,
            "type: gt",
            "¦type: greater",
            "type 'greater' of a threshold evaluator is unknown; use one of gt, lt, eq, ne, gte, lte, within_range, outside_range, "
            + "within_range_included, outside_range_included"),
        ["a range with one end"] = new(Rules, "type: gt", "¦type: within_range", "the evaluator within_range needs 2 params; write them"),

        // Contact points.
        ["a contact point without receivers"] = new(
            Points, "contactPoints:", "contactPoints:\n  - ¦{name: nobody}", "a contact point has no receivers; add it"),
        ["a receiver of the same uid"] = new(
            Points,
            "uid: developers-mail",
            "uid: ¦operations-mail",
            "the receiver uid 'operations-mail' is also at grafana/provisioning/alerting/contact-points.yaml:8, which would be "
            + "overwritten; write another"),
        ["a contact point of the same name"] = new(
            Another,
            "",
            "apiVersion: 1\ncontactPoints: [{receivers: [{uid: x, type: webhook, settings: {url: http://x}}],\n ¦name: developers}]",
            "the contact point 'developers' is also at grafana/provisioning/alerting/contact-points.yaml:18; put their receivers together"),
        ["a mail receiver without settings"] = new(
            Another,
            "",
            "apiVersion: 1\ncontactPoints: [{name: x, receivers: [\n ¦{uid: x, type: email}]}]",
            "a receiver has no settings; add it"),
        ["a mail receiver without addresses"] = new(
            Another,
            "",
            "apiVersion: 1\ncontactPoints: [{name: x, receivers: [{uid: x, type: email, settings:\n ¦{subject: x}}]}]",
            "a receiver of type email has no addresses; add it"),
        ["another receiver without settings"] = new(
            Another,
            "",
            "apiVersion: 1\ncontactPoints: [{name: x, receivers: [\n ¦{uid: x, type: webhook}]}]",
            "a receiver has no settings; add it"),

        // Mail templates.
        ["a template that nobody defines"] = new(
            Points,
            "promethoide.subject",
            "¦promethoide.title",
            "no template defines 'promethoide.title'; use one of promethoide.subject, promethoide.state, promethoide.message, "
            + "promethoide.value, promethoide.panel, promethoide.silence"),
        ["a template of the same name"] = new(
            Another,
            "",
            "apiVersion: 1\ntemplates: [{template: x,\n ¦name: promethoide}]",
            "the template 'promethoide' is also at grafana/provisioning/alerting/templates.yaml:10, which would be overwritten; write "
            + "another name"),
        ["a text defined twice"] = new(
            Templates,
            "define \"promethoide.state\"",
            "¦define \"promethoide.subject\"",
            "the template text 'promethoide.subject' is also defined at grafana/provisioning/alerting/templates.yaml:12; write another "
            + "name",
            Also: 2),
        ["an action that is not closed"] = new(
            Templates,
            "{{ .Annotations.summary }}\n",
            "¦{{ .Annotations.summary }\n",
            "this template does not parse, which stops Grafana (unexpected \"}\" in operand); correct it"),
        ["a block that is not ended"] = new(
            Another,
            "",
            "apiVersion: 1\ntemplates: [{name: x, template:\n ¦'{{ define \"x\" }}'}]",
            "this template does not parse, which stops Grafana (unexpected EOF); correct it"),
        ["an action without content"] = new(
            Templates,
            "{{ .Annotations.description }}",
            "¦{{ }}",
            "this template does not parse, which stops Grafana (missing value for command); correct it"),
        ["a sign without meaning"] = new(
            Templates,
            "{{ .Annotations.description }}",
            "¦{{ .Annotations.description; }}",
            "this template does not parse, which stops Grafana (bad character U+003B ';'); correct it"),
        ["a parenthesis too few"] = new(
            Templates,
            "(.EndsAt.Sub .StartsAt)",
            "¦(.EndsAt.Sub .StartsAt",
            "this template does not parse, which stops Grafana (unclosed left paren); correct it"),
        ["an else without if"] = new(
            Templates,
            "{{ define \"promethoide.state\" }}",
            "¦{{ else }}{{ define \"promethoide.state\" }}",
            "this template does not parse, which stops Grafana (unexpected {{else}}); correct it"),
        ["a text defined inside another"] = new(
            Templates,
            "{{ .Annotations.description }}",
            "¦{{ define \"x\" }}{{ end }}",
            "this template does not parse, which stops Grafana (unexpected <define> in command); correct it"),
        ["an end too many"] = new(
            Templates,
            "{{ define \"promethoide.state\" }}",
            "¦{{ end }}{{ define \"promethoide.state\" }}",
            "this template does not parse, which stops Grafana (unexpected {{end}}); correct it"),
        ["a template without name"] = new(
            Templates,
            "{{ .Annotations.description }}",
            "¦{{ template . }}",
            "this template does not parse, which stops Grafana (unexpected <.> in template clause); correct it"),
        ["a variable that is not set"] = new(
            Templates,
            "{{ .Annotations.description }}",
            "¦{{ $url }}",
            "this template does not parse, which stops Grafana (undefined variable \"$url\"); correct it"),
        ["a function that not every Grafana has"] = new(
            Templates,
            "{{ .Annotations.description }}",
            "¦{{ .StartsAt | since }}",
            "this template does not parse, which stops Grafana (function \"since\" not defined); correct it"),

        // Mute timings.
        ["a mute timing without intervals"] = new(
            Mutes, "muteTimes:", "muteTimes:\n  - ¦{name: never}", "a mute timing has no time_intervals; add it"),
        ["a mute timing of the same name"] = new(
            Another,
            "",
            "apiVersion: 1\nmuteTimes: [{time_intervals: [{years: ['2026']}],\n ¦name: nights}]",
            "the mute timing 'nights' is also at grafana/provisioning/alerting/mute-times.yaml:6, which would be overwritten; write "
            + "another name"),
        ["a span over midnight"] = new(
            Mutes,
            "{start_time: '22:00', end_time: '24:00'}",
            "¦{start_time: '22:00', end_time: '07:00'}",
            "Grafana stops at this (start time cannot be equal or greater than end time); correct it"),
        ["a time that no clock shows"] = new(
            Mutes, "'24:00'", "¦'24:30'", "Grafana stops at this (couldn't parse timestamp 24:30, invalid format); correct it"),
        ["no day of the week"] = new(
            Mutes,
            "      - times:",
            "      - weekdays: [¦'mon:fri']\n        times:",
            "Grafana stops at this (mon is not a valid weekday); correct it"),
        ["no month"] = new(
            Mutes, "      - times:", "      - months: [¦'13']\n        times:", "there is no month '13'; write one as may or 1:3"),
        ["no day of the month"] = new(
            Mutes,
            "      - times:",
            "      - days_of_month: [¦'5:1']\n        times:",
            "Grafana stops at this (end day 1 is always before start day 5); correct it"),
        ["no year"] = new(
            Mutes,
            "      - times:",
            "      - years: [¦'MMXXVI']\n        times:",
            "Grafana stops at this (strconv.Atoi: parsing \"mmxxvi\": invalid syntax); correct it"),
        ["no time zone"] = new(
            Mutes, "Buenos_Aires", "¦Buenos Aires", "Grafana stops at this (unknown time zone America/Argentina/Buenos Aires); correct it"),

        // Policies.
        ["a second policy tree"] = new(
            Another,
            "",
            "apiVersion: 1\npolicies:\n- ¦receiver: operations",
            "a second policy tree replaces that of grafana/provisioning/alerting/policies.yaml:5 without a word; put the routes there"),
        ["a first policy that is not for all"] = new(
            Policies,
            "    group_wait: 0s",
            "    group_wait: 0s\n    object_matchers: ¦[[severity, '=', critical]]",
            "the first policy has object_matchers, which stops Grafana; put it into one of its routes"),
        ["a first policy that is muted"] = new(
            Policies,
            "    group_wait: 0s",
            "    group_wait: 0s\n    mute_time_intervals: ¦[nights]",
            "the first policy has mute_time_intervals, which stops Grafana; put it into one of its routes"),
        ["a contact point that is not there"] = new(
            Policies,
            "- receiver: developers",
            "- receiver: ¦developer",
            "no contact point has the name 'developer', which stops Grafana; use one of operations, developers, grafana-default-email"),
        ["a mute timing that is not there"] = new(
            Policies, "[nights]", "[¦night]", "no mute timing has the name 'night', which stops Grafana; use one of nights"),
        ["a group interval of 0"] = new(
            Policies, "group_interval: 1m", "group_interval: ¦0s", "Grafana stops at this (group_interval cannot be zero); correct it"),
        ["all labels and some"] = new(
            Policies,
            "['...']",
            "[job, ¦'...']",
            "Grafana stops at this (cannot have wildcard group_by (`...`) and other other labels at the same time); correct it"),
        ["a label twice"] = new(
            Policies, "['...']", "[job, ¦job]", "Grafana stops at this (duplicated label \"job\" in group_by); correct it"),
        ["a matcher as text"] = new(
            Policies,
            "[[severity, '=~', critical|warning]]",
            "[¦severity=~critical]",
            "a matcher is not [label, operator, value] with one of the operators = != =~ !~, which stops Grafana; write [severity, '=', "
            + "critical]"),
        ["an unknown operator"] = new(
            Policies,
            "[[severity, '=~', critical|warning]]",
            "[¦[severity, '==', critical]]",
            "a matcher is not [label, operator, value] with one of the operators = != =~ !~, which stops Grafana; write [severity, '=', "
            + "critical]"),
        ["a pattern that is none"] = new(
            Policies,
            "[[severity, '=~', critical|warning]]",
            "[¦[severity, '=~', '(critical']]",
            "Grafana stops at this (error parsing regexp: missing closing ): `^(?:(critical)$`); correct it"),

        // Deletions.
        ["a rule deleted and provisioned"] = new(
            Another,
            "",
            "apiVersion: 1\ndeleteRules: [{orgId: 1,\n ¦uid: service-down}]",
            "deleteRules names 'service-down', which is provisioned; take it away here or there"),
        ["a template deleted and provisioned"] = new(
            Another,
            "",
            "apiVersion: 1\ndeleteTemplates: [{orgId: 1,\n ¦name: promethoide}]",
            "deleteTemplates names 'promethoide', which is provisioned; take it away here or there"),
        ["policies reset and provisioned"] = new(
            Another, "", "apiVersion: 1\nresetPolicies: ¦[1]", "resetPolicies undoes the policies that are provisioned; take it away"),

        // Findings of Prometheus' and Alertmanager's tools.
        ["a query that is no PromQL"] = new(
            Rules,
            "expr: 'apache_up == 0 unless on () network:starting'",
            "expr: ¦'apache_up = 0'",
            "this is not PromQL (1:11: parse error: unexpected \"=\"); correct it"),
        ["a pattern that only .NET takes for one text"] = new(
            Policies,
            "- receiver: operations\n        object_matchers: [[severity, '=~', critical|warning]]",
            "¦- receiver: operations\n        object_matchers: [[severity, '=~', (?!info).*]]",
            "Grafana cannot read this (did not find expected ',' or ']'); correct it",
            Also: 1),
        ["a tab at the left edge"] = new(
            Another,
            "",
            "¦apiVersion: 1\ntemplates:\n\t- {name: a, template: a}",
            "this is not valid YAML (While scanning a mapping, found invalid tab as indentation); correct it here or shortly before"),
        ["a pattern that looks ahead"] = new(
            Policies,
            "critical|warning",
            "¦'(?!info).*'",
            "Grafana stops at this (error parsing regexp: invalid or unsupported Perl syntax: `(?!`); correct it"),
        ["a pattern that looks back"] = new(
            Policies,
            "critical|warning",
            "¦'(?<=a)b'",
            "Grafana stops at this (error parsing regexp: invalid or unsupported Perl syntax: `(?<`); correct it"),
        ["a pattern with a reference"] = new(
            Policies,
            "critical|warning",
            "¦'(a)\\1'",
            "Grafana stops at this (error parsing regexp: invalid escape sequence: `\\1`); correct it"),
        ["a pattern in an older matcher"] = new(
            Policies,
            "object_matchers: [[severity, '=~', critical|warning]]",
            "match_re:\n          severity: ¦'a**'",
            "Grafana stops at this (error parsing regexp: invalid nested repetition operator: `**`); correct it"),
        ["a waiting time without unit"] = new(
            Policies,
            "group_interval: 1m",
            "group_interval: ¦60",
            "Grafana stops at this (not a valid duration string: \"60\"); correct it"),
        ["a week that ends before it begins"] = new(
            Mutes,
            "      - times:",
            "      - weekdays:\n          - monday\n          - ¦friday:sunday\n        times:",
            "Grafana stops at this (start day cannot be before end day); correct it"),
        ["a month from its end to its begin"] = new(
            Mutes,
            "      - times:",
            "      - days_of_month: [¦'-1:-5']\n        times:",
            "Grafana stops at this (end day -5 is always before start day -1); correct it"),
        ["Windows' name of a time zone"] = new(
            Mutes,
            "America/Argentina/Buenos_Aires",
            "¦Romance Standard Time",
            "Grafana stops at this (unknown time zone Romance Standard Time); correct it"),
        ["a time zone as a distance"] = new(
            Mutes, "America/Argentina/Buenos_Aires", "¦UTC+3", "Grafana stops at this (unknown time zone UTC+3); correct it"),
        ["a comparison as elsewhere"] = new(
            Another,
            "",
            "apiVersion: 1\ntemplates:\n  - name: zz\n    template: |\n      {{ define \"zz\" }}\n      ¦{{ if .Status == \"firing\" "
            + "}}a{{ end }}{{ end }}",
            "this template does not parse, which stops Grafana (unexpected \"=\" in operand); correct it"),
        ["a comment with a blank before"] = new(
            Another,
            "",
            "apiVersion: 1\ntemplates:\n  - name: zz\n    template: |\n      ¦{{ /* a comment */ }}",
            "this template does not parse, which stops Grafana (unexpected \"/\" in command); correct it"),
        ["a no-break space"] = new(
            Another,
            "",
            "apiVersion: 1\ntemplates:\n  - name: zz\n    template: |\n      ¦{{ if\u00a0.Status }}x{{ end }}",
            "this template does not parse, which stops Grafana (bad character U+00A0); correct it"),
        ["a template in a contact point"] = new(
            Points,
            "'{{ template \"promethoide.subject\" . }}'",
            "¦'{{ .Status | upper }}'",
            "this template does not parse, which stops Grafana (function \"upper\" not defined); correct it"),
        ["two dollars in an annotation"] = new(
            Rules,
            "'Apache does not show its status'",
            "¦'{{ $$labels.instance }}'",
            "this template does not parse, so that the alert shows it unfilled (bad character U+0024 '$'); correct it"),
        ["the value's field in a function"] = new(
            Rules,
            "'Apache does not show its status'",
            "¦'{{ .Value | humanizePercentage }}'",
            "this template fails in Grafana (<humanizePercentage>: error calling humanizePercentage: strconv.ParseFloat: parsing \"[ "
            + "var='A' labels={} value=1 ]\": invalid syntax); a node's number is $values.A.Value"),
        ["a node for a number"] = new(
            Rules,
            "'Apache does not show its status'",
            "¦'{{ printf \"%.1f\" $value }}'",
            "this template shows %!f(string=[) instead of a value; a node's number is $values.A.Value"),
        ["a node for a number in a pipeline"] = new(
            Rules,
            "'Apache does not show its status'",
            "¦'{{ $values.A | humanize }}'",
            "this template fails in Grafana (<humanize>: error calling humanize: can't convert a node to float); a node's number is "
            + "$values.A.Value"),
        ["a field that a node lacks"] = new(
            Rules,
            "'Apache does not show its status'",
            "¦'{{ $values.A.Number }}'",
            "this template fails in Grafana (<$values.A.Number>: can't evaluate field Number in type interface {}); a node's number is "
            + "$values.A.Value"),
        ["a node that the rule lacks"] = new(
            Rules,
            "'Apache does not show its status'",
            "¦'{{ $values.Z.Value }}'",
            "$values.Z.Value is of no node of the rule; write one of A, B, C"),
        ["what only Prometheus has"] = new(
            Rules,
            "'Apache does not show its status'",
            "¦'{{ $externalURL }}'",
            "'$externalURL' is Prometheus' and not Grafana's; use $labels and $values"),

        // Contact points of other types.
        ["an unknown type"] = new(
            Points,
            "type: email",
            "type: ¦e-mail",
            "the receiver type 'e-mail' is unknown, which stops Grafana; use one of alertmanager, prometheus-alertmanager, dingding, "
            + "discord, email, googlechat, jira, kafka, line, mqtt, oncall, opsgenie, pagerduty, pushover, sensugo, slack, sns, teams, "
            + "telegram, threema, victorops, webex, webhook, wecom"),
        ["a number for a text"] = new(
            Another,
            "",
            Point("telegram", "{bottoken: a,\n ¦chatid: -100}"),
            "chatid -100 of a receiver of type telegram must be a text, else Grafana stops; put it in quotes"),
        ["a required setting that is null"] = new(
            Another, "", Point("pagerduty", "{\n ¦integrationKey: }"), "a receiver of type pagerduty has no integrationKey; add it"),
        ["none of several settings"] = new(
            Another,
            "",
            Point("slack", "\n ¦{title: x}"),
            "a receiver of type slack needs more settings, without which Grafana stops; add url, or endpointUrl, or recipient and token"),
        ["half of two settings"] = new(
            Another,
            "",
            Point("slack", "\n ¦{recipient: '#a'}"),
            "a receiver of type slack needs more settings, without which Grafana stops; add url, or endpointUrl, or recipient and token"),
        ["an unknown setting"] = new(
            Another,
            "",
            Point("threema", "{gateway_id: a, recipient_id: b, api_secret: c,\n ¦text: x}"),
            "unknown key 'text' in a receiver of type threema, which Grafana ignores without a word; known are gateway_id, recipient_id, "
            + "api_secret, title, description"),
        ["settings as a text"] = new(
            Another, "", Point("webhook", "\n ¦'http://x'"), "settings of a receiver must have keys; write url: …"),

        // Rules and dashboards.
        ["a range query as condition"] = new(
            Another,
            "",
            Range.Replace("COND", "¦A", StringComparison.Ordinal),
            "the condition 'A' is of a range query, and Grafana alerts only on single values; make the query instant: true, or reduce it "
            + "before"),
        ["a threshold on a range query"] = new(
            Another,
            "",
            Range.Replace("COND", "¦C", StringComparison.Ordinal),
            "the condition 'C' is of a range query, and Grafana alerts only on single values; make the query instant: true, or reduce it "
            + "before"),
        ["a title of 191 characters"] = new(
            Rules,
            "title: ApacheDown",
            $"title: ¦{new string('a', 191)}",
            "the title is longer than 190 characters, which stops Grafana; shorten it"),
        ["a label with a dash"] = new(
            Rules,
            "          severity: critical",
            "          severity: critical\n          ¦on-call: x",
            "the label 'on-call' has other characters than Prometheus' labels; write letters, digits and _",
            Style: true),
        ["a panel whose id is null"] = new(
            Dashboard,
            "",
            "{\"uid\": \"x\", \"title\": \"x\", \"panels\": [{\n¦\"title\": \"p\", \"id\": null}]}",
            "the panel 'p' has no number as id, so that nothing can link to it; write \"id\": and a number"),
        ["a panel whose id is a text"] = new(
            Dashboard,
            "",
            "{\"uid\": \"x\", \"title\": \"x\", \"panels\": [{\n¦\"title\": \"p\", \"id\": \"1\"}]}",
            "the panel 'p' has no number as id, so that nothing can link to it; write \"id\": and a number"),
        ["a data source of another Grafana"] = new(
            Dashboard,
            "",
            "{\"uid\": \"x\", \"title\": \"x\", \"panels\": [{\"id\": 1, \"datasource\":\n ¦{\"uid\": \"P1809F7CD0C75ACF3\"}}]}",
            "the data source 'P1809F7CD0C75ACF3' is neither provisioned nor a variable of the dashboard, so that its panels stay empty; "
            + "use one of prometheus"),
        ["a data source to be filled in"] = new(
            Dashboard,
            "",
            "{\"__inputs\": [{\"name\": \"DS\"}], \"uid\": \"x\", \"title\": \"x\", \"annotations\": {\"list\": [{\"datasource\":\n "
            + "¦{\"uid\": \"${DS}\"}}]}}",
            "the data source '${DS}' is neither provisioned nor a variable of the dashboard, so that its panels stay empty; use one of "
            + "prometheus"),
        ["a data source by its name"] = new(
            Dashboard,
            "",
            "{\"uid\": \"x\", \"title\": \"x\", \"panels\": [{\"id\": 1, \"datasource\":\n ¦\"Loki\"}]}",
            "the data source 'Loki' is neither provisioned nor a variable of the dashboard, so that its panels stay empty; use one of "
            + "prometheus"),
        ["a byte order mark"] = new(
            Dashboard,
            "",
            "¦\uFEFF{\"uid\": \"x\", \"title\": \"x\"}",
            "the file begins with a byte order mark or is not UTF-8, so that Grafana skips the dashboard; save it as UTF-8 without one"),
    };

    public static TheoryData<string> All => [.. Mistakes.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void A_mistake_is_found_where_it_is_with_what_to_do(string mistake)
    {
        var (file, find, instead, finding, also, style) = Mistakes[mistake];
        using var copy = new MonitoringCopy();
        var before = find.Length == 0 ? "" : copy.Read(file);
        var at = before.IndexOf(find, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} has no '{find}'");
        var after = before[..at] + instead + before[(at + find.Length)..];
        var mark = after.IndexOf('¦', StringComparison.Ordinal);
        copy.Write(file, after.Remove(mark, 1));

        // The tools take most of the time, so try without them first.
        var expected = $"{file}:{1 + after.AsSpan(0, mark).Count('\n')}: {(style ? "house style" : "error")}: {finding}";
        var found = copy.Findings(Tools.None);
        if (!found.Contains(expected))
        {
            found = copy.Findings();
        }

        Assert.True(found.Contains(expected) && found.Count == 1 + also, $"Expected {expected}\nFound:\n{string.Join('\n', found)}");
    }

    // Former false positives.
    [Theory]
    [InlineData(Policies, "critical|warning", "'(?P<level>critical|warning)'")]
    [InlineData(Policies, "critical|warning", "'[[:alpha:]]+'")]
    [InlineData(Policies, "critical|warning", "^(critical|warning)$")]
    [InlineData(Policies, "object_matchers: [[severity, '=~', critical|warning]]", "matchers: ['severity=~\"critical|warning\"']")]
    [InlineData(Mutes, "apiVersion: 1", "")]
    [InlineData(Policies, "critical|warning", "'(?i)CRITICAL|\\pL+\\z'")]
    [InlineData(Policies, "[[severity, '=~', critical|warning]]", "[[on-call, '=', x], ['kubernetes.io/name', '!=', y]]")]
    [InlineData(Policies, "- receiver: developers", "- receiver: grafana-default-email")]
    [InlineData(Mutes, "America/Argentina/Buenos_Aires", "Local")]
    [InlineData(Mutes, "America/Argentina/Buenos_Aires", "UTC")]
    [InlineData(
        Mutes,
        "      - times:",
        "      - days_of_month: ['1:5', '-5:-1', '20:-1']\n        years: [2026]\n        months: ['may:august', '12']\n"
        + "        weekdays: [monday:friday]\n        times:")]
    [InlineData(Another, "", "\uFEFFapiVersion: 1\ntemplates: [{name: x, template: x}]")]
    [InlineData(Points, "singleEmail: true", "singleEmail: True")]
    [InlineData(Points, "disableResolveMessage: false", "disableResolveMessage: 'f'")]
    [InlineData(Points, "type: email", "type: Email")]
    [InlineData(
        Points,
        "contactPoints:",
        "contactPoints:\n  - {name: a, receivers: [{uid: a, type: slack, settings: {url: 'http://x', title: '{{ template "
        + "\"slack.default.title\" . }}'}}, {uid: b, type: LINE, settings: {token: t}}, {uid: c, type: sns, settings: {topic_arn: a, "
        + "sigv4: {region: b}}}, {uid: d, type: webhook, settings: {url: 'http://x', maxAlerts: '3', headers: {a: b}}}]}")]
    [InlineData(
        Templates,
        "{{ .Annotations.description }}",
        "{{ template \"__text_alert_list_markdown\" . }}{{ template \"teams.default.message\" . }}{{ template "
        + "\"__alert_severity_prefix\" . }}{{ template \"default.title\" . }}")]
    [InlineData(
        Templates,
        "{{ .Annotations.description }}",
        "{{ date \"15:04\" (tz \"Europe/Paris\" .StartsAt) | trimSpace }}{{ coll.Dict \"a\" 1 | data.ToJSON }}{{- /* no comment */ -}}")]
    [InlineData(
        Rules,
        "'Apache does not show its status'",
        "'{{ $labels.instance }} {{ $values.A.Value | humanize }} {{ .Values.A }} {{ (index $values \"A\").Value }} {{ range $k, $v := "
        + "$values }}{{ $k }}{{ $v }}{{ end }}{{ printf \"%s %v\" $values.A $values.A }} 100%! (x)'")]
    [InlineData(
        Rules,
        "'Apache does not show its status'",
        "'{{ (removeLabels $labels \"job\").instance }}{{ graphLink \"{}\" }}{{ with $v := $values.A.Value }}{{ printf \"%.1f\" $v }}{{ "
        + "end }}'")]
    [InlineData(Rules, "expr: 'apache_up == 0 unless on () network:starting'", "expr: 'rate(a[$__rate_interval]) > 0'")]
    [InlineData(Rules, "panelId: 1\n", "panelId: '1'\n")]
    [InlineData(Datasources, "isDefault: true", "isDefault: 't'")]
    [InlineData(
        Dashboard,
        "",
        "{\"uid\": \"x\", \"title\": \"x\", \"templating\": {\"list\": [{\"name\": \"ds\", \"type\": \"datasource\"}]}, \"panels\": "
        + "[{\"id\": 1, \"datasource\": {\"uid\": \"${ds}\"}}, {\"id\": 2, \"datasource\": \"$ds\"}, {\"id\": 3, \"datasource\": "
        + "{\"uid\": \"-- Grafana --\"}}, {\"id\": 4, \"datasource\": null}, {\"id\": 5, \"datasource\": \"prometheus\"}]}")]
    [InlineData(Another, "", "")]
    [InlineData(Another, "", "apiVersion: 1\ngroups:\ntemplates: null\n")]
    [InlineData(Another, "", "apiVersion: 1\ntemplates:\n  - &one {name: one, template: x}\n  - {<<: *one, name: two}\n")]
    public void What_Grafana_accepts_is_no_error(string file, string find, string instead)
    {
        using var copy = new MonitoringCopy();
        var before = find.Length == 0 ? "" : copy.Read(file);
        Assert.Contains(find, before, StringComparison.Ordinal);
        copy.Write(file, find.Length == 0 ? instead : before.Replace(find, instead, StringComparison.Ordinal));

        Assert.DoesNotContain(copy.Findings(), finding => !finding.Contains(": house style: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_data_source_without_uid_has_the_one_that_Grafana_makes()
    {
        using var copy = new MonitoringCopy();
        copy.Write(
            "grafana/provisioning/datasources/zzz.yaml",
            "apiVersion: 1\ndatasources: [{name: Prometheus Data Source, type: prometheus, url: 'http://x'}]");
        copy.Write(Dashboard, """{"uid": "x", "title": "x", "panels": [{"id": 1, "datasource": {"uid": "PC68CF569CB931581"}}]}""");

        Assert.Equal(
            ["grafana/provisioning/datasources/zzz.yaml:2: house style: the data source has no uid, so that Grafana makes one of its "
                + "name; write uid"],
            copy.Findings());
    }

    [Fact]
    public void Without_the_tools_the_rest_is_checked()
    {
        using var copy = new MonitoringCopy();
        copy.Write(Policies, copy.Read(Policies)
            .Replace("critical|warning", "(?!info)", StringComparison.Ordinal)
            .Replace("- receiver: developers", "- receiver: nobody", StringComparison.Ordinal));

        Assert.Equal(
            [$"{Policies}:25: error: no contact point has the name 'nobody', which stops Grafana; use one of operations, developers, "
                + "grafana-default-email"],
            copy.Findings(Tools.None));
    }

    [Fact]
    public void Without_a_mistake_nothing_is_found()
    {
        using var copy = new MonitoringCopy();

        Assert.Empty(copy.Findings());
    }

    [Fact]
    public void The_repository_has_no_mistake() => Assert.Empty(ProvisioningCheck.Of(MonitoringCopy.Original, Tools.Installed).Findings);

    [Fact]
    public void A_file_that_a_container_may_not_read_is_found()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        using var copy = new MonitoringCopy();
        File.SetUnixFileMode(Path.Combine(copy.Folder, Mutes), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(
            [$"{Mutes}:1: error: not everybody may read this, so that Grafana in a container may not, and stops; chmod o+r"],
            copy.Findings());
    }

    // Whatever is missing or truncated, the check finishes, with or without findings.
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
            // The tools check only some of them: each check starts a process.
            var tools = index % 10 == 0 ? Tools.Installed : Tools.None;
            copy.Write(file, string.Join('\n', lines.Where((_, at) => at != index)));
            copy.Findings(tools);
            copy.Write(file, text[..(text.Length * index / lines.Length)]);
            copy.Findings(tools);
        }
    }

    private static string Point(string type, string settings) =>
        $"apiVersion: 1\ncontactPoints: [{{name: x, receivers: [{{uid: x, type: {type}, settings: {settings}}}]}}]";

    /// <param name="File">The file with the mistake.</param>
    /// <param name="Find">The text to replace; empty for a new file.</param>
    /// <param name="Instead">The replacement; ¦ marks the line that must be reported.</param>
    /// <param name="Finding">The finding expected there.</param>
    /// <param name="Also">How many further findings result from it.</param>
    /// <param name="Style">Whether it only violates our house style.</param>
    private sealed record Mistake(string File, string Find, string Instead, string Finding, int Also = 0, bool Style = false);
}
