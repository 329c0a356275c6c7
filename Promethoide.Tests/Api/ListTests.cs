using System.Net;
using System.Text.Json;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class ListTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private ApiClient Api => fixture.Api;

    [Theory]
    [InlineData("/immigration")]
    [InlineData("/refusals")]
    public async Task A_list_is_read_in_parts_newest_first_and_nothing_is_missed_or_repeated(string list)
    {
        var flight = list == "/refusals" ? "NONE1" : "EK202";
        await AddAsync(7, flight);

        var seen = new List<int>();
        var after = "";
        while (true)
        {
            var page = (await Api.GetAsync($"{list}?flight_number={flight}&limit=3{after}")).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt32()));
            if (page.GetProperty("next").ValueKind == JsonValueKind.Null)
            {
                break;
            }

            Assert.Equal(seen[^1], page.GetProperty("next").GetInt32());
            after = $"&after={seen[^1]}";
            // What is decided meanwhile shifts nothing.
            await AddAsync(1, flight);
        }

        Assert.Equal(seen.OrderDescending(), seen);
        Assert.Equal(seen.Distinct(), seen);
        Assert.InRange(seen.Count, 7, 8);
    }

    [Fact]
    public async Task A_list_has_20_items_when_it_is_not_said_and_its_end_says_so()
    {
        await AddAsync(21, "LH101");

        Assert.Equal(20, (await Api.GetAsync("/immigration")).Json.GetProperty("items").GetArrayLength());
        var everything = (await Api.GetAsync("/immigration?limit=100&flight_number=lh%20101")).Json;
        Assert.Equal(22, everything.GetProperty("items").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, everything.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task A_list_is_filtered_by_document_and_flight()
    {
        (await Api.GetAsync("/immigration?dni=7890-1234h")).HasJson(
            $$"""{ "items": [{{(await Api.GetAsync("/immigration/3")).Text}}], "next": null }""");
        (await Api.GetAsync("/immigration?dni=78901234H&flight_number=AA123")).HasJson("""{ "items": [], "next": null }""");
    }

    [Fact]
    public async Task A_refusal_is_listed_with_its_reason()
    {
        var dni = Travellers.NewDni();
        await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("lodging", null), ("stay_days", 9)));

        var refusal = Assert.Single((await Api.GetAsync($"/refusals?dni={dni}")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(
            ["id", "name", "dni", "flight_number", "lodging", "declared_money", "stay_days", "reason", "created_at", "officer"],
            refusal.EnumerateObject().Select(property => property.Name));
        Assert.Equal("lodging-required", refusal.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, refusal.GetProperty("lodging").ValueKind);
        Assert.Equal("750.50", refusal.GetProperty("declared_money").GetRawText());
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("limit=", "limit")]
    [InlineData("limit=5&limit=6", "limit")]
    [InlineData("after=0", "after")]
    [InlineData("after=-1", "after")]
    [InlineData("after=9223372036854775808", "after")]
    [InlineData("dni=1234567890123456", "dni")]
    [InlineData("dni=", "dni")]
    [InlineData("flight_number=AA-1", "flight_number")]
    [InlineData("flight_number=%00&limit=x", "flight_number", "limit")]
    public async Task A_wrong_filter_is_named(string query, params string[] fields)
    {
        (await Api.GetAsync($"/immigration?{query}")).NamesFields(fields);
        (await Api.GetAsync($"/refusals?{query}")).NamesFields(fields);
    }

    private async Task AddAsync(int count, string flight)
    {
        foreach (var _ in Enumerable.Range(0, count))
        {
            var answer = await Api.PostAsync("/immigration", Travellers.Body(("flight_number", flight)));
            Assert.True(answer.Status is HttpStatusCode.Created or HttpStatusCode.NotFound);
        }
    }
}
