using Promethoide.Tests.Api;

namespace Promethoide.Tests.Web;

/// <summary>The flight step: a flight number on a day.</summary>
public sealed class DeskFlightTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    private static DateOnly Yesterday => DateOnly.FromDateTime(DateTime.Now).AddDays(-1);

    [Theory]
    [InlineData("es", "no de hoy")]
    [InlineData("en", "not today")]
    public async Task A_flight_of_another_day_is_said_and_one_of_today_or_yesterday_is_not(string language, string warning)
    {
        using var officer = await desk.OfficerAsync(language);
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", Travellers.NewDni()));

        await officer.PressAsync("check-flight", ("flight_number", StubApi.LaterFlight));
        Assert.Contains(warning, officer.Text, StringComparison.Ordinal);

        await officer.PressAsync("edit-flight");
        await officer.PressAsync("check-flight", ("flight_number", StubApi.Flight), ("arrival_date", $"{Yesterday:O}"));
        Assert.DoesNotContain(warning, officer.Text, StringComparison.Ordinal);
        Assert.Contains($"datetime=\"{Yesterday:O}\"", officer.Page, StringComparison.Ordinal);

        await officer.PressAsync("edit-flight");
        await officer.PressAsync("check-flight", ("flight_number", StubApi.Flight), ("arrival_date", ""));
        Assert.DoesNotContain(warning, officer.Text, StringComparison.Ordinal);
        Assert.Contains($"datetime=\"{Yesterday.AddDays(1):O}\"", officer.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("30/11/2026", "YYYY-MM-DD")]
    [InlineData("2030-01-01", "No flight with this number arrives on that day")]
    public async Task A_day_that_is_none_or_has_no_such_flight_is_said_and_kept(string day, string says)
    {
        using var officer = await desk.OfficerAsync("en");
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", Travellers.NewDni()));

        await officer.PressAsync("check-flight", ("flight_number", StubApi.Flight), ("arrival_date", day));

        Assert.Contains(says, officer.Text, StringComparison.Ordinal);
        Assert.Equal((StubApi.Flight, day), (officer.Value("flight_number"), officer.Value("arrival_date")));
    }

    [Fact]
    public async Task The_flights_of_the_day_are_there_to_choose_from()
    {
        using var officer = await desk.OfficerAsync();

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", Travellers.NewDni()));

        Assert.Contains("list=\"flights-today\"", officer.Page, StringComparison.Ordinal);
        Assert.Contains(
            $"<option value=\"{StubApi.Flight}\">American Airlines, JFK → LAX</option>", officer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"<option value=\"{StubApi.LaterFlight}\"", officer.Page, StringComparison.Ordinal);
    }
}
