using System.Globalization;
using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>A flight is identified by its number and date.</summary>
[Collection("Api")]
public sealed class FlightDaysTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private static readonly DateOnly Today = DateOnly.FromDateTime(DateTime.UtcNow);

    private static int _last;

    private ApiClient Api => fixture.Api;

    [Theory]
    [InlineData("-3 1 5", 1)]
    [InlineData("-3 0 1", 0)]
    [InlineData("-9 -3", -3)]
    [InlineData("2", 2)]
    public async Task Without_a_date_it_is_the_next_one_and_without_a_next_one_the_latest(string days, int expected)
    {
        var number = await FlightAsync([.. days.Split(' ').Select(day => int.Parse(day, CultureInfo.InvariantCulture))]);

        Assert.Equal(Day(expected), Arrival(await Api.GetAsync($"/flights/{number}")));
        Assert.Equal(Day(expected), await DecidedForAsync(Travellers.Body(("flight_number", number))));
    }

    [Fact]
    public async Task With_a_date_it_is_that_days()
    {
        var number = await FlightAsync(-2, 0);

        Assert.Equal(Day(-2), Arrival(await Api.GetAsync($"/flights/{number}?date={Day(-2)}")));
        Assert.Equal(Day(-2), await DecidedForAsync(Travellers.Body(("flight_number", number), ("arrival_date", Day(-2)))));
        (await Api.GetAsync($"/flights/{number}?date={Day(-1)}")).IsProblem(HttpStatusCode.NotFound, "flight-not-found");
        (await Api.PostAsync("/immigration", Travellers.Body(("flight_number", number), ("arrival_date", Day(-1)))))
            .IsProblem(HttpStatusCode.NotFound, "flight-not-found");
    }

    [Fact]
    public async Task A_traveller_is_admitted_once_for_each_day_of_a_flight()
    {
        var (number, dni) = (await FlightAsync(-1, 0), Travellers.NewDni());

        var first = await Api.PostAsync(
            "/immigration", Travellers.Body(("dni", dni), ("flight_number", number), ("arrival_date", Day(-1))));
        var second = await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("flight_number", number)));

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.Status, second.Status));
        var again =
            (await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("flight_number", number), ("arrival_date", Day(0)))))
                .IsProblem(HttpStatusCode.Conflict, "already-registered");
        Assert.Equal(second.Json.GetProperty("id").GetInt64(), again.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task The_same_key_with_another_day_is_another_application()
    {
        var (number, dni) = (await FlightAsync(-1, 0), Travellers.NewDni());
        var key = ("Idempotency-Key", dni);

        await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("flight_number", number), ("arrival_date", Day(-1))), key);

        (await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("flight_number", number), ("arrival_date", Day(0))), key))
            .IsProblem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }

    [Fact]
    public async Task The_flights_of_a_day_are_listed_by_number()
    {
        var (first, second, other) = (await FlightAsync(40), await FlightAsync(40), await FlightAsync(41));

        var answer = await Api.GetAsync($"/flights?date={Day(40)}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            ((string[])[first, second]).Order(StringComparer.Ordinal),
            answer.Json.GetProperty("items").EnumerateArray().Select(flight => flight.GetProperty("flight_number").GetString()));
        (await Api.GetAsync($"/flights?date={Day(42)}")).HasJson("""{ "items": [] }""");
        Assert.Equal(Day(41), Arrival(await Api.GetAsync($"/flights/{other}")));
    }

    [Theory]
    [InlineData("/flights")]
    [InlineData("/flights?date=")]
    [InlineData("/flights?date=today")]
    [InlineData("/flights/AA123?date=30/11/2026")]
    [InlineData("/flights/AA123?date=2026-02-30")]
    public async Task What_is_no_date_is_told(string path) => (await Api.GetAsync(path)).NamesFields("date");

    [Theory]
    [InlineData("30/11/2026")]
    [InlineData("2026-02-30")]
    [InlineData(20261130)]
    public async Task What_is_no_date_of_arrival_is_told(object date) =>
        (await Api.PostAsync("/immigration", Travellers.Body(("arrival_date", date)))).NamesFields("arrival_date");

    /// <summary>Adds a flight that no other test uses, on the given days counted from today.</summary>
    private async Task<string> FlightAsync(params int[] days)
    {
        var number = $"FD{Interlocked.Increment(ref _last):D4}";
        await fixture.Database.ChangeAsync(
            $"""
            INSERT INTO flights (flight_number, airline, origin, destination, departure_date, arrival_date)
            SELECT '{number}', 'Test', 'AAA', 'BBB', day::date, day::date
            FROM unnest(ARRAY['{string.Join("','", days.Select(Day))}']) AS day
            """);
        return number;
    }

    private async Task<string?> DecidedForAsync(Dictionary<string, object?> body)
    {
        var answer = await Api.PostAsync("/immigration", body);
        return (await Api.GetAsync(answer.Headers.Location!.OriginalString)).Json.GetProperty("arrival_date").GetString();
    }

    private static string Day(int fromToday) => Today.AddDays(fromToday).ToString("O", CultureInfo.InvariantCulture);

    private static string? Arrival(Answer answer) => answer.Json.GetProperty("flight").GetProperty("arrival_date").GetString();
}
