using System.Net;
using System.Text;
using System.Text.Json;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class ValidationTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private ApiClient Api => fixture.Api;

    public static TheoryData<string, object> WrongValues => new()
    {
        { "name", "" },
        { "name", "  " },
        { "name", new string('x', 101) },
        { "name", "Ana\u0000" },
        { "name", "Ana\nMaría" },
        { "name", "Ana\u0085" },
        { "name", "Ana\u2028" },
        { "name", "A\u200Bna" },
        { "name", "A\u200Dna" },
        { "name", "Ana\u202Egpj" },
        { "name", "Ana\u2066" },
        { "name", "\uFEFFAna" },
        { "name", "A\u00ADna" },
        { "lodging", "Hotel\u202E" },
        { "lodging", "Ho\u2060tel" },
        { "name", 7 },
        { "dni", "" },
        { "dni", "1234567890123456" },
        { "dni", "A_1" },
        { "dni", "'; DROP TABLE immigration; --" },
        { "dni", 12345678 },
        { "flight_number", "" },
        { "flight_number", "AA-123" },
        { "flight_number", "AA123456789" },
        { "flight_number", true },
        { "lodging", new string('x', 256) },
        { "lodging", "Hotel\t" },
        { "lodging", 7 },
        { "declared_money", -0.01m },
        { "declared_money", 500.001m },
        { "declared_money", 1e13m },
        { "declared_money", 1e300 },
        { "declared_money", "plenty" },
        { "declared_money", "NaN" },
        { "stay_days", 0 },
        { "stay_days", 366 },
        { "stay_days", 1.5 },
        { "stay_days", 1e12 },
        { "smoke", "yes" },
    };

    [Theory]
    [MemberData(nameof(WrongValues))]
    public async Task A_wrong_value_is_named(string field, object value) =>
        (await Api.PostAsync("/immigration", Travellers.Body((field, value)))).NamesFields(field);

    [Theory]
    [InlineData("name")]
    [InlineData("dni")]
    [InlineData("declared_money")]
    [InlineData("flight_number")]
    public async Task A_missing_value_is_named(string field) =>
        (await Api.PostAsync("/immigration", Travellers.Body((field, null)))).NamesFields(field);

    [Theory]
    [InlineData("{}", "name", "Enter the traveller's name.")]
    [InlineData("{}", "dni", "Enter the document number.")]
    [InlineData("{}", "declared_money", "Enter the declared money.")]
    [InlineData("{}", "flight_number", "Enter the flight number.")]
    [InlineData("""{"name":"a\tb"}""", "name", "Control characters, invisible characters and line breaks are not allowed.")]
    [InlineData("""{"dni":"?"}""", "dni", "A document number has 1 to 15 letters or digits.")]
    [InlineData("""{"flight_number":"?"}""", "flight_number", "A flight number has 1 to 10 letters or digits.")]
    [InlineData(
        """{"declared_money":0.001}""",
        "declared_money",
        "Money is an amount from 0 to 9999999999999.99 with at most two decimals.")]
    [InlineData("""{"stay_days":0}""", "stay_days", "A stay lasts 1 to 365 days.")]
    [InlineData("""{"Declared_Money":[]}""", "declared_money", "This has the wrong type, or is out of range.")]
    public async Task A_field_is_corrected_in_the_words_of_the_desk(string body, string field, string message) => Assert.Equal(
        message,
        (await Api.PostTextAsync("/immigration", body, "application/json")).Json.GetProperty("errors").GetProperty(field)[0].GetString());

    [Fact]
    public async Task All_wrong_fields_are_named_at_once() => (await Api.PostAsync("/immigration", new { lodging = "\n", stay_days = 0 }))
        .NamesFields("name", "dni", "lodging", "declared_money", "flight_number", "stay_days");

    [Theory]
    [InlineData("name", "Zoë Nuñez-Ødegård 李小龍 O’Neill")]
    [InlineData("name", "🧳")]
    [InlineData("name", "Robert'); DROP TABLE immigration;--")]
    [InlineData("lodging", "<b>Hotel</b> & \"Spa\"")]
    [InlineData("declared_money", 9999999999999.99)]
    [InlineData("declared_money", "500")]
    [InlineData("stay_days", 365)]
    [InlineData("unknown_field", "is ignored")]
    public async Task An_unusual_value_is_taken_as_it_is(string field, object value)
    {
        var answer = await Api.PostAsync("/immigration", Travellers.Body((field, value)));

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var entry = (await Api.GetAsync(answer.Headers.Location!.OriginalString)).Json;
        if (value is string text && entry.TryGetProperty(field, out var kept) && kept.ValueKind == JsonValueKind.String)
        {
            Assert.Equal(text, kept.GetString());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"name":""")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{'name':'Ana'}")]
    [InlineData("not JSON at all")]
    public async Task A_body_that_is_no_JSON_object_is_a_problem(string body)
    {
        var problem = (await Api.PostTextAsync("/immigration", body, "application/json"))
            .IsProblem(HttpStatusCode.BadRequest, "invalid-request");

        Assert.False(problem.TryGetProperty("errors", out _));
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_no_name()
    {
        var body = JsonSerializer.Serialize(Travellers.Body(("name", "HALF"))).Replace("HALF", @"Ana \ud83d", StringComparison.Ordinal);

        (await Api.PostTextAsync("/immigration", body, "application/json")).NamesFields("name");
    }

    [Fact]
    public async Task Invalid_UTF_8_is_a_problem()
    {
        var body = Encoding.Latin1.GetBytes("""{"name":"Ã(","dni":"1"}""");
        using var content = new ByteArrayContent([.. body[..9], 0xC3, 0x28, .. body[11..]])
        {
            Headers = { ContentType = new("application/json") },
        };

        (await Api.SendAsync(HttpMethod.Post, "/immigration", content)).IsProblem(HttpStatusCode.BadRequest, "invalid-request");
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=nonsense")]
    public async Task A_body_of_another_type_is_a_problem(string contentType) =>
        (await Api.PostTextAsync("/immigration", "{}", contentType))
            .IsProblem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task A_missing_body_is_a_problem() => (await Api.SendAsync(HttpMethod.Post, "/immigration", content: null))
        .IsProblem(HttpStatusCode.BadRequest, "invalid-request");

    [Fact]
    public async Task An_address_that_does_not_exist_is_a_problem() =>
        (await Api.GetAsync("/no/such/thing")).IsProblem(HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task A_method_that_is_not_answered_is_a_problem_and_the_others_are_named()
    {
        var answer = await Api.SendAsync(HttpMethod.Delete, "/immigration/1", content: null);

        answer.IsProblem(HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        Assert.Equal(["GET"], answer.ContentHeaders.Allow);
    }

    [Fact]
    public async Task A_problem_is_answered_whatever_the_client_accepts() =>
        (await Api.GetAsync("/no/such/thing", ("Accept", "text/html"))).IsProblem(HttpStatusCode.NotFound, "not-found");

    [Fact]
    public async Task A_fault_of_ours_is_a_problem_that_tells_nothing_internal()
    {
        await fixture.Database.ChangeAsync("ALTER TABLE flights RENAME TO flights_gone");
        try
        {
            (await Api.GetAsync("/flights/AA123")).IsProblem(HttpStatusCode.InternalServerError, "internal-error");
        }
        finally
        {
            await fixture.Database.ChangeAsync("ALTER TABLE flights_gone RENAME TO flights");
        }
    }
}
