using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Promethoide.AppHost;

namespace Promethoide.Tests.AppHost;

/// <summary>
/// The test mail. Grafana is not available everywhere, so a stand-in serves the two API routes in use, as version 13 does.
/// </summary>
public sealed class ContactPointsTests : IAsyncLifetime
{
    private const string Receivers = "/apis/notifications.alerting.grafana.app/v1beta1/namespaces/default/receivers";

    private readonly WebApplication _grafana;
    private readonly HttpClient _client = new();
    private readonly List<(string Receiver, JsonNode Request)> _sent = [];

    private Func<string, IResult> _answer = _ => Results.Json(new { status = "success", duration = "12ms" });
    private IResult? _refusal;

    public ContactPointsTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _grafana = builder.Build();
        _grafana.MapGet(Receivers, () => _refusal ?? Results.Text(
            """
            {"kind":"ReceiverList","items":[
              {"metadata":{"name":"Z3JhZmFuYS1kZWZhdWx0LWVtYWls"},"spec":{"title":"grafana-default-email","integrations":[
                {"uid":"x","type":"email","version":"v1","settings":{}}]}},
              {"metadata":{"name":"b3BlcmF0aW9ucw"},"spec":{"title":"operations","integrations":[
                {"uid":"operations-mail","type":"email","version":"v1","settings":{"addresses":"ops@example.org"}}]}},
              {"metadata":{"name":"ZGV2ZWxvcGVycw"},"spec":{"title":"developers","integrations":[
                {"uid":"developers-mail","type":"email","version":"v1","settings":{"addresses":"dev@example.org"}}]}}]}
            """,
            "application/json"));
        _grafana.MapPost(Receivers + "/{name}/test", async (string name, HttpRequest request) =>
        {
            _sent.Add((name, (await JsonNode.ParseAsync(request.Body))!));
            return _answer(name);
        });
    }

    public async ValueTask InitializeAsync()
    {
        await _grafana.StartAsync();
        _client.BaseAddress = new Uri(_grafana.Urls.Single());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _grafana.DisposeAsync();
    }

    [Fact]
    public async Task Each_is_tested_as_it_is_provisioned_with_an_alert_that_says_it_is_a_test()
    {
        var results = await TestAsync();

        Assert.All(results, result => Assert.Null(result.Error));
        Assert.Equal(["operations", "developers"], results.Select(result => result.ContactPoint));
        Assert.Equal(["b3BlcmF0aW9ucw", "ZGV2ZWxvcGVycw"], _sent.Select(sent => sent.Receiver));
        Assert.Equal(["operations-mail", "developers-mail"], _sent.Select(sent => (string?)sent.Request["integration"]!["uid"]));
        Assert.Equal("ops@example.org", (string?)_sent[0].Request["integration"]!["settings"]!["addresses"]);
        Assert.All(
            _sent, sent => Assert.Contains("test", (string?)sent.Request["alert"]!["annotations"]!["summary"], StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mail_server_that_refuses_is_a_failure_although_Grafana_answers_200()
    {
        _answer = name => name == "ZGV2ZWxvcGVycw"
            ? Results.Json(new { status = "failure", error = "dial tcp 127.0.0.1:25: connection refused" })
            : Results.Json(new { status = "success" });

        Assert.Equal([null, "dial tcp 127.0.0.1:25: connection refused"], (await TestAsync()).Select(result => result.Error));
    }

    [Fact]
    public async Task A_contact_point_that_Grafana_does_not_have_is_a_failure()
    {
        var result = Assert.Single(await new ContactPoints(_client).TestAsync(["nobody"], TestContext.Current.CancellationToken));

        Assert.Contains("no such contact point", result.Error, StringComparison.Ordinal);
        Assert.Empty(_sent);
    }

    [Theory]
    [InlineData(401, "password of admin")]
    [InlineData(404, "version 13")]
    [InlineData(500, "Grafana answers 500: out of order")]
    public async Task What_Grafana_refuses_says_what_to_do(int status, string message)
    {
        _refusal = Results.Json(new { message = "out of order" }, statusCode: status);

        var refusal = await Assert.ThrowsAsync<HttpRequestException>(TestAsync);

        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    private Task<IReadOnlyList<ContactPoints.TestResult>> TestAsync() =>
        new ContactPoints(_client).TestAsync(["operations", "developers"], TestContext.Current.CancellationToken);
}
