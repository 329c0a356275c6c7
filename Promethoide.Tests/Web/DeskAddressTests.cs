using Promethoide.Tests.Api;

namespace Promethoide.Tests.Web;

/// <summary>Every state of the desk has an address that can be reloaded, gone back to and shared.</summary>
public sealed class DeskAddressTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Fact]
    public async Task Each_page_has_an_address_that_shows_the_same_again_and_asks_for_nothing_twice()
    {
        using var officer = await desk.OfficerAsync();
        var dni = Travellers.NewDni();

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", dni));
        await ShownAgainAsync("check-flight");
        await officer.PressAsync("check-flight", ("flight_number", "ZZ 999"));
        await ShownAgainAsync("flight_number-error");
        await officer.PressAsync("check-flight", ("flight_number", "aa 123"));
        await ShownAgainAsync("value=\"decide\"");
        var stay = officer.Path;
        await officer.DecideAsync();
        await ShownAgainAsync("data-outcome=\"admitted\"");
        var entry = officer.Entry;

        // Goes back and submits the same again.
        await (await officer.OpenAsync(stay)).DecideAsync();
        Assert.Equal(("admitted", entry), (officer.Outcome, officer.Entry));

        async Task ShownAgainAsync(string text)
        {
            Assert.StartsWith("/?view=", officer.Path, StringComparison.Ordinal);
            Assert.DoesNotContain(dni, officer.Path, StringComparison.OrdinalIgnoreCase);
            var asked = desk.Api.Requests.Count;
            await officer.OpenAsync(officer.Path);
            Assert.Contains(text, officer.Page, StringComparison.Ordinal);
            Assert.Contains(dni, officer.Page, StringComparison.Ordinal);
            Assert.Equal(asked, desk.Api.Requests.Count);
        }
    }

    [Fact]
    public async Task An_address_is_the_officers_own_and_one_that_was_tampered_with_shows_nothing()
    {
        using var officer = await desk.OfficerAsync();
        using var other = await desk.SignedInAsync(desk.Api.NewOfficer());
        var dni = Travellers.NewDni();
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", dni));

        foreach (var (reader, path) in new[]
        {
            (other, officer.Path),
            (officer, officer.Path + "A"),
            (officer, "/?view=%00"),
            (officer, "/?view=AAAA"),
        })
        {
            await reader.OpenAsync(path);
            Assert.Equal(200, (int)reader.Response.StatusCode);
            Assert.DoesNotContain(dni, reader.Page, StringComparison.Ordinal);
            Assert.Contains("caducado", reader.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_that_is_too_long_for_an_address_is_shown_all_the_same()
    {
        using var officer = await desk.OfficerAsync();
        var random = new string([.. Enumerable.Range(0, 4000).Select(_ => (char)Random.Shared.Next('a', 'z'))]);

        await (await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni())).DecideAsync(name: random);

        Assert.Equal("/", officer.Path);
        Assert.Contains("id=\"name-error\"", officer.Page, StringComparison.Ordinal);
        Assert.Equal(random, officer.Value("name"));
    }
}
