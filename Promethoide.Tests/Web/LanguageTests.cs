namespace Promethoide.Tests.Web;

public sealed class LanguageTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Theory]
    [InlineData("es", "es")]
    [InlineData("es-MX", "es")]
    [InlineData("en", "en")]
    [InlineData("en-GB,es;q=0.5", "en")]
    [InlineData("fr,de;q=0.8", "es")]
    public async Task The_browser_chooses_and_Spanish_is_the_default(string accepted, string language)
    {
        using var officer = await desk.OfficerAsync(accepted);

        await officer.OpenAsync();

        Assert.Contains($"<html lang=\"{language}\">", officer.Page, StringComparison.Ordinal);
        Assert.Equal(language, officer.Response.Content.Headers.ContentLanguage.Single());
        Assert.Contains(language == "es" ? "Comprobar documento" : "Check document", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_switch_is_remembered_and_keeps_what_was_typed()
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync("LLLL1");

        await officer.SwitchLanguageAsync("en", ("name", "Ana Torres"), ("declared_money", "2.000"));
        Assert.Contains("Full name", officer.Page, StringComparison.Ordinal);
        Assert.Equal(("Ana Torres", "2.000"), (officer.Value("name"), officer.Value("declared_money")));

        await officer.PressAsync("decide", ("lodging", "Hotel Arts"));
        Assert.Contains("€2,000.00", System.Net.WebUtility.HtmlDecode(officer.Page), StringComparison.Ordinal);
        await officer.SwitchLanguageAsync("es");
        Assert.Equal("admitted", officer.Outcome);
        Assert.Contains("2.000,00", officer.Page, StringComparison.Ordinal);

        Assert.Contains("<html lang=\"es\">", (await officer.OpenAsync("/account")).Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dates_name_the_month_in_the_readers_language()
    {
        using var officer = await desk.OfficerAsync("en");

        await (await officer.OpenAsync()).ToStayAsync("LLLL2");

        Assert.Contains(Today("en-GB"), officer.Page, StringComparison.Ordinal);
        await officer.SwitchLanguageAsync("es");
        Assert.Contains(Today("es-ES"), officer.Page, StringComparison.Ordinal);

        static string Today(string culture) =>
            DateTime.Now.ToString("d MMM yyyy", System.Globalization.CultureInfo.GetCultureInfo(culture));
    }
}
