using Promethoide.Tests.Api;

namespace Promethoide.Tests.Web;

/// <summary>A traveller with a wanted person's name and date of birth but a different document.</summary>
public sealed class PossibleMatchTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Theory]
    [InlineData("es", "Posible coincidencia")]
    [InlineData("en", "Possible match")]
    public async Task Whoever_may_be_wanted_is_compared_before_the_decision_and_stopped_by_nothing_else(string language, string title)
    {
        using var officer = await desk.OfficerAsync(language);
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());
        (string, string)[] stay =
        [
            ("name", "Jane Roe"),
            ("lodging", "Hotel Arts"),
            ("declared_money", "900"),
            ("birth_date", StubApi.WantedBirth),
            ("nationality", "usa"),
        ];

        await officer.PressAsync("decide", stay);
        Assert.Contains(title, officer.Text, StringComparison.Ordinal);
        Assert.Contains("X7654321", officer.Page, StringComparison.Ordinal);
        await officer.PressAsync("decide");
        Assert.Null(officer.Outcome);
        await officer.PressAsync("somebody-else");
        Assert.DoesNotContain(title, officer.Text, StringComparison.Ordinal);
        await officer.PressAsync("decide");

        Assert.Equal("admitted", officer.Outcome);
        Assert.Contains("USA", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_name_is_compared_anew()
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());
        (string, string)[] stay =
        [
            ("name", "Jane Roe"), ("lodging", "Hotel Arts"), ("declared_money", "900"), ("birth_date", StubApi.WantedBirth),
        ];
        await officer.PressAsync("decide", stay);
        await officer.PressAsync("somebody-else");

        await officer.PressAsync("decide", ("name", "John Roe"));
        Assert.Contains("id=\"possible-match\"", officer.Page, StringComparison.Ordinal);
        await officer.PressAsync("decide", ("name", "John Smith"));

        Assert.Equal("admitted", officer.Outcome);
    }

    [Fact]
    public async Task The_lines_of_a_passport_fill_in_day_of_birth_and_nationality_and_are_compared_at_once()
    {
        using var officer = await desk.OfficerAsync();

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", Passport("ROE", "JANE", "800229")));

        Assert.Contains("id=\"possible-match\"", officer.Page, StringComparison.Ordinal);
        await officer.PressAsync("somebody-else");
        await officer.PressAsync("check-flight", ("flight_number", StubApi.Flight));
        Assert.Equal(
            ("Jane Roe", StubApi.WantedBirth, "UTO"), (officer.Value("name"), officer.Value("birth_date"), officer.Value("nationality")));
        await officer.PressAsync("decide", ("lodging", "Hotel Arts"), ("declared_money", "900"));
        Assert.Equal("admitted", officer.Outcome);
    }

    [Theory]
    [InlineData("birth_date", "2999-01-01")]
    [InlineData("birth_date", "29/02/1980")]
    [InlineData("nationality", "E5")]
    public async Task What_cannot_be_is_said_at_its_field(string field, string value)
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());

        await officer.PressAsync("decide", ("name", "Jane Roe"), ("lodging", "Hotel Arts"), ("declared_money", "900"), (field, value));

        Assert.Contains($"id=\"{field}-error\"", officer.Page, StringComparison.Ordinal);
        Assert.Equal(value, officer.Value(field));
    }

    private static string Passport(string surname, string given, string birth)
    {
        var number = $"R{Random.Shared.Next(100_000_000):D8}";
        var data = $"{number}{Digit(number)}UTO{birth}{Digit(birth)}F400101{Digit("400101")}{new string('<', 14)}0";
        return $"P<UTO{surname}<<{given}".PadRight(44, '<') + data + Digit(data[..10] + data[13..20] + data[21..43]);
    }

    // Doc 9303, part 3, 4.9.
    private static int Digit(string field) =>
        field
            .Select((character, i) => (char.IsDigit(character)
                ? character - '0'
                : character == '<' ? 0 : character - 'A' + 10) * (i % 3) switch { 0 => 7, 1 => 3, _ => 1 })
            .Sum() % 10;
}
