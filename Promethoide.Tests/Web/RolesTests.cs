using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Promethoide.Web.Desk;

namespace Promethoide.Tests.Web;

/// <summary>Each page and endpoint of the web, and its response for each role.</summary>
public sealed class RolesTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    private const string SignIn = "to /sign-in";
    private const string Account = "to /account";

    // Signed out; an officer; a supervisor; an officer who has to change the password. Forms are sent without a token: users without access
    // are rejected before that matters.
    private static readonly Dictionary<string, string[]> Answers = new()
    {
        ["GET /"] = [SignIn, "200", "200", Account],
        ["POST /"] = [SignIn, "400", "400", Account],
        ["GET /entries"] = [SignIn, "200", "200", Account],
        ["POST /entries"] = [SignIn, "400", "400", Account],
        ["GET /entries/{Id:long}"] = [SignIn, "403", "404", Account],
        ["POST /entries/{Id:long}"] = [SignIn, "403", "400", Account],
        ["GET /refusals"] = [SignIn, "403", "200", Account],
        ["POST /refusals"] = [SignIn, "403", "400", Account],
        ["GET /hits"] = [SignIn, "403", "200", Account],
        ["POST /hits"] = [SignIn, "403", "400", Account],
        ["GET /summary"] = [SignIn, "403", "200", Account],
        ["POST /summary"] = [SignIn, "403", "400", Account],
        ["GET /officers"] = [SignIn, "403", "200", Account],
        ["POST /officers"] = [SignIn, "403", "400", Account],
        ["GET /account"] = [SignIn, "200", "200", "200"],
        ["POST /account"] = [SignIn, "400", "400", "400"],
        ["GET /sign-in"] = ["200", "to /", "to /", "to /"],
        ["POST /sign-in"] = ["400", "400", "400", "400"],
        ["POST /sign-out"] = [SignIn, "400", "400", "400"],
        ["GET /error"] = ["404", "404", "404", "404"],
        ["POST /error"] = ["400", "400", "400", "400"],
        // Without a provider; SingleSignOnTests cover networks with one.
        ["GET /sign-in/single-sign-on"] = [SignIn, "404", "404", Account],
        // An unknown path, treated like the others.
        ["GET /nowhere"] = [SignIn, "404", "404", Account],
    };

    public static TheoryData<string> Requests => new(Answers.Keys);

    [Fact]
    public async Task Every_endpoint_has_a_row()
    {
        await using var web = new WebApplicationFactory<DeskWorkflow>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment("Production");
            builder.UseSetting("Authentication:Authority", "https://provider.example.org");
            builder.UseSetting("Authentication:ClientId", "desk");
        });
        var endpoints = web.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            // Excludes Blazor's own endpoints, for scripts that the desk does not use.
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null
                && !endpoint.RoutePattern.RawText!.Contains("_framework/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods
                .Where(method => method != "HEAD")
                .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}")).Distinct();

        Assert.Equal(
            Answers.Keys.Where(request => request != "GET /nowhere").Order(StringComparer.Ordinal),
            endpoints.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Everybody_gets_what_the_role_allows(string request)
    {
        using var nobody = desk.Nobody();
        using var officer = await desk.OfficerAsync();
        using var supervisor = await desk.SupervisorAsync();
        using var newcomer = await desk.SignedInAsync(desk.Api.NewOfficer(mustChange: true));

        var answers = new List<string>();
        foreach (var browser in (DeskClient[])[nobody, officer, supervisor, newcomer])
        {
            var (method, path) = (request.Split(' ')[0], request.Split(' ')[1].Replace("{Id:long}", "999999", StringComparison.Ordinal));
            using var form = method == "POST" ? new FormUrlEncodedContent([]) : null;
            using var response = await browser.SendAsync(new HttpMethod(method), path, form);
            answers.Add(response.StatusCode == HttpStatusCode.Redirect
                ? $"to {response.Headers.Location!.OriginalString.Split('?')[0]}"
                : $"{(int)response.StatusCode}");
        }

        Assert.Equal(Answers[request], answers);
    }

    [Fact]
    public async Task A_page_that_the_role_does_not_open_says_so_in_words_and_the_menu_does_not_offer_it()
    {
        using var officer = await desk.OfficerAsync();
        using var supervisor = await desk.SupervisorAsync();

        await officer.OpenAsync("/officers");
        Assert.Contains("Esta página es para supervisores", officer.Text, StringComparison.Ordinal);

        Assert.Equal(["/", "/entries"], Menu(await officer.OpenAsync()));
        Assert.Equal(["/", "/entries", "/refusals", "/hits", "/summary", "/officers"], Menu(await supervisor.OpenAsync()));

        static IEnumerable<string> Menu(DeskClient browser) =>
            System.Text.RegularExpressions.Regex.Matches(browser.Page.Split("<nav")[1].Split("</nav>")[0], "href=\"(?<path>[^\"]+)\"")
                .Select(match => match.Groups["path"].Value);
    }
}
