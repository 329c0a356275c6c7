using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Promethoide.Tests.Api;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>axe-core's findings on every page and state, in both languages and both colour schemes (one light, the other dark).</summary>
public sealed class AccessibilityTests(DeskUnderTest desk, Chromium chromium) : IClassFixture<DeskUnderTest>, IDisposable
{
    // How to reach a state, and an element that is present once it is reached.
    private static readonly Dictionary<string, (Func<IPage, DeskUnderTest, Task> Reach, string Sign)> States = new()
    {
        ["step 1"] = ((page, desk) => page.GotoAsync(desk.Address), "#check-document"),
        ["step 2"] = (ToFlightAsync, "#check-flight"),
        ["step 3"] = (ToStayAsync, "#decide"),
        ["a document that cannot be read"] = ((page, desk) => CheckAsync(page, desk, "¿?"), "#dni-error"),
        ["an unknown flight"] = ((page, desk) => ToStayAsync(page, desk, "ZZ999"), "#flight_number-error"),
        ["a stay that cannot be read"] = ((page, desk) => DecideAsync(page, desk, money: "many"), "#declared_money-error"),
        ["admitted"] = ((page, desk) => DecideAsync(page, desk), "#decision[data-outcome=admitted]"),
        ["a document with a wrong letter"] = ((page, desk) => CheckAsync(page, desk, "12345678B"), "#dni-error"),
        ["the same document, other particulars"] = (ContradictAsync, "#decision[data-outcome=conflict]"),
        ["refused"] = ((page, desk) => DecideAsync(page, desk, money: "1"), "#decision[data-outcome=refused]"),
        ["wanted"] = ((page, desk) => CheckAsync(page, desk, StubApi.Wanted), "#decision[data-outcome=wanted]"),
        ["an expired form"] = (ExpireAsync, ".notice[role=status]"),
        ["the API away"] = (LoseApiAsync, "#decision[data-outcome=unavailable]"),
        ["the desk away"] = (LoseDeskAsync, "#offline"),
        ["entries"] = ((page, desk) => ListAsync(page, desk, "/entries", money: "900"), "tbody tr"),
        ["an entry"] = (AnnulAsync, "#annulled"),
        ["an entry, no reason"] = ((page, desk) => OpenEntryAsync(page, desk, ""), "#reason-error"),
        ["a possible match"] = (MatchAsync, "#possible-match"),
        ["entries, none found"] = ((page, desk) => SearchAsync(page, desk, "/entries", "NOBODY"), "#empty"),
        ["entries, unreadable search"] = ((page, desk) => SearchAsync(page, desk, "/entries", "¿?", "#flight_number"), ".field-error"),
        ["entries, the API away"] = ((page, desk) => LoseApiAsync(page, desk, "/entries"), "#retry"),
        ["refusals"] = ((page, desk) => ListAsync(page, desk, "/refusals", money: "1"), "tbody tr"),
        ["refusals, none found"] = ((page, desk) => SearchAsync(page, desk, "/refusals", "NOBODY"), "#empty"),
        ["refusals, the API away"] = ((page, desk) => LoseApiAsync(page, desk, "/refusals"), "#retry"),
        ["hits"] = ((page, desk) => HitAsync(page, desk), "tbody tr"),
        ["hits, none found"] = ((page, desk) => SearchAsync(page, desk, "/hits", "NOBODY"), "#empty"),
        ["summary"] = (SummariseAsync, "#flights"),
        ["summary, nothing decided"] = ((page, desk) => page.GotoAsync($"{desk.Address}/summary?day=2020-01-01"), "#empty"),
        ["summary, a day that is none"] = ((page, desk) => page.GotoAsync($"{desk.Address}/summary?day=x"), "#day-error"),
        ["summary, the API away"] = ((page, desk) => LoseApiAsync(page, desk, "/summary"), "#retry"),
        ["officers"] = ((page, desk) => page.GotoAsync($"{desk.Address}/officers"), "tbody tr"),
        ["officers, a name that cannot be one"] = ((page, desk) => AddAsync(page, desk, "¿?"), "#user_name-error"),
        ["officers, a password is shown"] = ((page, desk) => AddAsync(page, desk, $"a{Random.Shared.Next()}"), "#issued"),
        ["officers, asked before removing"] = (RemoveAsync, "#ask"),
        ["officers, the API away"] = ((page, desk) => LoseApiAsync(page, desk, "/officers"), "#decision"),
        ["account"] = ((page, desk) => page.GotoAsync($"{desk.Address}/account"), "#change-password"),
        ["account, a password that is too short"] = (ChangePasswordAsync, "#new_password-error"),
        ["sign-in"] = ((page, desk) => SignInPageAsync(page, desk, "/"), "#sign-in"),
        ["sign-in, wrong"] = (SignInWronglyAsync, "[data-notice=Failed]"),
        ["sign-in, the session has ended"] = (EndSessionAsync, "[data-notice=Ended]"),
        ["signed in again"] = (SignInAgainAsync, "#continue"),
        ["not allowed"] = (GoWhereSupervisorsGoAsync, ".message"),
        ["not found"] = ((page, desk) => page.GotoAsync($"{desk.Address}/nowhere"), ".message"),
    };

    public static TheoryData<string, string, ColorScheme> StatesAndLanguages =>
    [
        .. States.Keys.SelectMany(state =>
            ((string, string, ColorScheme)[])[(state, "es-ES", ColorScheme.Light), (state, "en-GB", ColorScheme.Dark)]),
    ];

    public void Dispose() => desk.Api.Fault = Fault.None;

    [Theory]
    [MemberData(nameof(StatesAndLanguages))]
    public async Task Axe_finds_no_violation(string state, string language, ColorScheme scheme)
    {
        var page = await chromium.NewPageAsync(language);
        var (reach, sign) = States[state];
        await desk.SignInAsync(page, StubApi.Supervisor);

        await reach(page, desk);
        await page.WaitForSelectorAsync(sign);
        await page.WaitForSelectorAsync("main:not([data-busy])");

        Assert.Equal(language[..2], await page.GetAttributeAsync("html", "lang"));
        await AssertNoViolationAsync(page, scheme);
    }

    [Fact]
    public async Task Axe_finds_no_violation_in_Apaches_own_page()
    {
        var page = await chromium.NewPageAsync();

        await page.GotoAsync($"file://{Path.Combine(Repository.Root, "Promethoide.Web", "Apache", "errors", "unavailable.html")}");

        await page.WaitForSelectorAsync("section[lang=en]");
        await AssertNoViolationAsync(page, ColorScheme.Light);
        await AssertNoViolationAsync(page, ColorScheme.Dark);
    }

    private static async Task AssertNoViolationAsync(IPage page, ColorScheme scheme)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        // Skips listing the nodes that pass, which takes longer than everything else.
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = new HashSet<ResultType> { ResultType.Violations } });
        Assert.NotEmpty(result.Passes);
        Assert.Empty(
            result.Violations.SelectMany(violation =>
                violation.Nodes.Select(node => $"{scheme}: {violation.Id}: {violation.Help}: {node.Html}")));
    }

    private static async Task CheckAsync(IPage page, DeskUnderTest desk, string dni)
    {
        await page.GotoAsync(desk.Address);
        await page.FillAsync("#dni", dni);
        await page.ClickAsync("#check-document");
    }

    private static Task ToFlightAsync(IPage page, DeskUnderTest desk) => CheckAsync(page, desk, Travellers.NewDni());

    private static Task ToStayAsync(IPage page, DeskUnderTest desk) => ToStayAsync(page, desk, StubApi.Flight);

    private static async Task ToStayAsync(IPage page, DeskUnderTest desk, string flight)
    {
        await ToFlightAsync(page, desk);
        await page.FillAsync("#flight_number", flight);
        await page.ClickAsync("#check-flight");
    }

    private static async Task DecideAsync(IPage page, DeskUnderTest desk, string money = "900")
    {
        await ToStayAsync(page, desk);
        await page.FillAsync("#name", "Ana Torres");
        await page.FillAsync("#lodging", "Hotel Arts");
        await page.FillAsync("#declared_money", money);
        await page.ClickAsync("#decide");
    }

    private static async Task ContradictAsync(IPage page, DeskUnderTest desk)
    {
        var dni = Travellers.NewDni();
        foreach (var lodging in (string[])["Hotel Arts", "Another hotel"])
        {
            await CheckAsync(page, desk, dni);
            await page.FillAsync("#flight_number", StubApi.Flight);
            await page.ClickAsync("#check-flight");
            await page.FillAsync("#name", "Ana Torres");
            await page.FillAsync("#lodging", lodging);
            await page.FillAsync("#declared_money", "900");
            await page.ClickAsync("#decide");
            await page.WaitForSelectorAsync("#decision");
        }
    }

    private static async Task ExpireAsync(IPage page, DeskUnderTest desk)
    {
        await ToFlightAsync(page, desk);
        await page.WaitForSelectorAsync("#check-flight");
        await page.EvaluateAsync("document.querySelector('[name=state]').value = 'forged'");
        await page.ClickAsync("#check-flight");
    }

    private static async Task LoseApiAsync(IPage page, DeskUnderTest desk)
    {
        await ToFlightAsync(page, desk);
        await page.FillAsync("#flight_number", StubApi.Flight);
        desk.Api.Fault = Fault.DatabaseUnavailable;
        await page.ClickAsync("#check-flight");
    }

    private static async Task LoseApiAsync(IPage page, DeskUnderTest desk, string list)
    {
        desk.Api.Fault = Fault.DatabaseUnavailable;
        await page.GotoAsync(desk.Address + list);
    }

    private static async Task LoseDeskAsync(IPage page, DeskUnderTest desk)
    {
        await page.GotoAsync(desk.Address);
        await page.Context.SetOfflineAsync(true);
        await page.ClickAsync("#check-document");
    }

    private static async Task ListAsync(IPage page, DeskUnderTest desk, string list, string money)
    {
        await DecideAsync(page, desk, money);
        await page.WaitForSelectorAsync("#decision");
        await page.GotoAsync(desk.Address + list);
    }

    private static async Task OpenEntryAsync(IPage page, DeskUnderTest desk, string reason)
    {
        await DecideAsync(page, desk);
        await page.WaitForSelectorAsync("#decision");
        await page.GotoAsync($"{desk.Address}/entries/{await page.GetAttributeAsync("#decision", "data-entry")}");
        await page.FillAsync("#reason", reason);
        await page.ClickAsync("#annul");
    }

    private static Task AnnulAsync(IPage page, DeskUnderTest desk) => OpenEntryAsync(page, desk, "Typed twice");

    private static async Task MatchAsync(IPage page, DeskUnderTest desk)
    {
        await ToStayAsync(page, desk);
        await page.FillAsync("#name", "Jane Roe");
        await page.FillAsync("#lodging", "Hotel Arts");
        await page.FillAsync("#declared_money", "900");
        await page.FillAsync("#birth_date", StubApi.WantedBirth);
        await page.ClickAsync("#decide");
    }

    private static async Task HitAsync(IPage page, DeskUnderTest desk)
    {
        await CheckAsync(page, desk, StubApi.Wanted);
        await page.WaitForSelectorAsync("#decision");
        await page.GotoAsync($"{desk.Address}/hits");
    }

    private static async Task AddAsync(IPage page, DeskUnderTest desk, string name)
    {
        await page.GotoAsync($"{desk.Address}/officers");
        await page.FillAsync("#user_name", name);
        await page.ClickAsync("#add");
    }

    private static async Task RemoveAsync(IPage page, DeskUnderTest desk)
    {
        await page.GotoAsync($"{desk.Address}/officers");
        await page.ClickAsync($"[value='remove:{StubApi.Officer}']");
    }

    private static async Task ChangePasswordAsync(IPage page, DeskUnderTest desk)
    {
        await page.GotoAsync($"{desk.Address}/account");
        await page.FillAsync("#current_password", StubApi.Password);
        await page.FillAsync("#new_password", "short");
        await page.ClickAsync("#change-password");
    }

    private static async Task SignInPageAsync(IPage page, DeskUnderTest desk, string path)
    {
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync(desk.Address + path);
    }

    private static async Task SignInWronglyAsync(IPage page, DeskUnderTest desk)
    {
        await SignInPageAsync(page, desk, "/");
        await page.FillAsync("#user_name", StubApi.Officer);
        await page.FillAsync("#password", "wrong");
        await page.ClickAsync("#sign-in");
    }

    private static async Task EndSessionAsync(IPage page, DeskUnderTest desk)
    {
        await page.Context.ClearCookiesAsync();
        var name = desk.Api.NewOfficer();
        await desk.SignInAsync(page, name);
        await ToFlightAsync(page, desk);
        await page.FillAsync("#flight_number", "AA123");
        desk.Api.EndSessions(name);
        await page.ClickAsync("#check-flight");
        await page.WaitForSelectorAsync("[data-notice=Ended]");
        await page.FillAsync("#user_name", name);
        await page.FillAsync("#password", StubApi.Password);
    }

    private static async Task SignInAgainAsync(IPage page, DeskUnderTest desk)
    {
        await EndSessionAsync(page, desk);
        await page.ClickAsync("#sign-in");
    }

    // The stub's decisions are all of this day.
    private static async Task SummariseAsync(IPage page, DeskUnderTest desk)
    {
        await DecideAsync(page, desk, money: "1");
        await page.WaitForSelectorAsync("#decision");
        await page.GotoAsync($"{desk.Address}/summary?day={StubApi.Day}");
    }

    private static async Task GoWhereSupervisorsGoAsync(IPage page, DeskUnderTest desk)
    {
        await page.Context.ClearCookiesAsync();
        await desk.SignInAsync(page);
        await page.GotoAsync($"{desk.Address}/hits");
    }

    private static async Task SearchAsync(IPage page, DeskUnderTest desk, string list, string text, string field = "#search")
    {
        await page.GotoAsync(desk.Address + list);
        await page.FillAsync(field, text);
        await page.ClickAsync("#search-list");
    }
}
