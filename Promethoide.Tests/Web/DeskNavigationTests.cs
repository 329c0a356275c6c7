using Promethoide.Tests.Api;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>Desk pages that change, are left, load late or not at all, in a real browser.</summary>
public sealed class DeskNavigationTests(DeskUnderTest desk, Chromium chromium) : DeskInBrowser(desk, chromium)
{
    [Fact]
    public async Task Pages_change_without_a_load_and_the_browsers_back_button_works()
    {
        var page = await NewPageAsync();
        await page.GotoAsync(Desk.Address);
        await page.EvaluateAsync("document.marker = 1");

        await page.ClickAsync("nav a[href='/entries']");
        await page.WaitForSelectorAsync("nav a[href='/entries'][aria-current]");
        await FocusedAsync(page, "search");
        await page.ClickAsync("button[value=en]");
        await page.WaitForSelectorAsync("html[lang=en]");
        Assert.Equal("Entries · Promethoide", await page.TitleAsync());
        await page.FillAsync("#search", "nobody of this name");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#empty");
        Assert.Equal($"{Desk.Address}/entries?search=nobody+of+this+name", page.Url);
        await page.ClickAsync("nav a[href='/refusals']");
        await page.WaitForSelectorAsync("nav a[href='/refusals'][aria-current]");
        await page.GoBackAsync();
        await page.WaitForSelectorAsync("nav a[href='/entries'][aria-current]");
        Assert.Equal("nobody of this name", await page.InputValueAsync("#search"));
        await page.GoBackAsync();
        await page.WaitForSelectorAsync("nav a[href='/entries'][aria-current]");
        await page.GoBackAsync();
        await page.WaitForSelectorAsync("#check-document");

        Assert.Equal(1, await page.EvaluateAsync<int>("document.marker"));
    }

    [Fact]
    public async Task The_link_to_the_content_keeps_what_was_typed_and_so_does_the_way_back_from_it()
    {
        var page = await NewPageAsync();
        await page.GotoAsync(Desk.Address);
        await page.FillAsync("#dni", "X1234567L");
        var requests = 0;
        page.Request += (_, _) => requests++;

        await page.FocusAsync("a[href='#main']");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"{Desk.Address}/#main");
        await page.GoBackAsync();
        await page.WaitForURLAsync($"{Desk.Address}/");

        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.Equal((0, "X1234567L"), (requests, await page.InputValueAsync("#dni")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reload_back_and_forward_show_the_traveller_again(bool javaScript)
    {
        var page = await NewPageAsync(javaScript);
        await page.GotoAsync(Desk.Address);
        await TypeAsync(page, "dni", Travellers.NewDni());
        await TypeAsync(page, "flight_number", "AA123");
        await page.WaitForSelectorAsync("#decide");

        await page.ReloadAsync();
        await page.WaitForSelectorAsync("#decide");
        await page.GoBackAsync();
        await page.WaitForSelectorAsync("#check-flight");
        await page.GoForwardAsync();
        await page.WaitForSelectorAsync("#decide");
        await page.FillAsync("#name", "Ana Torres");
        await page.FillAsync("#lodging", "Hotel Arts");
        await page.FillAsync("#declared_money", "900");
        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("#decision[data-outcome=admitted]");
        var (entries, entry) = (Desk.Api.Entries, await page.GetAttributeAsync("#decision", "data-entry"));
        await page.ReloadAsync();

        Assert.Equal((entries, entry), (Desk.Api.Entries, await page.GetAttributeAsync("#decision", "data-entry")));
    }

    [Fact]
    public async Task Leaving_a_half_filled_traveller_asks_first_and_nothing_else_does()
    {
        var page = await NewPageAsync();
        var (questions, leave) = (0, false);
        page.Dialog += async (_, dialog) =>
        {
            questions++;
            await (leave ? dialog.AcceptAsync() : dialog.DismissAsync());
        };
        await page.GotoAsync(Desk.Address);
        await page.ClickAsync("nav a[href='/entries']");
        await page.WaitForSelectorAsync("#search-list");
        await page.FillAsync("#search", "Ana");
        await page.ClickAsync("nav a[href='/']");
        await FocusedAsync(page, "dni");
        Assert.Equal(0, questions);

        await page.FillAsync("#dni", Travellers.NewDni());
        await page.ClickAsync("nav a[href='/entries']");
        Assert.Equal((1, 1), (questions, await page.Locator("#check-document").CountAsync()));
        await page.GoBackAsync();
        await Eventually.GetAsync(() => Task.FromResult(questions), count => count == 2);
        Assert.NotEmpty(await page.InputValueAsync("#dni"));
        await page.ClickAsync("#check-document");
        await FocusedAsync(page, "flight_number");
        await page.ClickAsync("#new-traveller");
        await page.ClickAsync("#sign-out");
        Assert.Equal((4, 1), (questions, await page.Locator("#check-flight").CountAsync()));
        leave = true;
        await page.ClickAsync("nav a[href='/entries']");
        await page.WaitForSelectorAsync("#search-list");

        await ToStayAsync(page);
        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("#decision[data-outcome=admitted]");
        questions = 0;
        await page.ClickAsync("#new-traveller");
        await FocusedAsync(page, "dni");
        Assert.Equal(0, questions);
    }

    [Theory]
    [InlineData("es-ES", "Un momento…", "Esperando la respuesta")]
    [InlineData("en-GB", "One moment…", "Waiting for the answer")]
    public async Task While_an_answer_takes_long_the_button_and_the_page_say_so(string language, string button, string text)
    {
        var page = await NewPageAsync(language: language);
        await page.GotoAsync(Desk.Address);
        var answer = new TaskCompletionSource();
        await page.RouteAsync("**/*", async route =>
        {
            await answer.Task;
            await route.ContinueAsync();
        });

        await page.FillAsync("#dni", Travellers.NewDni());
        await page.PressAsync("#dni", "Enter");
        await page.WaitForSelectorAsync("#waiting[role=status]");
        Assert.Equal(
            (button, "true"), (await page.InnerTextAsync("#check-document"), await page.GetAttributeAsync("#check-document", "aria-busy")));
        Assert.Contains(text, await page.InnerTextAsync("#waiting"), StringComparison.Ordinal);

        answer.SetResult();
        await FocusedAsync(page, "flight_number");
        Assert.Equal(0, await page.Locator("#waiting, [aria-busy]").CountAsync());
    }

    [Fact]
    public async Task A_double_click_decides_once()
    {
        var page = await NewPageAsync();
        await ToStayAsync(page);
        var posts = Desk.Api.Requests.Count(request => request == "POST /immigration");

        await page.DblClickAsync("#decide");
        await page.WaitForSelectorAsync("#decision[data-outcome=admitted]");

        Assert.Equal(posts + 1, Desk.Api.Requests.Count(request => request == "POST /immigration"));
    }

    [Fact]
    public async Task What_was_typed_stays_when_the_desk_itself_is_away()
    {
        var page = await NewPageAsync();
        await ToStayAsync(page);

        await page.Context.SetOfflineAsync(true);
        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("#offline");
        await page.Context.SetOfflineAsync(false);
        // Apache's response while the web is down.
        await page.RouteAsync(
            "**/*", route => route.FulfillAsync(new() { Status = 503, ContentType = "text/html", Body = "<h1>Away</h1>" }));
        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("main:not([data-busy])");
        Assert.Equal(("Ana Torres", 1), (await page.InputValueAsync("#name"), await page.Locator("#offline").CountAsync()));
        await page.UnrouteAllAsync();

        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("#decision[data-outcome=admitted]");
    }
}
