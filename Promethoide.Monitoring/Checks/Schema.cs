using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Promethoide.Monitoring.Alerting;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Promethoide.Monitoring.Checks;

/// <summary>
/// The keys that Grafana reads in its provisioning files, and the values that it accepts. Grafana silently ignores other keys; this rejects
/// them. From Grafana's source: pkg/services/provisioning, and the published schemas of its contact points
/// (github.com/grafana/alerting/receivers).
/// </summary>
internal static partial class Schema
{
    // One mapping per line, continued on the indented lines below it: its name, then key:type. !: required. [x]: a list of x. A type with
    // its own line is a mapping; a|b: one of these texts. *: other keys allowed. In contact points, JSON distinguishes what YAML does not:
    // json is a text that does not look like a number, number may be quoted, strict is an unquoted bool.
    private static readonly Dictionary<string, Dictionary<string, (string Type, bool Required)>> Mappings = Read("""
        data_source_file apiVersion!:1 prune:bool datasources:[data_source] deleteDatasources:[deleted_data_source]
        data_source orgId:int orgName:text version:int name!:text type!:text access:text url:text user:text database:text basicAuth:bool
            basicAuthUser:text withCredentials:bool isDefault:bool correlations:any jsonData:any secureJsonData:any editable:bool uid:uid
        deleted_data_source name!:text orgId:int
        dashboard_provider_file apiVersion!:1 providers:[dashboard_provider]
        dashboard_provider name!:text orgId:int type:file folder:text folderUid:uid disableDeletion:bool updateIntervalSeconds:int
            allowUiUpdates:bool editable:bool options!:set_of_options
        set_of_options path!:text foldersFromFilesStructure:bool
        file_of_alerts apiVersion:text groups:[rule_group] deleteRules:[deleted_rule] contactPoints:[contact_point]
            deleteContactPoints:[deleted_contact_point] policies:[policy] resetPolicies:any muteTimes:[mute_timing]
            deleteMuteTimes:[deleted_mute_timing] templates:[template] deleteTemplates:[deleted_template]
        deleted_rule orgId:int uid!:text
        deleted_contact_point orgId:int uid!:text
        deleted_mute_timing orgId:int name!:text
        deleted_template orgId:int name!:text
        rule_group orgId:int name!:title folder!:text interval!:duration rules!:[rule]
        rule uid!:uid title!:title condition:text data!:[query] dashboardUid:text dasboardUid:text panelId:int
            noDataState:NoData|OK|Alerting|KeepLast execErrState:Alerting|Error|OK|KeepLast for:duration keepFiringFor:duration
            missing_series_evals_to_resolve:positive annotations:texts labels:texts isPaused:bool
            notification_settings:rule's_notification_settings record:recording_rule
        rule's_notification_settings receiver!:text group_by:[text] group_wait:text group_interval:text repeat_interval:text
            mute_time_intervals:[text] active_time_intervals:[text]
        recording_rule metric!:text from!:text targetDatasourceUid:text
        query refId!:text datasourceUid!:text queryType:text relativeTimeRange:range model!:model
        model *:any refId:text
        threshold_expression *:any expression!:text conditions!:[threshold_condition]
        threshold_condition *:any evaluator!:threshold_evaluator unloadEvaluator:threshold_evaluator
        threshold_evaluator type!:gt|lt|eq|ne|gte|lte|within_range|outside_range|within_range_included|outside_range_included
            params!:[number]
        math_expression *:any expression!:text
        reduce_expression *:any expression!:text reducer:sum|mean|count|min|max|last|median
        resample_expression *:any expression!:text window:text
        classic_conditions_expression *:any conditions!:[any]
        sql_expression *:any expression!:text
        range from:seconds to:seconds
        contact_point orgId:int name!:text receivers!:[receiver]
        receiver uid!:uid type!:text settings!:any disableResolveMessage:bool
        policy orgId:int receiver:text group_by:[text] continue:bool object_matchers:any mute_time_intervals:[text]
            active_time_intervals:[text] group_wait:text group_interval:text repeat_interval:text routes:[policy] matchers:any match:texts
            match_re:texts
        mute_timing orgId:int name!:text time_intervals!:any
        template orgId:int name!:text template!:text
        dashboard *:any uid!:uid title!:text panels:[anything]
        anything *:any
        rule_file groups:[prometheus_group]
        prometheus_group *:any name!:text rules:[anything]
        group_of_Prometheus name!:text interval!:duration rules:any
        rule_of_Prometheus alert!:text expr!:text for:duration keep_firing_for:duration labels:texts annotations:texts
        """);

    private static readonly Dictionary<string, Dictionary<string, (string Type, bool Required)>> ContactPoints = Read("""
        alertmanager url!:json basicAuthUser:json basicAuthPassword:json
        prometheus-alertmanager url!:json basicAuthUser:json basicAuthPassword:json
        dingding url!:json msgType:json title:json message:json
        discord title:json message:json avatar_url:json url!:json use_discord_username:strict use_embed_description:strict
        email singleEmail:strict addresses!:json message:json subject:json
        googlechat url!:json title:json message:json hide_open_button:strict hide_version_info:strict
        jira api_url!:json project!:json summary:json description:json labels:any priority:json issue_type!:json reopen_transition:json
            resolve_transition:json wont_fix_resolution:json reopen_duration:json dedup_key_field:json fields:any user:json password:json
            api_token:json
        kafka kafkaRestProxy!:json kafkaTopic!:json description:json details:json username:json password:json apiVersion:json
            kafkaClusterId:json
        line token!:json title:json description:json
        mqtt brokerUrl!:json clientId:json topic!:json message:json messageFormat:json username:json password:json qos:number retain:strict
            tlsConfig:any
        oncall url!:json httpMethod:json maxAlerts:number authorization_scheme:json authorization_credentials:json username:json
            password:json title:json message:json
        opsgenie apiKey!:json apiUrl:json message:json description:json autoClose:strict overridePriority:strict sendTagsAs:json
            responders:any
        pagerduty integrationKey!:json severity:json details:any class:json component:json group:json summary:json source:json client:json
            client_url:json url:json
        pushover userKey!:json apiToken!:json priority:number okPriority:number retry:number expire:number device:json sound:json
            okSound:json uploadImage:strict title:json message:json
        sensugo url!:json apikey!:json entity:json check:json namespace:json handler:json message:json
        slack recipient:json token:json url:json endpointUrl:json username:json icon_emoji:json icon_url:json mentionUsers:json
            mentionGroups:json mentionChannel:json color:json title:json text:json footer:json
        sns api_url:json sigv4:any topic_arn:json target_arn:json phone_number:json subject:json message:json attributes:any
        teams url!:json title:json sectiontitle:json message:json
        telegram bottoken!:json chatid!:json message_thread_id:json message:json parse_mode:json disable_web_page_preview:strict
            protect_content:strict disable_notifications:strict
        threema gateway_id!:json recipient_id!:json api_secret!:json title:json description:json
        victorops url!:json messageType:json title:json description:json
        webex room_id!:json bot_token!:json api_url:json message:json
        webhook url!:json httpMethod:json maxAlerts:number username:json password:json authorization_scheme:json
            authorization_credentials:json headers:any title:json message:json payload:any tlsConfig:any hmacConfig:any
        wecom url:json secret:json agent_id:json corp_id:json endpointUrl:json msgtype:json touser:json title:json message:json
        """);

    // One of these groups of settings must be present in full.
    private static readonly Dictionary<string, string[]> Alternatives = new()
    {
        ["slack"] = ["url", "endpointUrl", "recipient token"],
        ["sns"] = ["topic_arn", "target_arn", "phone_number"],
        ["wecom"] = ["url", "secret agent_id corp_id"],
        ["jira"] = ["api_token", "user password"],
    };

    /// <summary>Checks a mapping and everything below it.</summary>
    /// <param name="source">Its file.</param>
    /// <param name="node">The mapping.</param>
    /// <param name="kind">Its kind: a line of the schema.</param>
    public static void Check(Source source, YamlMappingNode node, string kind) =>
        Check(source, node, kind.Replace('_', ' '), Mappings[kind]);

    /// <summary>Checks a receiver's type and settings.</summary>
    public static void CheckSettings(Source source, YamlMappingNode receiver)
    {
        var type = receiver.Text("type") ?? "";
        if (!ContactPoints.TryGetValue(type, out var settings))
        {
            if (type.Length > 0)
            {
                source.Add(
                    receiver.LineOf("type"),
                    $"the receiver type '{type}' is unknown, which stops Grafana; use one of {string.Join(", ", ContactPoints.Keys)}");
            }

            return;
        }

        if (receiver.Child("settings") is { } node)
        {
            Check(source, node, $"receiver of type {type}", settings);
            if (Alternatives.TryGetValue(type, out var groups)
                && !groups.Any(group => group.Split(' ').All(key => node.Get(key) is not null)))
            {
                source.Add(
                    node,
                    $"a receiver of type {type} needs more settings, without which Grafana stops; add "
                    + $"{string.Join(", or ", groups.Select(group => group.Replace(" ", " and ", StringComparison.Ordinal)))}");
            }
        }
        else if (receiver.Get("settings") is { } other)
        {
            source.Add(other, $"settings of a receiver must have keys; write {settings.Keys.First()}: …");
        }
    }

    private static void Check(Source source, YamlMappingNode node, string what, Dictionary<string, (string Type, bool Required)> keys)
    {
        foreach (var key in node.Children.Keys.Where(key =>
            !keys.ContainsKey("*") && ((key as YamlScalarNode)?.Value is not { } name || !keys.ContainsKey(name))))
        {
            var (name, known) = ((key as YamlScalarNode)?.Value, string.Join(", ", keys.Keys));
            source.Add(key, what.EndsWith("Prometheus", StringComparison.Ordinal)
                ? $"'{name}' of a {what} is not carried over to Grafana; remove it (carried over: {known})"
                : $"unknown key '{name}' in a {what}, which Grafana ignores without a word; known are {known}");
        }

        foreach (var (key, (type, required)) in keys)
        {
            if (node.Get(key) is { } value and not YamlScalarNode { Value: "" }
                && !(required && value is YamlSequenceNode { Children: [] }))
            {
                if (Wrong(source, value, what, key, type) is { } wrong)
                {
                    source.Add(value, wrong);
                }
            }
            else if (required)
            {
                source.Add(node.LineOf(key), $"a {what} has no {key}; add it");
            }
        }
    }

    private static string? Wrong(Source source, YamlNode node, string what, string key, string type)
    {
        switch (type)
        {
            case "any":
                return null;
            case "texts":
                return node is YamlMappingNode texts && texts.All(entry => entry is { Key: YamlScalarNode, Value: YamlScalarNode })
                    ? null
                    : $"{key} of a {what} must be names with one text each; write name: text";
            case ['[', ..]:
                foreach (var item in (node as YamlSequenceNode)?.Children ?? [])
                {
                    if (Wrong(source, item, what, $"an item of {key}", type[1..^1]) is { } wrong)
                    {
                        source.Add(item, wrong);
                    }
                }

                return node is YamlSequenceNode ? null : $"{key} of a {what} must be a list; begin each item with a dash";
        }

        if (Mappings.TryGetValue(type, out var keys))
        {
            if (node is YamlMappingNode child)
            {
                Check(source, child, type.Replace('_', ' '), keys);
                return null;
            }

            return $"{key} of a {what} must have keys{(keys.ContainsKey("*") ? "" : $"; write {keys.Keys.First()}: …")}";
        }

        if (node is not YamlScalarNode { Value: { } text } scalar)
        {
            return $"{key} of a {what} must be one value; write it on one line";
        }

        var plain = scalar.Style == ScalarStyle.Plain;
        return type switch
        {
            "text" => null,
            "uid" => Source.Uid.IsMatch(text) || text.Contains('$', StringComparison.Ordinal)
                ? null
                : $"the uid '{text}' of a {what} {Source.UidRule}",
            "title" => Encoding.UTF8.GetByteCount(text) <= 190
                ? null
                : $"the {key} is longer than 190 characters, which stops Grafana; shorten it",
            "positive" => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? null
                : $"{key} '{text}' of a {what} is not a number of at least 1; write one",
            "int" => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                || text.Contains('$', StringComparison.Ordinal)
                ? null
                : $"{key} '{text}' of a {what} is not a whole number; write one, without a unit",
            "seconds" => plain && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                ? null
                : $"{key} '{text}' of a {what} is not a whole number; write one, without unit and quotes",
            "number" => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
                || text.Contains('$', StringComparison.Ordinal)
                ? null
                : $"{key} '{text}' of a {what} is not a number; write one",
            "bool" => Boolean(text) is not null || text.Contains('$', StringComparison.Ordinal)
                ? null
                : $"{key} '{text}' of a {what} is neither true nor false; write one of them",
            "strict" => plain && text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE"
                ? null
                : $"{key} '{text}' of a {what} is neither true nor false; write one of them, without quotes",
            "json" => plain && NoText().IsMatch(text)
                ? $"{key} {text} of a {what} must be a text, else Grafana stops; put it in quotes"
                : null,
            "duration" => Durations.TryParse(text, out _) || text.Contains('$', StringComparison.Ordinal)
                ? null
                : $"{key} '{text}' of a {what} is not a duration; write one as Prometheus does: 30s, 1h30m",
            _ => type.Split('|').Contains(text) || text.Contains('$', StringComparison.Ordinal)
                ? null
                : $"{key} '{text}' of a {what} is unknown; use one of {string.Join(", ", type.Split('|'))}",
        };
    }

    /// <summary>Like Go's strconv.ParseBool; null when it is neither.</summary>
    public static bool? Boolean(string? text) => text switch
    {
        "1" or "t" or "T" or "true" or "True" or "TRUE" => true,
        "0" or "f" or "F" or "false" or "False" or "FALSE" => false,
        _ => null,
    };

    private static Dictionary<string, Dictionary<string, (string Type, bool Required)>> Read(string text) =>
        text.Replace("\n    ", " ", StringComparison.Ordinal).Split('\n').Select(line => line.Split(' ')).ToDictionary(
            words => words[0],
            words => words.Skip(1)
                .Select(word => word.Split(':'))
                .ToDictionary(pair => pair[0].TrimEnd('!'), pair => (pair[1], pair[0].EndsWith('!')), StringComparer.Ordinal),
            StringComparer.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"^([-+]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][-+]?\d+)?|0[xob][\da-fA-F_]+|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"
        + @"|true|True|TRUE|false|False|FALSE)\z")]
    private static partial Regex NoText();
}
