using Promethoide.Tests.Api;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>The desk by keyboard and scanner, in a real browser.</summary>
public sealed class DeskKeyboardTests(DeskUnderTest desk, Chromium chromium) : DeskInBrowser(desk, chromium)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Enter_goes_on_and_the_focus_is_where_the_officer_types_next(bool javaScript)
    {
        var page = await NewPageAsync(javaScript);
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(Desk.Address);
        await page.EvaluateAsync("document.marker = 1");

        await TypeAsync(page, "dni", Travellers.NewDni());
        await TypeAsync(page, "flight_number", "aa123");
        await FocusedAsync(page, "name");
        await page.Keyboard.TypeAsync("Zoë O'Núñez");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("Hotel Arts");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("1.500");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#decision[data-outcome=admitted]");
        await FocusedAsync(page, "new-traveller");
        await page.Keyboard.PressAsync("Enter");
        await FocusedAsync(page, "dni");

        Assert.Empty(complaints);
        Assert.Equal(javaScript ? 1 : null, await page.EvaluateAsync<int?>("document.marker ?? null"));
        Assert.Equal($"{Desk.Address}/", page.Url);
        if (javaScript)
        {
            Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));
        }
    }

    [Theory]
    [InlineData(12, "")]
    [InlineData(4, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10")]
    public async Task A_whole_admission_takes_few_keys_beside_the_data(int most, string scanned)
    {
        var page = await NewPageAsync();
        var pressed = 0;
        await page.GotoAsync(Desk.Address);
        await FocusedAsync(page, "dni");

        await page.Keyboard.TypeAsync(scanned.Length > 0 ? scanned : Travellers.NewDni());
        // A scanner presses Enter by itself.
        await (scanned.Length > 0 ? page.Keyboard.PressAsync("Enter") : PressAsync("Enter"));
        await FocusedAsync(page, "flight_number");
        await page.Keyboard.TypeAsync(StubApi.Flight);
        await PressAsync("Enter");
        if (scanned.Length == 0)
        {
            await FocusedAsync(page, "name");
            await page.Keyboard.TypeAsync("Zoë O'Núñez");
            await PressAsync("Tab");
        }

        await FocusedAsync(page, "lodging");
        await page.Keyboard.TypeAsync("Hotel Arts");
        await PressAsync("Tab");
        await page.Keyboard.TypeAsync("900");
        await PressAsync("Enter");
        await page.WaitForSelectorAsync("#decision[data-outcome=admitted]");
        await FocusedAsync(page, "new-traveller");
        await PressAsync("Enter");
        await FocusedAsync(page, "dni");

        Assert.InRange(pressed, 1, most);

        Task PressAsync(string key)
        {
            pressed++;
            return page.Keyboard.PressAsync(key);
        }
    }

    // Typed like a scanner, which presses Enter after each line.
    [Theory]
    [InlineData(
        "L898902C3",
        "Anna Maria Eriksson",
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
        "L898902C36UTO7408122F1204159ZE184226B<<<<<10")]
    [InlineData(
        "D23145890",
        "Anna Maria Eriksson",
        "I<UTOD231458907<<<<<<<<<<<<<<<",
        "7408122F1204159UTO<<<<<<<<<<<6",
        "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")]
    public async Task A_scanned_document_is_checked_after_its_last_line(string number, string name, params string[] lines)
    {
        var page = await NewPageAsync();
        await page.GotoAsync(Desk.Address);
        await FocusedAsync(page, "dni");
        var checks = Checks();

        foreach (var line in lines)
        {
            await page.Keyboard.TypeAsync(line);
            await page.Keyboard.PressAsync("Enter");
        }

        await FocusedAsync(page, "flight_number");
        Assert.Equal(checks + 1, Checks());
        Assert.Contains(number, await page.InnerTextAsync("ol.steps"), StringComparison.Ordinal);
        await page.Keyboard.TypeAsync("AA123");
        await page.Keyboard.PressAsync("Enter");
        await FocusedAsync(page, "lodging");
        Assert.Equal(name, await page.InputValueAsync("#name"));

        int Checks() => Desk.Api.Requests.Count(request => request.StartsWith("GET /dni/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_more_Enter_does_not_wipe_the_stop_screen(bool javaScript)
    {
        var page = await NewPageAsync(javaScript);
        await page.GotoAsync(Desk.Address);
        await FocusedAsync(page, "dni");

        await page.Keyboard.TypeAsync(StubApi.Wanted);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#decision[data-outcome=wanted]");
        await FocusedAsync(page, "decision-title");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Space");
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal(1, await page.Locator("#acknowledge").CountAsync());

        await page.ClickAsync("#acknowledge");
        await FocusedAsync(page, "new-traveller");
        await page.Keyboard.PressAsync("Enter");
        await FocusedAsync(page, "dni");
    }
}
