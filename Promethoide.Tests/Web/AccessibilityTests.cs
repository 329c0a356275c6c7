using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>What axe-core finds in every page and state, in both languages and colour schemes.</summary>
public sealed class AccessibilityTests(DeskUnderTest desk, Chromium chromium) : IClassFixture<DeskUnderTest>, IDisposable
{
    // What is done to reach a state, and what is there once it is reached.
    private static readonly Dictionary<string, (Func<IPage, DeskUnderTest, Task> Reach, string Sign)> States = new()
    {
        ["step 1"] = ((page, desk) => page.GotoAsync(desk.Address), "#check-document"),
        ["step 2"] = (ToFlightAsync, "#check-flight"),
        ["step 3"] = (ToStayAsync, "#decide"),
        ["a document that cannot be read"] = ((page, desk) => CheckAsync(page, desk, "¿?"), "#dni-error"),
        ["an unknown flight"] = ((page, desk) => ToStayAsync(page, desk, "ZZ999"), "#flight_number-error"),
        ["a stay that cannot be read"] = ((page, desk) => DecideAsync(page, desk, money: "many"), "#declared_money-error"),
        ["admitted"] = ((page, desk) => DecideAsync(page, desk), "#decision[data-outcome=admitted]"),
        ["refused"] = ((page, desk) => DecideAsync(page, desk, money: "1"), "#decision[data-outcome=refused]"),
        ["wanted"] = ((page, desk) => CheckAsync(page, desk, StubApi.Wanted), "#decision[data-outcome=wanted]"),
        ["an expired form"] = (ExpireAsync, ".notice[role=status]"),
        ["the API away"] = (LoseApiAsync, "#decision[data-outcome=unavailable]"),
        ["the desk away"] = (LoseDeskAsync, "#offline"),
        ["entries"] = ((page, desk) => ListAsync(page, desk, "/entries", money: "900"), "tbody tr"),
        ["entries, none found"] = ((page, desk) => SearchAsync(page, desk, "/entries", "NOBODY"), "#empty"),
        ["entries, unreadable search"] = ((page, desk) => SearchAsync(page, desk, "/entries", "¿?"), ".field-error"),
        ["entries, the API away"] = ((page, desk) => LoseApiAsync(page, desk, "/entries"), "#retry"),
        ["refusals"] = ((page, desk) => ListAsync(page, desk, "/refusals", money: "1"), "tbody tr"),
        ["refusals, none found"] = ((page, desk) => SearchAsync(page, desk, "/refusals", "NOBODY"), "#empty"),
        ["refusals, the API away"] = ((page, desk) => LoseApiAsync(page, desk, "/refusals"), "#retry"),
        ["not found"] = ((page, desk) => page.GotoAsync($"{desk.Address}/nowhere"), ".message"),
    };

    public static TheoryData<string, string> StatesAndLanguages => new MatrixTheoryData<string, string>(States.Keys, ["es-ES", "en-GB"]);

    private static string NewDni => $"A{Random.Shared.Next(1_000_000_000):D9}";

    public void Dispose() => desk.Api.Fault = Fault.None;

    [Theory]
    [MemberData(nameof(StatesAndLanguages))]
    public async Task Axe_finds_no_violation(string state, string language)
    {
        var page = await chromium.NewPageAsync(language);
        var (reach, sign) = States[state];

        await reach(page, desk);
        await page.WaitForSelectorAsync(sign);
        await page.WaitForSelectorAsync("main:not([data-busy])");

        Assert.Equal(language[..2], await page.GetAttributeAsync("html", "lang"));
        await AssertNoViolationAsync(page);
    }

    [Fact]
    public async Task Axe_finds_no_violation_in_Apaches_own_page()
    {
        var page = await chromium.NewPageAsync();

        await page.GotoAsync($"file://{Path.Combine(Repository.Root, "Promethoide.Web", "Apache", "errors", "unavailable.html")}");

        await page.WaitForSelectorAsync("section[lang=en]");
        await AssertNoViolationAsync(page);
    }

    private static async Task AssertNoViolationAsync(IPage page)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var result = await page.RunAxe();
            Assert.NotEmpty(result.Passes);
            Assert.Empty(result.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{scheme}: {violation.Id}: {violation.Help}: {node.Html}")));
        }
    }

    private static async Task CheckAsync(IPage page, DeskUnderTest desk, string dni)
    {
        await page.GotoAsync(desk.Address);
        await page.FillAsync("#dni", dni);
        await page.ClickAsync("#check-document");
    }

    private static Task ToFlightAsync(IPage page, DeskUnderTest desk) => CheckAsync(page, desk, NewDni);

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

    private static async Task SearchAsync(IPage page, DeskUnderTest desk, string list, string dni)
    {
        await page.GotoAsync(desk.Address + list);
        await page.FillAsync("#dni", dni);
        await page.ClickAsync("#search");
    }
}
