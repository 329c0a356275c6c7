namespace Promethoide.Tests.Web;

/// <summary>The list of wanted travellers who were met.</summary>
public sealed class HitsPageTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Fact]
    public async Task A_look_up_that_meets_a_wanted_person_is_listed_with_who_looked_up()
    {
        using var supervisor = await desk.SupervisorAsync();
        var name = desk.Api.NewOfficer();
        await (await supervisor.OpenAsync("/hits")).SearchAsync(("officer", name));
        Assert.Contains("id=\"empty\"", supervisor.Page, StringComparison.Ordinal);
        using var officer = await desk.SignedInAsync(name);
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", StubApi.Wanted));

        await supervisor.OpenAsync("/hits");

        Assert.All(
            (string[])[StubApi.Wanted, "John Doe", name, "Consulta"],
            text => Assert.Contains(text, supervisor.Page, StringComparison.Ordinal));
        await supervisor.SearchAsync(("search", "345.678-a"), ("officer", name));
        Assert.Contains("John Doe", supervisor.Page, StringComparison.Ordinal);
        await supervisor.SearchAsync(("officer", desk.Api.NewOfficer()));
        Assert.Contains("id=\"empty\"", supervisor.Page, StringComparison.Ordinal);
        Assert.Null(supervisor.Searched("flight_number"));
    }

    [Fact]
    public async Task Whoever_is_off_the_list_now_is_listed_by_the_document()
    {
        desk.Api.OffTheList = true;
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", StubApi.Wanted));
        desk.Api.OffTheList = false;
        using var supervisor = await desk.SupervisorAsync();

        await supervisor.OpenAsync("/hits");

        Assert.Equal(200, (int)supervisor.Response.StatusCode);
        Assert.Contains(StubApi.Wanted, supervisor.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key/airline", true)]
    [InlineData("Key/Airline", true)]
    [InlineData("key/", false)]
    [InlineData("a/b", false)]
    public async Task Services_are_found_by_the_name_that_the_list_shows(string name, bool readable)
    {
        using var supervisor = await desk.SupervisorAsync();

        await (await supervisor.OpenAsync("/hits")).SearchAsync(("officer", name));

        Assert.Equal(readable, !supervisor.Page.Contains("field-error", StringComparison.Ordinal));
    }
}
