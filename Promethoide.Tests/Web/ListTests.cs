namespace Promethoide.Tests.Web;

public sealed class ListTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Fact]
    public async Task Entries_are_paged_newest_first_and_found_by_document()
    {
        using var officer = await desk.OfficerAsync();
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
        using var officer = await desk.SupervisorAsync();
        await (await (await officer.OpenAsync()).ToStayAsync("REFUSED1")).DecideAsync(money: "1");

        await officer.OpenAsync("/refusals");

        Assert.Contains("REFUSED1", officer.Page, StringComparison.Ordinal);
        Assert.Contains("micos insuficientes", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lists_say_who_decided_and_supervisors_search_by_officer()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        using var supervisor = await desk.SupervisorAsync();
        await (await (await officer.OpenAsync()).ToStayAsync("WHO1")).DecideAsync();
        Assert.Contains($"decidida por {name}", officer.Page, StringComparison.Ordinal);
        await (await (await supervisor.OpenAsync()).ToStayAsync("WHO2")).DecideAsync();
        await (await (await officer.OpenAsync()).ToStayAsync("WHO3")).DecideAsync(money: "1");

        // An officer sees the own entries, and has nothing to search others by.
        await officer.OpenAsync("/entries");
        Assert.Contains("WHO1<", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("WHO2<", officer.Page, StringComparison.Ordinal);
        Assert.Null(officer.Value("officer"));

        await (await supervisor.OpenAsync("/entries")).PressAsync("search", ("officer", $" {name.ToUpperInvariant()} "));
        Assert.Contains("WHO1<", supervisor.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("WHO2<", supervisor.Page, StringComparison.Ordinal);
        await (await supervisor.OpenAsync("/refusals")).PressAsync("search", ("officer", name));
        Assert.Contains("WHO3<", supervisor.Page, StringComparison.Ordinal);
        Assert.Contains($"<td>{name}</td>", supervisor.Page, StringComparison.Ordinal);
        await supervisor.PressAsync("search", ("officer", "¿?"));
        Assert.Contains("nombre de usuario", supervisor.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_traveller_whom_another_officer_admitted_is_shown_with_that_officer()
    {
        var name = desk.Api.NewOfficer();
        using var first = await desk.SignedInAsync(name);
        using var second = await desk.OfficerAsync();
        await (await (await first.OpenAsync()).ToStayAsync("WHO4")).DecideAsync();

        await (await (await second.OpenAsync()).ToStayAsync("WHO4")).DecideAsync();

        Assert.Contains($"decidida por {name}", second.Page, StringComparison.Ordinal);
    }
}
