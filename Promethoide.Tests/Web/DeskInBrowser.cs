using Microsoft.Playwright;
using Promethoide.Tests.Api;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>The desk in a real browser, with an officer's actions.</summary>
public abstract class DeskInBrowser(DeskUnderTest desk, Chromium chromium) : IClassFixture<DeskUnderTest>
{
    protected DeskUnderTest Desk => desk;

    protected async Task<IPage> NewPageAsync(bool javaScript = true, string language = "es-ES")
    {
        var page = await chromium.NewPageAsync(language, javaScript: javaScript);
        await desk.SignInAsync(page, StubApi.Supervisor);
        return page;
    }

    protected async Task ToStayAsync(IPage page)
    {
        await page.GotoAsync(desk.Address);
        await TypeAsync(page, "dni", Travellers.NewDni());
        await TypeAsync(page, "flight_number", "AA123");
        await page.FillAsync("#name", "Ana Torres");
        await page.FillAsync("#lodging", "Hotel Arts");
        await page.FillAsync("#declared_money", "900");
    }

    protected static async Task TypeAsync(IPage page, string field, string text)
    {
        await FocusedAsync(page, field);
        await page.Keyboard.TypeAsync(text);
        await page.Keyboard.PressAsync("Enter");
    }

    protected static async Task FocusedAsync(IPage page, string id) => await page.WaitForSelectorAsync($"#{id}:focus");
}
