namespace Promethoide.Tests.Web;

public sealed class ListTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Fact]
    public async Task Entries_are_paged_newest_first_and_found_by_document()
    {
        using var officer = desk.Officer();
        Assert.Contains("id=\"empty\"", (await officer.OpenAsync("/entries")).Page, StringComparison.Ordinal);
        for (var i = 1; i <= 25; i++)
        {
            await (await (await officer.OpenAsync()).ToStayAsync($"LIST{i}")).DecideAsync();
        }

        await officer.OpenAsync("/entries");
        Assert.Contains("LIST25<", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("LIST5<", officer.Page, StringComparison.Ordinal);

        await officer.PressPagingAsync("older");
        Assert.Contains("LIST5<", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("LIST6<", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"older\"", officer.Page, StringComparison.Ordinal);

        await officer.PressPagingAsync("search");
        Assert.Contains("LIST25<", officer.Page, StringComparison.Ordinal);

        await officer.PressAsync("search", ("dni", "list-7"));
        Assert.Contains("LIST7<", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("LIST8<", officer.Page, StringComparison.Ordinal);

        await officer.PressAsync("search", ("dni", "nobody"));
        Assert.Contains("id=\"empty\"", officer.Page, StringComparison.Ordinal);
        await officer.PressAsync("clear");
        Assert.Contains("LIST25<", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_say_why()
    {
        using var officer = desk.Officer();
        await (await (await officer.OpenAsync()).ToStayAsync("REFUSED1")).DecideAsync(money: "1");

        await officer.OpenAsync("/refusals");

        Assert.Contains("REFUSED1", officer.Page, StringComparison.Ordinal);
        Assert.Contains("Dinero insuficiente", officer.Page, StringComparison.Ordinal);
    }
}
