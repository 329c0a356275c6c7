namespace Promethoide.Tests.Web;

public sealed class ListTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Fact]
    public async Task Entries_are_paged_newest_first_and_found_by_a_part_of_the_document_and_the_address_says_what_is_shown()
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

        await officer.FollowAsync("older");
        Assert.Matches("^/entries\\?after=[0-9]+$", officer.Path);
        Assert.Contains("LIST5<", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("LIST6<", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"older\"", officer.Page, StringComparison.Ordinal);

        await officer.FollowAsync("newest");
        Assert.Contains("LIST25<", officer.Page, StringComparison.Ordinal);

        await officer.SearchAsync(("search", "list-7"));
        Assert.StartsWith("/entries?search=list-7", officer.Path, StringComparison.Ordinal);
        Assert.Equal("list-7", officer.Searched("search"));
        Assert.Contains("LIST7<", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("LIST8<", officer.Page, StringComparison.Ordinal);

        await officer.SearchAsync(("search", "nobody else"));
        Assert.Contains("id=\"empty\"", officer.Page, StringComparison.Ordinal);
        await officer.FollowAsync("clear");
        Assert.Contains("LIST25<", officer.Page, StringComparison.Ordinal);

        await officer.SearchAsync(("search", "list"));
        await officer.FollowAsync("older");
        var address = officer.Path;
        Assert.Matches("^/entries\\?search=list&after=[0-9]+$", address);
        Assert.Contains("LIST5<", officer.Page, StringComparison.Ordinal);
        await officer.SwitchLanguageAsync("en");
        Assert.Equal(address, officer.Path);
        Assert.Contains("LIST5<", officer.Page, StringComparison.Ordinal);
        Assert.Contains("lang=\"en\"", officer.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("day", "2026-11-24", true)]
    [InlineData("day", "2026-11-25", false)]
    [InlineData("search", "o'núñez", true)]
    [InlineData("flight_number", " aa 123 ", true)]
    [InlineData("flight_number", "BA456", false)]
    public async Task Entries_are_found_by_name_flight_and_day(string field, string text, bool found)
    {
        using var officer = await desk.SignedInAsync(desk.Api.NewOfficer());
        await (await (await officer.OpenAsync()).ToStayAsync($"FOUND{Random.Shared.Next(1_000_000)}")).DecideAsync();

        await (await officer.OpenAsync("/entries")).SearchAsync((field, text));

        Assert.Equal(found, officer.Page.Contains("FOUND", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("day", "24/11/2026")]
    [InlineData("flight_number", "¿?")]
    [InlineData("search", "a\u200Bb")]
    public async Task What_cannot_be_searched_for_is_said_and_kept(string field, string text)
    {
        using var officer = await desk.OfficerAsync();

        await (await officer.OpenAsync("/entries")).SearchAsync((field, text));

        Assert.Contains("role=\"alert\"", officer.Page, StringComparison.Ordinal);
        Assert.Equal(text, officer.Searched(field));
    }

    [Fact]
    public async Task Refusals_say_why_and_who_was_admitted_later()
    {
        using var officer = await desk.SupervisorAsync();
        await (await (await officer.OpenAsync()).ToStayAsync("REFUSED1")).DecideAsync(money: "1");

        await officer.OpenAsync("/refusals");

        Assert.Contains("REFUSED1", officer.Page, StringComparison.Ordinal);
        Assert.Contains("micos insuficientes", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("Admitido después", officer.Text, StringComparison.Ordinal);

        await (await (await officer.OpenAsync()).ToStayAsync("REFUSED1")).DecideAsync();
        var entry = officer.Entry;
        await officer.OpenAsync("/refusals");
        Assert.Contains(
            $"<a class=\"moment\" href=\"/entries?search={entry}\">Admitido después, n.º {entry}</a>",
            officer.Text,
            StringComparison.Ordinal);
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

        // An officer sees only their own entries and cannot search by officer.
        await officer.OpenAsync("/entries");
        Assert.Contains("WHO1<", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("WHO2<", officer.Page, StringComparison.Ordinal);
        Assert.Null(officer.Searched("officer"));

        await (await supervisor.OpenAsync("/entries")).SearchAsync(("officer", $" {name.ToUpperInvariant()} "));
        Assert.Contains("WHO1<", supervisor.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("WHO2<", supervisor.Page, StringComparison.Ordinal);
        await (await supervisor.OpenAsync("/refusals")).SearchAsync(("officer", name));
        Assert.Contains("WHO3<", supervisor.Page, StringComparison.Ordinal);
        Assert.Contains($">{name}</td>", supervisor.Page, StringComparison.Ordinal);
        await supervisor.SearchAsync(("officer", "¿?"));
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
