using Microsoft.Playwright;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>The desk in a real browser, mostly by keyboard.</summary>
public sealed class DeskInBrowserTests(DeskUnderTest desk, Chromium chromium) : IClassFixture<DeskUnderTest>
{
    private static string NewDni => $"B{Random.Shared.Next(1_000_000_000):D9}";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Enter_goes_on_and_the_focus_is_where_the_officer_types_next(bool javaScript)
    {
        var page = await NewPageAsync(javaScript);
        var complaints = new List<string>();
        page.Console += (_, message) => complaints.Add(message.Text);
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(desk.Address);
        await page.EvaluateAsync("document.marker = 1");

        await TypeAsync(page, "dni", NewDni);
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
        Assert.Equal($"{desk.Address}/", page.Url);
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
        await page.GotoAsync(desk.Address);
        await FocusedAsync(page, "dni");

        await page.Keyboard.TypeAsync(scanned.Length > 0 ? scanned : NewDni);
        // A scanner presses it by itself.
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

    // As a scanner types, which presses Enter after each line.
    [Theory]
    [InlineData("L898902C3", "Anna Maria Eriksson", "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")]
    [InlineData("D23145890", "Anna Maria Eriksson", "I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")]
    public async Task A_scanned_document_is_checked_after_its_last_line(string number, string name, params string[] lines)
    {
        var page = await NewPageAsync();
        await page.GotoAsync(desk.Address);
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

        int Checks() => desk.Api.Requests.Count(request => request.StartsWith("GET /dni/", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_more_Enter_does_not_wipe_the_stop_screen(bool javaScript)
    {
        var page = await NewPageAsync(javaScript);
        await page.GotoAsync(desk.Address);
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

    [Theory]
    [InlineData("es-ES", "Un momento…", "Esperando la respuesta")]
    [InlineData("en-GB", "One moment…", "Waiting for the answer")]
    public async Task While_an_answer_takes_long_the_button_and_the_page_say_so(string language, string button, string text)
    {
        var page = await NewPageAsync(language: language);
        await page.GotoAsync(desk.Address);
        var answer = new TaskCompletionSource();
        await page.RouteAsync("**/*", async route =>
        {
            await answer.Task;
            await route.ContinueAsync();
        });

        await page.FillAsync("#dni", NewDni);
        await page.PressAsync("#dni", "Enter");
        await page.WaitForSelectorAsync("#waiting[role=status]");
        Assert.Equal((button, "true"), (await page.InnerTextAsync("#check-document"), await page.GetAttributeAsync("#check-document", "aria-busy")));
        Assert.Contains(text, await page.InnerTextAsync("#waiting"), StringComparison.Ordinal);

        answer.SetResult();
        await FocusedAsync(page, "flight_number");
        Assert.Equal(0, await page.Locator("#waiting, [aria-busy]").CountAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Reload_back_and_forward_show_the_traveller_again(bool javaScript)
    {
        var page = await NewPageAsync(javaScript);
        await page.GotoAsync(desk.Address);
        await TypeAsync(page, "dni", NewDni);
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
        var (entries, entry) = (desk.Api.Entries, await page.GetAttributeAsync("#decision", "data-entry"));
        await page.ReloadAsync();

        Assert.Equal((entries, entry), (desk.Api.Entries, await page.GetAttributeAsync("#decision", "data-entry")));
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
        await page.GotoAsync(desk.Address);
        await page.ClickAsync("nav a[href='/entries']");
        await page.WaitForSelectorAsync("#search-list");
        await page.FillAsync("#search", "Ana");
        await page.ClickAsync("nav a[href='/']");
        await FocusedAsync(page, "dni");
        Assert.Equal(0, questions);

        await page.FillAsync("#dni", NewDni);
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
    [InlineData("20", ".printed", "#decision")]
    [InlineData("900", "#decision", ".bar")]
    public async Task On_paper_a_refusal_is_its_form_and_an_admission_is_what_was_decided(string money, string printed, string left)
    {
        var page = await NewPageAsync();
        await ToStayAsync(page);
        await page.FillAsync("#declared_money", money);
        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("[data-print]");

        await page.EmulateMediaAsync(new() { Media = Media.Print });

        Assert.True(await page.IsVisibleAsync(printed));
        Assert.False(await page.IsVisibleAsync(left));
        Assert.False(await page.IsVisibleAsync("[data-print]"));
    }

    [Fact]
    public async Task A_double_click_decides_once()
    {
        var page = await NewPageAsync();
        await ToStayAsync(page);
        var posts = desk.Api.Requests.Count(request => request == "POST /immigration");

        await page.DblClickAsync("#decide");
        await page.WaitForSelectorAsync("#decision[data-outcome=admitted]");

        Assert.Equal(posts + 1, desk.Api.Requests.Count(request => request == "POST /immigration"));
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
        // As Apache answers while the web is away.
        await page.RouteAsync("**/*", route => route.FulfillAsync(new() { Status = 503, ContentType = "text/html", Body = "<h1>Away</h1>" }));
        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("main:not([data-busy])");
        Assert.Equal(("Ana Torres", 1), (await page.InputValueAsync("#name"), await page.Locator("#offline").CountAsync()));
        await page.UnrouteAllAsync();

        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("#decision[data-outcome=admitted]");
    }

    [Fact]
    public async Task Pages_change_without_a_load_and_the_browsers_back_button_works()
    {
        var page = await NewPageAsync();
        await page.GotoAsync(desk.Address);
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
        Assert.Equal($"{desk.Address}/entries?search=nobody+of+this+name", page.Url);
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

    [Theory]
    [InlineData("900", "/entries")]
    [InlineData("20", "/refusals")]
    public async Task At_the_width_of_a_phone_a_list_shows_who_it_was_without_scrolling_aside(string money, string list)
    {
        var page = await NewPageAsync();
        await desk.SignInAsync(page, StubApi.Supervisor);
        await page.SetViewportSizeAsync(390, 844);
        await ToStayAsync(page);
        await page.FillAsync("#declared_money", money);
        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("#decision");

        await page.GotoAsync(desk.Address + list);

        await page.WaitForSelectorAsync("tbody tr");
        Assert.Equal(0, await page.EvaluateAsync<int>("(table => table.scrollWidth - table.clientWidth)(document.querySelector('.table'))"));
        Assert.True(await page.GetByText("Ana Torres").First.IsVisibleAsync());
    }

    [Theory]
    [InlineData("es-ES")]
    [InlineData("en-GB")]
    public async Task The_switch_of_the_language_covers_nothing_at_any_width(string language)
    {
        var page = await NewPageAsync(language: language);
        for (var width = 320; width <= 960; width += 20)
        {
            await page.SetViewportSizeAsync(width, 800);
            if (width == 320)
            {
                await page.GotoAsync(desk.Address);
            }

            var covered = await page.EvaluateAsync<string[]>("""
                () => {
                  const boxes = selector => [...document.querySelectorAll(selector)].map(one => ({ text: one.textContent.trim(), ...one.getBoundingClientRect().toJSON() }));
                  const languages = boxes(".languages button");
                  return boxes("header a, header button").filter(one => languages.some(other =>
                    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).map(one => one.text);
                }
                """);
            Assert.True(covered.Length == 0, $"{width} px: {string.Join(", ", covered)}");
        }
    }

    [Fact]
    public async Task Nothing_moves_sideways_on_a_phone_or_at_double_size()
    {
        var page = await NewPageAsync();
        foreach (var (width, path) in (IEnumerable<(int, string)>)[(320, "/"), (320, "/entries"), (320, "/account"), (320, "/officers"), (640, "/"), (640, "/refusals")])
        {
            await page.SetViewportSizeAsync(width, 700);
            await page.GotoAsync(desk.Address + path);
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }

        await page.SetViewportSizeAsync(320, 700);
        await ToStayAsync(page);
        Assert.Equal(320, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await page.Context.ClearCookiesAsync();
        await page.GotoAsync(desk.Address);
        await page.WaitForSelectorAsync("#sign-in");
        Assert.Equal(320, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    private async Task<IPage> NewPageAsync(bool javaScript = true, string language = "es-ES")
    {
        var page = await chromium.NewPageAsync(language, javaScript: javaScript);
        await desk.SignInAsync(page, StubApi.Supervisor);
        return page;
    }

    private async Task ToStayAsync(IPage page)
    {
        await page.GotoAsync(desk.Address);
        await TypeAsync(page, "dni", NewDni);
        await TypeAsync(page, "flight_number", "AA123");
        await page.FillAsync("#name", "Ana Torres");
        await page.FillAsync("#lodging", "Hotel Arts");
        await page.FillAsync("#declared_money", "900");
    }

    private static async Task TypeAsync(IPage page, string field, string text)
    {
        await FocusedAsync(page, field);
        await page.Keyboard.TypeAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }

    private static async Task FocusedAsync(IPage page, string id) => await page.WaitForSelectorAsync($"#{id}:focus");
}
