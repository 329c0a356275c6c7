using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class LookUpTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private ApiClient Api => fixture.Api;

    [Fact]
    public async Task The_root_says_hello()
    {
        var answer = await Api.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        answer.HasJson("""{ "message": "hello world", "status": "ok" }""");
    }

    [Theory]
    [InlineData("/dni/12345678A")]
    [InlineData("/dni/12.345.678-a")]
    [InlineData("/dni/%2012%20345%20678a")]
    public async Task A_wanted_person_is_found_however_the_number_is_typed(string path)
    {
        var answer = await Api.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("application/json", answer.ContentType);
        answer.HasJson("""{ "message": "DNI found in interpol database", "dni": { "id": 1, "name": "John Doe", "dni": "12345678A" } }""");
    }

    [Theory]
    [InlineData("/dni/1234567890")]
    [InlineData("/dni/INVALID_DNI1")]
    public async Task Somebody_who_is_not_wanted_is_not_found(string path) =>
        (await Api.GetAsync(path)).IsProblem(HttpStatusCode.NotFound, "dni-not-found");

    [Theory]
    [InlineData("/dni/1234567890123456")]
    [InlineData("/dni/%20")]
    [InlineData("/dni/'%20OR%20'1'='1")]
    [InlineData("/dni/%3Cb%3E")]
    [InlineData("/dni/1%2F2")]
    public async Task What_cannot_be_a_document_number_is_invalid(string path) => (await Api.GetAsync(path)).NamesFields("dni");

    [Theory]
    [InlineData("/flights/LH101?date=2023-12-06")]
    [InlineData("/flights/lh%20101?date=2023-12-06")]
    public async Task A_flight_is_found_however_the_number_is_typed(string path)
    {
        var answer = await Api.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        answer.HasJson(
            """
            {
              "message": "Flight found",
              "flight": {
                "id": 4, "flight_number": "LH101", "airline": "Lufthansa", "origin": "FRA", "destination": "NRT",
                "departure_date": "2023-12-05", "arrival_date": "2023-12-06"
              }
            }
            """);
    }

    [Theory]
    [InlineData("/flights/ZZ999")]
    [InlineData("/flights/LH-101")]
    [InlineData("/flights/AA1234567890")]
    [InlineData("/flights/'%20OR%20'1'='1")]
    public async Task A_flight_that_does_not_exist_is_not_found(string path) =>
        (await Api.GetAsync(path)).IsProblem(HttpStatusCode.NotFound, "flight-not-found");

    [Fact]
    public async Task A_delay_lasts_as_long_as_was_asked_for()
    {
        var started = TimeProvider.System.GetTimestamp();
        var answer = await Api.GetAsync("/delay?seconds=0.3");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.29, 5);
    }

    [Fact]
    public async Task A_delay_lasts_one_second_when_nothing_was_asked_for()
    {
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(HttpStatusCode.OK, (await Api.GetAsync("/delay")).Status);

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0.99, 5);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("10.1")]
    [InlineData("NaN")]
    [InlineData("1e1")]
    [InlineData("soon")]
    [InlineData("1&seconds=2")]
    public async Task A_delay_lasts_0_to_10_seconds(string seconds) =>
        (await Api.GetAsync($"/delay?seconds={seconds}")).NamesFields("seconds");
}
