namespace Promethoide.Tests.Web;

/// <summary>The list of those who were met and wanted.</summary>
public sealed class HitsPageTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Fact]
    public async Task A_look_up_that_meets_a_wanted_person_is_listed_with_who_looked_up()
    {
        using var supervisor = await desk.SupervisorAsync();
        Assert.Contains("id=\"empty\"", (await supervisor.OpenAsync("/hits")).Page, StringComparison.Ordinal);
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", StubApi.Wanted));

        await supervisor.OpenAsync("/hits");

        Assert.All((string[])[StubApi.Wanted, "John Doe", name, "Consulta"], text => Assert.Contains(text, supervisor.Page, StringComparison.Ordinal));
        await supervisor.PressAsync("search", ("dni", "12.345.678-a"), ("officer", name));
        Assert.Contains("John Doe", supervisor.Page, StringComparison.Ordinal);
        await supervisor.PressAsync("search", ("officer", StubApi.Officer));
        Assert.Contains("id=\"empty\"", supervisor.Page, StringComparison.Ordinal);
        Assert.Null(supervisor.Value("flight_number"));
    }
}
