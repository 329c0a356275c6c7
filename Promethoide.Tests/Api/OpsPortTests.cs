using System.Net;
using System.Net.Http.Json;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class OpsPortTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    public static TheoryData<string> Paths => ["/metrics", "/health", "/alive"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Operations_are_on_the_ops_port(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await fixture.Host.Ops.GetAsync(path, ("Host", "anything.internal:1"))).Status);

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Operations_are_not_on_the_public_port_whatever_Host_says(string path)
    {
        var opsHost = $"127.0.0.1:{fixture.OpsPort}";

        (await fixture.Api.GetAsync(path)).IsProblem(HttpStatusCode.NotFound, "not-found");
        (await fixture.Api.GetAsync(path, ("Host", opsHost), ("X-Forwarded-Host", opsHost), ("X-Forwarded-Port", $"{fixture.OpsPort}")))
            .IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/dni/12345678A")]
    [InlineData("/openapi/v1.json")]
    public async Task Nothing_else_is_on_the_ops_port(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Host.Ops.GetAsync(path)).Status);

    [Fact]
    public async Task Drills_are_there_only_where_they_are_enabled()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await fixture.Host.Ops.GetAsync("/drill")).Status);
        Assert.Equal(
            HttpStatusCode.NotFound,
            (await fixture.Host.Ops.SendAsync(
                HttpMethod.Put, "/drill", JsonContent.Create(new { endpoint = "check_dni", status = 500 }))).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Api.GetAsync("/dni/12345678A")).Status);
    }

    [Fact]
    public async Task Without_an_ops_port_operations_are_on_the_one_port_there_is()
    {
        await using var host = await new ApiHost(fixture.Database.AsApi).ReadyAsync();

        Assert.Equal(HttpStatusCode.OK, (await host.Public.GetAsync("/alive")).Status);
        Assert.Contains("rest_api_requests_total", (await host.Public.GetAsync("/metrics")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await host.Public.GetAsync("/flights/AA123")).Status);
    }
}
