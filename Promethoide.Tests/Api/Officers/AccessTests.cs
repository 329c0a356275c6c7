using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api.Officers;

/// <summary>Every route of the API and who may use it. The routes come from the API: a new route without a row here fails.</summary>
[Collection("Api")]
public sealed class AccessTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    private const string Anybody = "nobody officer supervisor first-password look-up decide read smoke";
    private const string SignedIn = "officer supervisor first-password";
    private const string AnySession = SignedIn;

    // Method and route; example request; who is allowed. Everyone else gets "sign in" or "not allowed".
    private static readonly (string Route, string Path, object? Body, string LetIn)[] Rows =
    [
        ("GET /", "/", null, Anybody),
        ("GET /delay", "/delay?seconds=0", null, Anybody),
        ("GET /dni/{dni}", "/dni/NOBODY1", null, "officer supervisor look-up"),
        ("GET /flights", "/flights?date=2026-01-01", null, "officer supervisor look-up"),
        ("GET /flights/{flight_number}", "/flights/AA123", null, "officer supervisor look-up smoke"),
        ("POST /immigration", "/immigration", Travellers.Body(("dni", "ACCESS1"), ("declared_money", 1)), "officer supervisor decide"),
        ("GET /immigration", "/immigration", null, "officer supervisor read"),
        ("GET /immigration/{id:long}", "/immigration/1", null, "officer supervisor read"),
        ("POST /immigration/{id:long}/annulment", "/immigration/0/annulment", new { reason = "Typed twice" }, "supervisor"),
        ("GET /wanted", "/wanted?name=Jane%20Roe&birth_date=1980-01-01", null, "officer supervisor look-up"),
        ("GET /refusals", "/refusals", null, "supervisor read"),
        ("GET /hits", "/hits", null, "supervisor read"),
        ("GET /summary", "/summary?from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z", null, "supervisor read"),
        ("POST /sessions", "/sessions", new { user_name = "nobody", password = "wrong" }, Anybody),
        ("POST /sessions/link", "/sessions/link", new { token = "wrong" }, Anybody),
        ("GET /sessions/current", "/sessions/current", null, AnySession),
        (
            "PUT /sessions/current/password",
            "/sessions/current/password",
            new { current_password = "wrong", new_password = "wrong" },
            AnySession),
        ("DELETE /sessions/current", "/sessions/current", null, AnySession),
        ("DELETE /sessions", "/sessions", null, AnySession),
        ("GET /officers", "/officers", null, "supervisor"),
        ("POST /officers", "/officers", new { user_name = "Not A Name" }, "supervisor"),
        ("POST /officers/{user_name}/lock", "/officers/nobody/lock", null, "supervisor"),
        ("POST /officers/{user_name}/unlock", "/officers/nobody/unlock", null, "supervisor"),
        ("POST /officers/{user_name}/reset", "/officers/nobody/reset", null, "supervisor"),
        ("DELETE /officers/{user_name}", "/officers/nobody", null, "supervisor"),
        ("GET /openapi/{documentName}.json", "/openapi/v1.json", null, "officer supervisor first-password look-up decide read smoke"),
        ("GET /scalar/{documentName?}", "/scalar/", null, "officer supervisor first-password look-up decide read smoke"),
    ];

    // The API returns these for a failed sign-in; the route itself has not refused the caller.
    private static readonly string[] OwnRefusals = ["sign-in-failed"];

    public static TheoryData<string> Routes => [.. Rows.Select(row => row.Route)];

    [Fact]
    public void Every_route_has_a_row_here()
    {
        // Scalar's scripts and icons are public files that reveal nothing about this API.
        var routes = fixture.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => !IsFile(endpoint.RoutePattern.RawText!))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}")
                ?? []);

        Assert.Equal(string.Join('\n', Rows.Select(row => row.Route).Order()), string.Join('\n', routes.Distinct().Order()));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_route_lets_in_those_who_may_and_nobody_else(string route)
    {
        var row = Rows.Single(row => row.Route == route);
        foreach (var (who, client) in await (EndsSessions(row.Path, row.Route) ? fixture.NewCallersAsync() : fixture.Callers.Value))
        {
            var answer = await AskAsync(client, row);
            var letIn = row.LetIn.Split(' ').Contains(who);
            var code = answer.ContentType == "application/problem+json" ? answer.Json.GetProperty("code").GetString() : null;
            var expected = letIn ? null
                : who == "nobody" ? "sign-in-required"
                : who == "first-password" ? "password-change-required"
                : "not-allowed";

            Assert.True(
                letIn ? (int)answer.Status is not (401 or 403) || OwnRefusals.Contains(code) : code == expected,
                $"{who} asks {route}: {(int)answer.Status} {code}; expected {expected ?? "to be let in"}");
            Assert.True(
                letIn || answer.Headers.WwwAuthenticate.Count == (who == "nobody" ? 1 : 0), $"{who} asks {route}: WWW-Authenticate");
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_token_that_is_over_or_made_up_opens_nothing(string route)
    {
        var row = Rows.Single(row => row.Route == route);
        if (row.LetIn == Anybody)
        {
            return;
        }

        foreach (var (what, client) in await fixture.Dead.Value)
        {
            var answer = await AskAsync(client, row);

            Assert.True(
                (int)answer.Status == 401 && answer.Json.GetProperty("code").GetString() == "sign-in-required",
                $"{what} asks {route}: {(int)answer.Status}");
        }
    }

    private static bool IsFile(string route) =>
        route.TrimStart('/').StartsWith("scalar/", StringComparison.Ordinal) && Path.HasExtension(route);

    private static bool EndsSessions(string path, string route) =>
        route.StartsWith("DELETE", StringComparison.Ordinal) && path.StartsWith("/sessions", StringComparison.Ordinal);

    private static Task<Answer> AskAsync(ApiClient client, (string Route, string Path, object? Body, string LetIn) row) =>
        client.SendAsync(new HttpMethod(row.Route.Split(' ')[0]), row.Path, row.Body is null ? null : JsonContent.Create(row.Body));
}
