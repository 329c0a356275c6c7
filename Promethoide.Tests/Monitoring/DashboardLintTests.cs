using System.Text.Json;
using System.Text.RegularExpressions;

namespace Promethoide.Tests.Monitoring;

/// <summary>Rules for useful dashboards that Grafana's schema does not enforce. Each test lists the violations of its rule.</summary>
public sealed partial class DashboardLintTests
{
    // Metrics that a job pushed have no instance.
    private const string Pushed = "push_time_seconds";

    private static readonly IEnumerable<Panel> Panels = DashboardFiles.WithQueries.SelectMany(dashboard => dashboard.Queries);

    private static readonly IEnumerable<Query> Queries = Panels.SelectMany(panel => panel.Queries);

    [Fact]
    public void The_eight_dashboards_are_there() =>
        Assert.Equal(
            ["apache", "api", "node", "overview", "postgres", "probes", "prometheus", "runtime"],
            DashboardFiles.WithQueries.Select(dashboard => dashboard.Name));

    [Fact]
    public void Each_dashboard_has_its_files_name_in_its_uid_a_title_of_its_own_and_the_tag_and_cannot_be_edited_in_Grafana()
    {
        Assert.All(DashboardFiles.All, dashboard =>
        {
            Assert.Equal($"promethoide-{dashboard.Name}", dashboard.Uid);
            Assert.Contains("promethoide", dashboard.Json.Items("tags").Select(tag => tag.GetString()));
            Assert.False(dashboard.Json.GetProperty("editable").GetBoolean());
            Assert.Equal("browser", dashboard.Json.GetProperty("timezone").GetString());
            Assert.False(string.IsNullOrWhiteSpace(dashboard.Json.GetProperty("description").GetString()));
            // Grafana assigns these itself; in a file they belong to another Grafana.
            Assert.False(dashboard.Json.TryGetProperty("id", out _)
                || dashboard.Json.TryGetProperty("version", out _)
                || dashboard.Json.TryGetProperty("__inputs", out _));
        });
        Assert.Distinct(DashboardFiles.All.Select(dashboard => dashboard.Json.GetProperty("title").GetString()));
    }

    [Fact]
    public void Each_dashboard_opens_with_the_last_hour_renews_itself_and_shows_the_same_moment_on_all_panels() =>
        Assert.All(DashboardFiles.WithQueries, dashboard =>
        {
            Assert.Equal(("now-1h", "now"), (
                dashboard.Json.GetProperty("time").GetProperty("from").GetString(),
                dashboard.Json.GetProperty("time").GetProperty("to").GetString()));
            // The overview is watched live, so it refreshes more often.
            Assert.Equal(dashboard.Name == "overview" ? "10s" : "30s", dashboard.Json.GetProperty("refresh").GetString());
            Assert.Equal(1, dashboard.Json.GetProperty("graphTooltip").GetInt32());
        });

    [Fact]
    public void Each_dashboard_leads_to_the_others_with_the_same_time_and_variables_and_marks_when_alerts_fired() =>
        Assert.All(DashboardFiles.WithQueries, dashboard =>
        {
            var siblings = dashboard.Json.Items("links").Single(link => link.GetProperty("type").GetString() == "dashboards");
            Assert.Equal(["promethoide"], siblings.Items("tags").Select(tag => tag.GetString()));
            Assert.True(siblings.GetProperty("asDropdown").GetBoolean()
                && siblings.GetProperty("keepTime").GetBoolean()
                && siblings.GetProperty("includeVars").GetBoolean());

            var annotations = dashboard.Json.GetProperty("annotations").Items("list").Where(one => one.GetProperty("enable").GetBoolean());
            Assert.Contains("""ALERTS{alertstate="firing"}""", annotations.Select(one => one.GetProperty("expr").GetString()));
        });

    [Fact]
    public void Each_dashboard_lets_one_choose_the_data_source_and_instances_and_all_of_them_are_asked_at_first() =>
        Assert.All(DashboardFiles.WithQueries, dashboard =>
        {
            Assert.Equal(("datasource", "prometheus"), (
                dashboard.Variables["datasource"].GetProperty("type").GetString(),
                dashboard.Variables["datasource"].GetProperty("query").GetString()));
            Assert.Contains("instance", dashboard.Variables.Keys);
            Assert.All(dashboard.Variables.Where(variable => variable.Key != "datasource"), variable =>
            {
                Assert.True(
                    variable.Value.GetProperty("multi").GetBoolean() && variable.Value.GetProperty("includeAll").GetBoolean(),
                    variable.Key);
                Assert.Equal(
                    (".+", 2),
                    (variable.Value.GetProperty("allValue").GetString(), variable.Value.GetProperty("refresh").GetInt32()));
                Assert.Equal("$__all", variable.Value.GetProperty("current").GetProperty("value")[0].GetString());
            });
    });

    [Fact]
    public void Every_query_asks_the_data_source_that_was_chosen() => None(
        DashboardFiles.WithQueries
            .SelectMany(dashboard =>
                Sources(dashboard.Json).Where(source => source != "${datasource}").Select(source => $"{dashboard}: {source}"))
            .Concat(Panels.Where(panel => !panel.Json.TryGetProperty("datasource", out _)).Select(panel => $"{panel} names none"))
            .Concat(Queries.Where(query => !query.Json.TryGetProperty("datasource", out _)).Select(query => $"{query} names none")));

    [Fact]
    public void No_two_panels_have_one_id_or_title_or_place_and_none_is_wider_than_the_page() => Assert.All(DashboardFiles.All, dashboard =>
    {
        var all = dashboard.Json.Items("panels").ToList();
        Assert.Distinct(all.Select(panel => panel.GetProperty("id").GetInt32()));
        Assert.Distinct(all.Select(panel => panel.GetProperty("title").GetString()));

        var places = all.Select(panel => (Title: panel.GetProperty("title").GetString(), Place: Place(panel))).ToList();
        Assert.All(
            places,
            one => Assert.True(
                one.Place.X >= 0 && one.Place.Right <= 24 && one.Place.Bottom > one.Place.Y && one.Place.Right > one.Place.X,
                $"{dashboard}: {one.Title}"));
        None(
            from one in places
            from other in places
            where places.IndexOf(one) < places.IndexOf(other)
                && one.Place.X < other.Place.Right
                && other.Place.X < one.Place.Right
                && one.Place.Y < other.Place.Bottom
                && other.Place.Y < one.Place.Bottom
            select $"{dashboard}: {one.Title} lies over {other.Title}");
    });

    // 24 rows of 38 pixels, below Grafana's own bars.
    [Fact]
    public void The_overview_fits_one_screen_of_1080_lines() =>
        Assert.InRange(DashboardFiles.Read("overview").Panels.Max(panel => Place(panel.Json).Bottom), 1, 24);

    [Fact]
    public void Each_panel_has_a_title_says_what_it_means_and_in_which_unit_and_asks_something() => None(Panels.Where(panel =>
        string.IsNullOrWhiteSpace(panel.Title)
        || !panel.Json.TryGetProperty("description", out var description) || string.IsNullOrWhiteSpace(description.GetString())
        || !panel.Defaults.TryGetProperty("unit", out _)
        || panel.Queries.Count == 0));

    [Fact]
    public void Each_query_of_several_names_its_series_and_a_legend_shows_the_names() => None(
        from panel in Panels
        where panel.Type != "table" && (panel.Queries.Count > 1
            || panel.Queries.Any(query => Grouped().IsMatch(query.Text) || query.Legend.Contains("{{", StringComparison.Ordinal)))
        where panel.Queries.Any(query => query.Legend is "" or "__auto")
            || panel.Type is "timeseries" or "state-timeline"
                && !panel.Json.GetProperty("options").GetProperty("legend").GetProperty("showLegend").GetBoolean()
        select panel);

    [Fact]
    public void Each_variable_that_is_used_exists() => None(
        from dashboard in DashboardFiles.WithQueries
        from Match used in Used().Matches(dashboard.Json.GetRawText())
        let name = used.Groups[1].Value
        where !name.StartsWith("__", StringComparison.Ordinal) && !dashboard.Variables.ContainsKey(name)
        select $"{dashboard}: {name}");

    [Fact]
    public void Each_selector_keeps_to_the_instances_that_were_chosen() => None(
        from query in Queries
        from selector in query.Selectors
        where !Instances().IsMatch(selector.Matchers)
            && !(OfAJob(selector.Metric) && selector.Matchers.Contains("job=", StringComparison.Ordinal))
            && selector.Metric != Pushed
        select $"{query}: {selector.Metric}");

    [Fact]
    public void Each_selector_of_what_several_jobs_export_names_the_job() => None(
        from query in Queries
        from selector in query.Selectors
        where Common().IsMatch(selector.Metric) && !Job().IsMatch(selector.Matchers)
        select $"{query}: {selector.Metric}");

    [Fact]
    public void Each_metric_is_written_with_its_labels() => None(
        from query in Queries
        from Match word in Word().Matches(NotAMetric().Replace(Strings().Replace(query.Text, "\"\""), ""))
        select $"{query}: {word.Value}");

    [Fact]
    public void Rates_are_over_what_fits_the_scrapes_and_the_zoom() => None(
        from query in Queries
        from Match window in RateWindow().Matches(query.Text)
        where window.Groups[1].Value is not ("$__rate_interval" or "$__range")
        select $"{query}: {window.Groups[1].Value}");

    [Fact]
    public void Counters_are_shown_as_rates_and_gauges_are_not() => None(
        from query in Queries
        from selector in query.Selectors
        let before = query.Text[..selector.At]
        let rated = Rated().IsMatch(before)
        where Counter().IsMatch(selector.Metric) ? !rated && !Counted().IsMatch(before) : Gauge().IsMatch(selector.Metric) && rated
        select $"{query}: {selector.Metric}");

    // It would show as NaN.
    [Fact]
    public void A_percentile_of_nothing_is_left_out() => None(Queries.Where(query =>
        query.Text.Contains("histogram_quantile", StringComparison.Ordinal) && !query.Text.EndsWith(" >= 0", StringComparison.Ordinal)));

    // Apache's log has no trace IDs, so no exemplars.
    [Fact]
    public void Percentiles_show_the_requests_behind_them() => None(Panels.Where(panel =>
        panel.Type is "timeseries" or "heatmap"
            && panel.Queries.Any(query => query.Text.Contains("_bucket{", StringComparison.Ordinal)
                && !query.Text.Contains("apache_response", StringComparison.Ordinal)
                && !query.Text.Contains("le=", StringComparison.Ordinal))
            && !panel.Queries.Any(query => query.Json.TryGetProperty("exemplar", out var exemplar) && exemplar.GetBoolean())));

    [Fact]
    public void Each_link_leads_to_a_dashboard_that_is_there_or_to_an_alert_that_is_there() => None(
        from panel in Panels
        from link in panel.Links
        where !(Address().Match(link) is { Success: true } address
            ? DashboardFiles.All.Any(dashboard => dashboard.Uid == address.Groups[1].Value)
                && link.Contains("${__url_time_range}", StringComparison.Ordinal)
            : link is "/alerting/list" or "/alerting/list?search=state:firing" || Search().Match(link) is { Success: true } search
                && (search.Groups[1].Value.StartsWith("${", StringComparison.Ordinal)
                    || RuleFiles.Alerts().Any(alert => alert.Name.Contains(search.Groups[1].Value, StringComparison.Ordinal))))
        select $"{panel}: {link}");

    // A red panel links to the next dashboard or the alert.
    [Fact]
    public void Each_panel_that_can_be_red_leads_on() => None(Panels.Where(panel =>
        panel.Json.GetProperty("fieldConfig").GetRawText().Contains("\"red\"", StringComparison.Ordinal) && !panel.Links.Any()));

    [Fact]
    public void No_address_and_no_connection_string_is_shown() =>
        Assert.All(
            DashboardFiles.All, dashboard => Assert.DoesNotContain("pool_name", dashboard.Json.GetRawText(), StringComparison.Ordinal));

    [Fact]
    public void What_is_counted_a_second_is_named_in_full() => None(
        from panel in Panels
        from unit in panel.Overrides.Where(one => one.Option == "unit")
            .Select(one => one.Value.GetString()!)
            .Append(panel.Defaults.GetProperty("unit").GetString()!)
        where unit is "reqps" or "ops" or "rps" or "wps" or "iops" or "pps" or "cps" or "eps" or "mps" or "rpm" or "opm" or "cpm"
        select $"{panel}: {unit}");

    [Fact]
    public void What_is_measured_by_the_originals_names_is_in_a_closed_row() => None(
        from dashboard in DashboardFiles.WithQueries
        from panel in dashboard.Json.Items("panels")
        where panel.GetRawText().Contains("rest_api_request", StringComparison.Ordinal)
            && !(panel.GetProperty("type").GetString() == "row" && panel.GetProperty("collapsed").GetBoolean())
        select $"{dashboard}: {panel.GetProperty("title")}");

    private static void None(IEnumerable<object> violations) => Assert.True(!violations.Any(), string.Join("\n", violations));

    private static bool OfAJob(string metric) =>
        metric.StartsWith("job:", StringComparison.Ordinal) || metric.StartsWith("job_", StringComparison.Ordinal);

    private static (int X, int Y, int Right, int Bottom) Place(JsonElement panel)
    {
        var place = panel.GetProperty("gridPos");
        var (x, y) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
        return (x, y, x + place.GetProperty("w").GetInt32(), y + place.GetProperty("h").GetInt32());
    }

    private static IEnumerable<string> Sources(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(property => property.Name == "datasource"
            ?
            [
                property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("uid", out var uid)
                    ? uid.GetString()!
                    : property.Value.GetRawText(),
            ]
            : Sources(property.Value)),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Sources),
        _ => [],
    };

    [GeneratedRegex("""\bby \((?!\))""")]
    private static partial Regex Grouped();

    [GeneratedRegex("""\$\{?([a-zA-Z_]\w*)""")]
    private static partial Regex Used();

    [GeneratedRegex("""\binstance(=~"\$instance\|?"|="|=~"apache)""")]
    private static partial Regex Instances();

    [GeneratedRegex("""^(up|probe_.+|scrape_.+|process_.+|http_.+|kestrel_.+|dotnet_.+)$""")]
    private static partial Regex Common();

    [GeneratedRegex("""\bjob(=|=~|!=)(?=")""")]
    private static partial Regex Job();

    [GeneratedRegex("\"(?:\\\\.|[^\"\\\\])*\"")]
    private static partial Regex Strings();

    // Selectors, ranges, label lists, functions and keywords; strings have been emptied by then.
    [GeneratedRegex(
        """[a-zA-Z_:][\w:]*\{[^{}]*\}|\{[^{}]*\}|\[[^\]]*\]|\b(by|on|ignoring|without|group_left|group_right)\b ?\([^()]*\)"""
        + """|\b[a-z_]+(?=\()|\b(sum|min|max|avg|count|by|and|or|unless|offset|bool)\b|\$\w+|\b\d\w*(\.\d+)?\b""")]
    private static partial Regex NotAMetric();

    [GeneratedRegex("""[a-zA-Z_:][\w:]*""")]
    private static partial Regex Word();

    [GeneratedRegex("""\b(?:rate|irate|increase)\([^\[\]]*\[([^\]]*)\]""")]
    private static partial Regex RateWindow();

    [GeneratedRegex("""\b(rate|increase)\($""")]
    private static partial Regex Rated();

    // The number of series, regardless of their values.
    [GeneratedRegex("""\bcount( by \([^()]*\) )?\($""")]
    private static partial Regex Counted();

    [GeneratedRegex(
        """^(?!dotnet_thread_pool_(queue_length|thread_count)_total$|apache_uptime_seconds_total$).*_total$|_bucket$|_sum$"""
        + """|^pg_stat_database_(?!numbackends)|^node_(vmstat|netstat)_(?!Tcp_CurrEstab)""")]
    private static partial Regex Counter();

    [GeneratedRegex(
        """^dotnet_thread_pool_(queue_length|thread_count)_total$|^apache_uptime_seconds_total$|_bytes$"""
        + """|_count$(?<!_(request|operation|time|duration|latency)_.*count)|^up$|_success$""")]
    private static partial Regex Gauge();

    [GeneratedRegex("""^/d/([\w-]+)\?""")]
    private static partial Regex Address();

    [GeneratedRegex("""^/alerting/list\?search=(.+)$""")]
    private static partial Regex Search();
}
