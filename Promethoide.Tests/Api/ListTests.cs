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
            // Decisions made meanwhile do not shift the pages.
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

    [Theory]
    [InlineData("nunez", true)]
    [InlineData("NÚÑEZ zoë", true)]
    [InlineData("o'nu", true)]
    [InlineData("Zoë Smith", false)]
    [InlineData("Nu_ez", false)]
    [InlineData("%", false)]
    public async Task A_name_is_found_by_parts_in_any_order_whatever_the_accents(string search, bool found)
    {
        var dni = Travellers.NewDni();
        await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("name", "Zoe\u0308 O'Núñez"), ("flight_number", "AF789")));
        await Api.PostAsync(
            "/immigration", Travellers.Body(("dni", dni), ("name", "Zoe\u0308 O'Núñez"), ("lodging", null), ("flight_number", "BA456")));

        foreach (var list in (string[])["immigration", "refusals"])
        {
            var items = (await Api.GetAsync($"/{list}?search={Uri.EscapeDataString(search)}&limit=100")).Json.GetProperty("items")
                .EnumerateArray();
            Assert.Equal(found, items.Any(item => item.GetProperty("dni").GetString() == dni));
            Assert.All(items, item => Assert.StartsWith("Zo", item.GetProperty("name").GetString(), StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_search_finds_a_part_of_a_document_and_the_number_of_an_item()
    {
        Assert.Equal(3, Assert.Single((await Api.GetAsync("/immigration?search=890-1234h")).Json.GetProperty("items").EnumerateArray())
            .GetProperty("id")
            .GetInt64());
        Assert.Contains(
            (await Api.GetAsync("/immigration?search=4")).Json.GetProperty("items").EnumerateArray(),
            item => item.GetProperty("id").GetInt64() == 4);
    }

    [Theory]
    [InlineData("immigration", "created_at")]
    [InlineData("refusals", "created_at")]
    [InlineData("hits", "at")]
    public async Task A_list_is_narrowed_to_a_time(string list, string column)
    {
        await fixture.Database.ChangeAsync(
            """
            INSERT INTO immigration (name, dni, lodging, declared_money, flight_number, arrival_date, created_at)
            SELECT 'A', 'TIME' || day, 'L', 1, 'AA123', '2020-01-01', make_timestamptz(2020, 1, day, 0, 0, 0, 'UTC')
            FROM generate_series(1, 3) AS day
            ON CONFLICT DO NOTHING;
            INSERT INTO refusals (name, dni, declared_money, flight_number, reason, created_at)
            SELECT 'A', 'TIME' || day, 1, 'AA123', 'lodging-required', make_timestamptz(2020, 1, day, 0, 0, 0, 'UTC')
            FROM generate_series(1, 3) AS day;
            INSERT INTO hits (dni, decision, at)
            SELECT 'TIME' || day, false, make_timestamptz(2020, 1, day, 0, 0, 0, 'UTC')
            FROM generate_series(1, 3) AS day;
            """);

        var items = (await Api.GetAsync($"/{list}?from=2020-01-02T00:00:00Z&until=2020-01-03T01:00:00%2B01:00&search=time")).Json
            .GetProperty("items")
            .EnumerateArray();

        Assert.NotEmpty(items);
        Assert.All(
            items, item => Assert.Equal(("TIME2", 2), (item.GetProperty("dni").GetString(), item.GetProperty(column).GetDateTime().Day)));
    }

    [Fact]
    public async Task A_refusal_is_listed_with_its_reason()
    {
        var dni = Travellers.NewDni();
        await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("lodging", null), ("stay_days", 9)));

        var refusal = Assert.Single((await Api.GetAsync($"/refusals?dni={dni}")).Json.GetProperty("items").EnumerateArray());
        Assert.Equal(
            [
                "id", "name", "dni", "flight_number", "arrival_date", "lodging", "declared_money", "stay_days", "reason", "created_at",
                "officer", "admitted_later",
            ],
            refusal.EnumerateObject().Select(property => property.Name));
        Assert.Equal("lodging-required", refusal.GetProperty("reason").GetString());
        Assert.Equal(JsonValueKind.Null, refusal.GetProperty("lodging").ValueKind);
        Assert.Equal("750.50", refusal.GetProperty("declared_money").GetRawText());
    }

    [Fact]
    public async Task A_refusal_says_the_entry_by_which_the_traveller_was_admitted_later_for_the_same_flight()
    {
        var (dni, other) = (Travellers.NewDni(), Travellers.NewDni());
        await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("lodging", null)));
        await Api.PostAsync("/immigration", Travellers.Body(("dni", other), ("lodging", null)));
        var entry = (await Api.PostAsync("/immigration", Travellers.Body(("dni", dni)))).Json.GetProperty("id").GetInt64();
        // An admission on another flight does not count, nor does a refusal after the admission.
        await Api.PostAsync("/immigration", Travellers.Body(("dni", other), ("flight_number", "AF789")));
        await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("declared_money", 1)));

        Assert.Equal([(long?)null, entry], await LaterAsync(dni));
        Assert.Equal([(long?)null], await LaterAsync(other));

        async Task<IEnumerable<long?>> LaterAsync(string document) =>
            (await Api.GetAsync($"/refusals?dni={document}")).Json.GetProperty("items").EnumerateArray()
                .Select(refusal =>
                    refusal.GetProperty("admitted_later") is { ValueKind: JsonValueKind.Number } id ? id.GetInt64() : (long?)null);
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
    [InlineData("search=", "search")]
    [InlineData("search=%00", "search")]
    [InlineData("from=today", "from")]
    [InlineData("from=2026-11-24&until=2026-11-25", "from", "until")]
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
