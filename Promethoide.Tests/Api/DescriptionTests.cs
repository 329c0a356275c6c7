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

    [Fact]
    public async Task Every_operation_says_what_it_does_who_may_call_it_and_how_it_fails()
    {
        var document = await DocumentAsync();
        Assert.Equal(
            "bearer",
            document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString());
        var tags = document.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToList();
        foreach (var (name, _, operation) in Operations(document))
        {
            Assert.NotEmpty(operation.GetProperty("description").GetString()!);
            Assert.All(operation.GetProperty("tags").EnumerateArray(), tag => Assert.Contains(tag.GetString(), tags));
            var isOpen = name is "root" or "delay" or "sign_in" or "sign_in_by_link";
            Assert.Equal((name, isOpen), (name, operation.GetProperty("security").GetArrayLength() == 0));
            foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] is '4' or '5'))
            {
                var codes = response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema")
                    .GetProperty("allOf")[1].GetProperty("properties").GetProperty("code").GetProperty("enum");
                Assert.NotEqual(0, codes.GetArrayLength());
                Assert.Equal(response.Name is "429" or "503", response.Value.TryGetProperty("headers", out _));
            }
        }
    }

    [Fact]
    public async Task The_first_try_of_what_only_looks_and_of_a_decision_succeeds_with_the_examples()
    {
        var tried = 0;
        foreach (var (name, path, operation) in Operations(await DocumentAsync()))
        {
            if (operation.TryGetProperty("requestBody", out var body))
            {
                var example = body.GetProperty("content").GetProperty("application/json").GetProperty("example");
                Assert.Equal(JsonValueKind.Object, example.ValueKind);
                if (name == "create_immigration_entry")
                {
                    Assert.Equal(HttpStatusCode.Created, (await Api.PostAsync("/immigration", example)).Status);
                }
            }

            var parameters = operation.TryGetProperty("parameters", out var described)
                ? described.EnumerateArray().ToDictionary(one => one.GetProperty("name").GetString()!, one => one.GetProperty("example"))
                : [];
            if (name
                is "check_dni" or "check_flight" or "list_flights" or "delay" or "find_possible_matches" or "list_refusals" or "list_hits")
            {
                var url = Holes().Replace(
                    path,
                    part => parameters.Remove(part.Groups[1].Value, out var value) ? $"{value}" : part.Value);
                // check_flight runs without its example date: the flights on a given day depend on the seed.
                var query = parameters.Where(one => name != "check_flight")
                    .Select(one => $"{one.Key}={Uri.EscapeDataString($"{one.Value}")}");
                Assert.Equal((name, HttpStatusCode.OK), (name, (await Api.GetAsync($"{url}?{string.Join('&', query)}")).Status));
                tried++;
            }
        }

        Assert.Equal(7, tried);
    }

    [Fact]
    public async Task Numbers_are_numbers_and_what_is_required_is_never_null()
    {
        var fields = (await DocumentAsync()).GetProperty("components")
            .GetProperty("schemas")
            .GetProperty("EntryRequest")
            .GetProperty("properties");

        Assert.Equal("number", fields.GetProperty("declared_money").GetProperty("type").GetString());
        Assert.Equal("string", fields.GetProperty("name").GetProperty("type").GetString());
        Assert.Equal(
            ["null", "integer"], fields.GetProperty("stay_days").GetProperty("type").EnumerateArray().Select(type => type.GetString()));
    }

    private async Task<JsonElement> DocumentAsync() => (await Api.GetAsync("/openapi/v1.json")).Json;

    private static IEnumerable<(string Name, string Path, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Value.GetProperty("operationId").GetString()!, path.Name, operation.Value);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Holes();

    [GeneratedRegex("""<script[^>]* src="([^"]+)""")]
    private static partial Regex ScriptSource();
}
