namespace Promethoide.Tests.Web;

/// <summary>The document step: numbers, labels, check digits and scanner input.</summary>
public sealed class DeskDocumentTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    // The specimen in ICAO Doc 9303, part 4.
    private static readonly string[] Passport =
    [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    ];

    [Theory]
    [InlineData("12345678B", "12345678B", "la Z")]
    [InlineData("DNI 12.345.678-B", "12345678B", "la Z")]
    [InlineData("x1234567a", "X1234567A", "la L")]
    public async Task A_DNI_whose_letter_is_wrong_is_said_before_it_counts_as_not_wanted_and_may_be_another_countrys(
        string typed, string number, string right)
    {
        using var officer = await desk.OfficerAsync();

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", typed));
        Assert.Contains(right, officer.Page, StringComparison.Ordinal);
        Assert.Equal(number, officer.Value("dni"));
        Assert.Null(officer.Value("flight_number"));
        await officer.PressAsync("check-document");

        Assert.NotNull(officer.Value("flight_number"));
    }

    [Fact]
    public async Task A_wanted_person_is_found_whatever_label_stands_before_the_number_and_whatever_its_letter()
    {
        using var officer = await desk.OfficerAsync();

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", $"DNI n.º {StubApi.Wanted[..2]}–{StubApi.Wanted[2..]}"));

        Assert.Equal("wanted", officer.Outcome);
    }

    [Fact]
    public async Task The_lines_at_the_foot_of_a_passport_fill_in_number_and_name()
    {
        using var officer = await desk.OfficerAsync();

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", string.Join(' ', Passport)));
        Assert.Contains("L898902C3", officer.Page, StringComparison.Ordinal);
        await officer.PressAsync("check-flight", ("flight_number", "AA123"));

        Assert.Equal("Anna Maria Eriksson", officer.Value("name"));
    }

    [Theory]
    [InlineData(0, "neas del pie del documento")]
    [InlineData(1, "gito de control no es correcto")]
    public async Task Lines_that_are_missing_or_misread_are_said_and_nothing_is_looked_up(int misread, string error)
    {
        using var officer = await desk.OfficerAsync();
        var before = desk.Api.Requests.Count;

        var typed = misread == 0 ? Passport[0] : $"{Passport[0]} {Passport[1].Replace("L898902C3", "L898902D3", StringComparison.Ordinal)}";
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", typed));

        Assert.Contains(error, officer.Page, StringComparison.Ordinal);
        Assert.Equal(before, desk.Api.Requests.Count);
    }
}
