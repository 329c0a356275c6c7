using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>One API only: a second one in this process would stop the first one's meters.</summary>
[Collection("Api")]
public sealed class DrillTests(DrillTests.Api fixture) : IClassFixture<DrillTests.Api>
{
    private const string LookUp = "/dni/12345678A";

    private static readonly KeyValuePair<string, string?> Enabled = new("Drills:Enabled", "true");

    private readonly ApiHost _api = fixture.Host;

    [Fact]
    public async Task A_drill_gives_one_endpoint_errors_until_it_is_ended()
    {
        var started = await PutAsync(new { endpoint = "check_dni", status = 503 });
        Assert.Equal(HttpStatusCode.OK, started.Status);
        Assert.InRange(
            started.Json.GetProperty("ends_at").GetDateTimeOffset() - DateTimeOffset.UtcNow,
            TimeSpan.FromSeconds(240),
            TimeSpan.FromSeconds(301));

        (await _api.Public.GetAsync(LookUp)).IsProblem(HttpStatusCode.ServiceUnavailable, "service-unavailable");
        Assert.Equal(HttpStatusCode.OK, (await _api.Public.GetAsync("/flights/AA123")).Status);
        (await _api.Ops.GetAsync("/drill")).HasJson(started.Text);

        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync()).Status);
        Assert.Equal(HttpStatusCode.OK, (await _api.Public.GetAsync(LookUp)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.Ops.GetAsync("/drill")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync()).Status);
    }

    [Fact]
    public async Task A_drill_delays_requests_and_the_delay_is_measured()
    {
        await PutAsync(new { endpoint = "check_flight", delay_seconds = 0.5 });
        var before = await SlowAsync();

        var clock = Stopwatch.StartNew();
        var answer = await _api.Public.GetAsync("/flights/AA123");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        // A timer may fire a few milliseconds early.
        Assert.True(clock.Elapsed >= TimeSpan.FromSeconds(0.48), $"It took {clock.Elapsed}.");
        Assert.Equal(before + 1, await SlowAsync());
        await DeleteAsync();

        async Task<double> SlowAsync()
        {
            // A request is measured after its response is sent; the next one on the same connection starts only then.
            await _api.Public.GetAsync("/");
            var samples = PrometheusText.Parse((await _api.Ops.GetAsync("/metrics")).Text);
            return samples.GetValueOrDefault("""rest_api_request_latency_count{endpoint="check_flight"}""")
                - samples.GetValueOrDefault("""rest_api_request_latency_bucket{endpoint="check_flight",le="0.45"}""");
        }
    }

    [Fact]
    public async Task A_drill_ends_by_itself()
    {
        await PutAsync(new { endpoint = "check_dni", status = 500, seconds = 1 });
        Assert.Equal(HttpStatusCode.InternalServerError, (await _api.Public.GetAsync(LookUp)).Status);

        await Task.Delay(TimeSpan.FromSeconds(1.1), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, (await _api.Public.GetAsync(LookUp)).Status);
    }

    [Theory]
    [InlineData("""{"endpoint":"nothing","status":500}""", "check_dni")]
    [InlineData("""{"endpoint":null,"status":500}""", "endpoint")]
    [InlineData("""{"status":500}""", "endpoint")]
    [InlineData("""{"endpoint":"check_dni"}""", "delay_seconds, status")]
    [InlineData("""{"endpoint":"check_dni","status":200}""", "status")]
    [InlineData("""{"endpoint":"check_dni","status":"bad"}""", "$.status")]
    [InlineData("""{"endpoint":"check_dni","delay_seconds":31}""", "delay_seconds")]
    [InlineData("""{"endpoint":"check_dni","delay_seconds":-1}""", "delay_seconds")]
    [InlineData("""{"endpoint":"check_dni","status":500,"seconds":0}""", "seconds")]
    [InlineData("""{"endpoint":"check_dni","status":500,"seconds":3601}""", "seconds")]
    [InlineData("""{"endpoint":"check_dni","status":500,"minutes":5}""", "$.minutes")]
    [InlineData("null", "endpoint")]
    [InlineData("{", "endpoint")]
    public async Task A_drill_that_cannot_be_is_refused_with_what_to_do(string body, string told)
    {
        var answer = await PutTextAsync(body, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(told, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await _api.Ops.GetAsync("/drill")).Status);
    }

    [Fact]
    public async Task A_page_in_an_operators_browser_cannot_start_a_drill() => Assert.Equal(
        HttpStatusCode.UnsupportedMediaType, (await PutTextAsync("""{"endpoint":"check_dni","status":500}""", "text/plain")).Status);

    [Fact]
    public async Task Other_methods_are_told_which_there_are()
    {
        var answer = await _api.Ops.SendAsync(HttpMethod.Post, "/drill", content: null);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Equal(["GET", "PUT", "DELETE"], answer.ContentHeaders.Allow);
    }

    [Fact]
    public async Task Drills_are_not_on_the_public_port() =>
        (await _api.Public.SendAsync(HttpMethod.Put, "/drill", JsonContent.Create(new { endpoint = "check_dni", status = 500 })))
            .IsProblem(HttpStatusCode.NotFound, "not-found");

    [Fact]
    public void Drills_are_not_enabled_where_everybody_could_start_one()
    {
        var refused = Assert.ThrowsAny<Exception>(() => new ApiHost(fixture.Database.AsApi, opsPort: null, log: null, Enabled));

        Assert.Contains("OPS_PORT", refused.GetBaseException().Message, StringComparison.Ordinal);
    }

    private Task<Answer> PutAsync(object drill) => _api.Ops.SendAsync(HttpMethod.Put, "/drill", JsonContent.Create(drill));

    private Task<Answer> PutTextAsync(string body, string contentType) =>
        _api.Ops.SendAsync(HttpMethod.Put, "/drill", new StringContent(body, Encoding.UTF8, contentType));

    private Task<Answer> DeleteAsync() => _api.Ops.SendAsync(HttpMethod.Delete, "/drill", content: null);

    /// <summary>An API that allows drills.</summary>
    public sealed class Api(PostgresServer server) : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public ApiHost Host { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Database = await (await server.CreateDatabaseAsync()).MigrateAsync();
            Host = await new ApiHost(Database.AsApi, Loopback.FreePort(), log: null, Enabled).ReadyAsync();
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
