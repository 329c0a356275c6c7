using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class MetricsTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private ApiClient Api => fixture.Api;

    [Fact]
    public async Task Each_decision_is_counted_once_under_its_reason()
    {
        var before = await fixture.ScrapeAsync();

        await Api.PostAsync("/immigration", Travellers.Body());
        await Api.PostAsync("/immigration", Travellers.Body(("dni", "12345678A")));
        await Api.PostAsync("/immigration", Travellers.Body(("flight_number", "ZZ1")));
        await Api.PostAsync("/immigration", Travellers.Body(("lodging", null)));
        await Api.PostAsync("/immigration", Travellers.Body(("declared_money", 1)));

        var after = await fixture.ScrapeAsync();
        Assert.All(Series.Decisions, decision => Assert.Equal(1, after[decision] - before[decision]));
    }

    [Fact]
    public async Task What_is_no_decision_is_not_counted_as_one()
    {
        var body = Travellers.Body();
        await Api.PostAsync("/immigration", body);
        var before = await fixture.ScrapeAsync();

        await Api.PostAsync("/immigration", body);
        await Api.PostAsync("/immigration", new { });
        await Api.GetAsync("/dni/1234567890");

        var after = await fixture.ScrapeAsync();
        Assert.All(Series.Business, sample => Assert.Equal(before[sample], after[sample]));
    }

    [Fact]
    public async Task Interpol_matches_are_counted_at_the_look_up_and_at_the_decision()
    {
        var before = await fixture.ScrapeAsync();

        await Api.GetAsync("/dni/12345678A");
        await Api.PostAsync("/immigration", Travellers.Body(("dni", "12345678A")));

        Assert.Equal(2, (await fixture.ScrapeAsync())[Series.InterpolMatches] - before[Series.InterpolMatches]);
    }

    [Fact]
    public async Task Attempts_to_sign_in_are_counted_and_nobody_is_named()
    {
        var before = await fixture.ScrapeAsync();

        await Api.PostAsync("/sessions", new { user_name = "supervisor", password = TestDatabase.SupervisorPassword });
        for (var i = 0; i < 5; i++)
        {
            await Api.PostAsync("/sessions", new { user_name = "supervisor", password = "wrong" });
        }

        var after = await fixture.ScrapeAsync();
        Assert.Equal([5, 0, 1, 1], Series.SignIns.Select(sample => after[sample] - before[sample]));
        Assert.All(after.Keys, sample => Assert.DoesNotContain("=\"supervisor\"", sample, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_request_is_counted_and_timed_under_its_endpoint_whatever_the_answer()
    {
        var before = await fixture.ScrapeAsync();

        await Api.GetAsync("/dni/12345678A");
        await Api.GetAsync("/dni/1234567890");
        await Api.GetAsync("/dni/invalid!");
        await Api.PostTextAsync("/immigration", "{", "application/json");
        await Api.PostTextAsync("/immigration", "{}", "application/json");
        await Api.PostTextAsync("/immigration", "{}", "text/plain");
        await Api.PostTextAsync("/immigration", "{}", "application/json; charset=nonsense");

        var after = await fixture.ScrapeAsync();
        Assert.Equal(3, Increase("check_dni", "rest_api_requests_total"));
        Assert.Equal(3, Increase("check_dni", "rest_api_request_latency_count"));
        Assert.Equal(4, Increase("create_immigration_entry", "rest_api_requests_total"));
        Assert.Equal(4, Increase("create_immigration_entry", "rest_api_request_latency_count"));

        double Increase(string endpoint, string name)
        {
            var sample = $"{name}{{endpoint=\"{endpoint}\"}}";
            return after[sample] - before.GetValueOrDefault(sample);
        }
    }

    [Fact]
    public async Task Latency_is_in_seconds_in_buckets_of_50_milliseconds_up_to_one_second()
    {
        await Api.GetAsync("/flights/AA123");

        var buckets = (await fixture.ScrapeAsync()).Keys
            .Where(sample => sample.StartsWith("""rest_api_request_latency_bucket{endpoint="check_flight",""", StringComparison.Ordinal))
            .Select(sample => sample.Split('"')[3]);
        Assert.Equal(
            [
                "0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.35", "0.4", "0.45", "0.5", "0.55", "0.6", "0.65", "0.7", "0.75", "0.8",
                "0.85", "0.9", "0.95", "1", "+Inf",
            ],
            buckets);
    }

    [Fact]
    public async Task Neither_root_nor_delay_nor_description_are_among_the_measured_endpoints()
    {
        await Api.GetAsync("/");
        await Api.GetAsync("/delay?seconds=0");
        await Api.GetAsync("/openapi/v1.json");
        await Api.GetAsync("/no/such/thing");

        var endpoints = (await fixture.ScrapeAsync()).Keys
            .Where(sample => sample.StartsWith("rest_api_requests_total", StringComparison.Ordinal))
            .Select(sample => sample.Split('"')[1]);
        Assert.Equal(Series.Endpoints, endpoints.Order());
    }

    [Fact]
    public async Task Standard_instruments_are_there_and_nothing_has_personal_data()
    {
        await Api.GetAsync("/dni/12345678A?dni=87654321B");
        await Api.PostAsync("/immigration", Travellers.Body(("name", "Very Private"), ("dni", "12345678A")));

        var text = (await fixture.Host.Ops.GetAsync("/metrics")).Text;
        Assert.Contains("""http_server_request_duration_seconds_bucket""", text, StringComparison.Ordinal);
        Assert.Contains("""http_route="/dni/{dni}""", text, StringComparison.Ordinal);
        Assert.Contains("kestrel_active_connections", text, StringComparison.Ordinal);
        Assert.Contains("db_client_", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_gc_collections_total", text, StringComparison.Ordinal);
        Assert.All(["12345678A", "87654321B", "Very Private"], secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.DoesNotContain("http_route=\"/metrics", text, StringComparison.Ordinal);
    }
}
