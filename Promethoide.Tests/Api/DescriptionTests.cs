using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed partial class DescriptionTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private ApiClient Api => fixture.Api;

    [Fact]
    public async Task The_description_has_nothing_that_the_API_has_not() => Assert.Equal(
        [
            "/", "/delay", "/dni/{dni}", "/flights", "/flights/{flight_number}", "/hits", "/immigration", "/immigration/{id}",
            "/immigration/{id}/annulment", "/officers", "/officers/{user_name}", "/officers/{user_name}/lock",
            "/officers/{user_name}/reset", "/officers/{user_name}/unlock", "/refusals", "/sessions", "/sessions/current",
            "/sessions/current/password", "/sessions/link", "/summary", "/wanted",
        ],
        (await DocumentAsync()).GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Fields_are_described_by_the_names_that_they_have_on_the_wire()
    {
        var schemas = (await DocumentAsync()).GetProperty("components").GetProperty("schemas");

        Assert.Equal(
            [
                "name", "dni", "lodging", "declared_money", "flight_number", "arrival_date", "stay_days", "birth_date", "nationality",
                "smoke",
            ],
            schemas.GetProperty("EntryRequest").GetProperty("properties").EnumerateObject().Select(property => property.Name));
        Assert.Equal(
            ["name", "dni", "declared_money", "flight_number"],
            schemas.GetProperty("EntryRequest").GetProperty("required").EnumerateArray().Select(field => field.GetString()));
    }

    [Fact]
    public async Task Paging_is_described_as_numbers_with_their_limits()
    {
        var parameters = (await DocumentAsync()).GetProperty("paths").GetProperty("/refusals").GetProperty("get").GetProperty("parameters");

        Assert.Equal(
            ["dni", "flight_number", "officer", "search", "from", "until", "after", "limit"],
            parameters.EnumerateArray().Select(parameter => parameter.GetProperty("name").GetString()));
        Assert.True(JsonElement.DeepEquals(
            JsonElement.Parse("""{ "type": "integer", "minimum": 1, "maximum": 100, "default": 20 }"""),
            parameters[7].GetProperty("schema")));
    }

    [Theory]
    [InlineData(null, "/")]
    [InlineData("/api", "/api")]
    public async Task The_description_says_where_the_API_is_for_who_asked(string? prefix, string server)
    {
        var document = prefix is null
            ? await Api.GetAsync("/openapi/v1.json")
            : await Api.GetAsync("/openapi/v1.json", ("X-Forwarded-Prefix", prefix));

        Assert.Equal(server, document.Json.GetProperty("servers")[0].GetProperty("url").GetString());
    }

    [Fact]
    public async Task The_page_to_try_it_takes_everything_from_here_by_relative_addresses()
    {
        var redirect = await Api.GetAsync("/scalar", ("X-Forwarded-Prefix", "/api"));
        Assert.Equal("scalar/", redirect.Headers.Location?.OriginalString);

        var page = await Api.GetAsync("/scalar/", ("X-Forwarded-Prefix", "/api"));
        Assert.Equal("text/html", page.ContentType);
        Assert.DoesNotMatch("https?://", page.Text);
        Assert.Contains("\"url\":\"openapi/v1.json\"", page.Text, StringComparison.Ordinal);

        var scripts = ScriptSource().Matches(page.Text).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            Assert.DoesNotContain('/', script);
            Assert.Equal(HttpStatusCode.OK, (await Api.GetAsync($"/scalar/{script}")).Status);
        }
    }

    private async Task<JsonElement> DocumentAsync() => (await Api.GetAsync("/openapi/v1.json")).Json;

    [GeneratedRegex("""<script[^>]* src="([^"]+)""")]
    private static partial Regex ScriptSource();
}
