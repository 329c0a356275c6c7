using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>The currency that travellers declare.</summary>
public sealed class CurrencyTests
{
    [Theory]
    [InlineData("es", "1.500,00 CHF")]
    [InlineData("en", "CHF1,500.00")]
    public async Task Amounts_are_in_the_currency_that_is_set_and_may_be_typed_with_it(string language, string shown)
    {
        await using var api = await StubApi.StartAsync();
        await using var web = await RunningDesk.StartAsync(
            [api.Address], settings: new Dictionary<string, string> { ["Desk__Currency"] = "CHF" });
        using var officer = await web.SignedInAsync(StubApi.Officer, language);

        await (await officer.OpenAsync()).ToStayAsync("CURRENCY1");
        Assert.Contains("CHF.", officer.Text, StringComparison.Ordinal);
        await officer.DecideAsync(money: "chf 1500");

        Assert.Equal("admitted", officer.Outcome);
        Assert.Contains(shown, officer.Text.Replace('\u00A0', ' '), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("doubloons")]
    public async Task What_is_no_sign_of_a_currency_ends_the_start_in_words(string currency)
    {
        var result = await Tool.RunAsync(
            "dotnet",
            [Repository.Assembly("Promethoide.Web")],
            [new("Desk__Currency", currency), new("ASPNETCORE_URLS", "http://127.0.0.1:0")]);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("Currency", result.Error + result.Output, StringComparison.Ordinal);
    }
}
