using Promethoide.Tests.Api;

namespace Promethoide.Tests.Web;

/// <summary>An entry's page, where a supervisor can annul it.</summary>
public sealed class EntryPageTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Theory]
    [InlineData("es", "Anulada", "Escriba el motivo")]
    [InlineData("en", "Annulled", "Enter the reason")]
    public async Task A_supervisor_annuls_an_entry_with_a_reason_and_the_traveller_is_decided_on_again(
        string language, string annulled, string missing)
    {
        using var supervisor = await desk.SupervisorAsync(language);
        var dni = Travellers.NewDni();
        await (await (await supervisor.OpenAsync()).ToStayAsync(dni)).DecideAsync();
        var id = supervisor.Entry;

        await supervisor.OpenAsync($"/entries?search={dni}");
        Assert.Contains($"href=\"/entries/{id}\"", supervisor.Page, StringComparison.Ordinal);
        await supervisor.OpenAsync($"/entries/{id}");
        await supervisor.PressAsync("annul", ("reason", " "));
        Assert.Contains(missing, supervisor.Text, StringComparison.Ordinal);
        await supervisor.PressAsync("annul", ("reason", "Typed twice"));
        Assert.Contains(annulled, supervisor.Text, StringComparison.Ordinal);
        Assert.Null(supervisor.Value("reason"));

        await supervisor.OpenAsync($"/entries?search={dni}");
        Assert.Contains($"{annulled}: Typed twice", supervisor.Text, StringComparison.Ordinal);
        await (await (await supervisor.OpenAsync()).ToStayAsync(dni)).DecideAsync();
        Assert.Equal("admitted", supervisor.Outcome);
        Assert.NotEqual(id, supervisor.Entry);
    }

    [Fact]
    public async Task An_entry_that_is_not_there_is_said()
    {
        using var supervisor = await desk.SupervisorAsync("en");

        await supervisor.OpenAsync("/entries/999999");

        Assert.Equal(404, (int)supervisor.Response.StatusCode);
        Assert.Contains("class=\"message\"", supervisor.Page, StringComparison.Ordinal);
    }
}
