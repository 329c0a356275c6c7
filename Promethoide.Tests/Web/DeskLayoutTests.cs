using Microsoft.Playwright;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>The desk on paper, on a phone and at any width, in a real browser.</summary>
public sealed class DeskLayoutTests(DeskUnderTest desk, Chromium chromium) : DeskInBrowser(desk, chromium)
{
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

    [Theory]
    [InlineData("900", "/entries")]
    [InlineData("20", "/refusals")]
    public async Task At_the_width_of_a_phone_a_list_shows_who_it_was_without_scrolling_aside(string money, string list)
    {
        var page = await NewPageAsync();
        await Desk.SignInAsync(page, StubApi.Supervisor);
        await page.SetViewportSizeAsync(390, 844);
        await ToStayAsync(page);
        await page.FillAsync("#declared_money", money);
        await page.ClickAsync("#decide");
        await page.WaitForSelectorAsync("#decision");

        await page.GotoAsync(Desk.Address + list);

        await page.WaitForSelectorAsync("tbody tr");
        Assert.Equal(
            0, await page.EvaluateAsync<int>("(table => table.scrollWidth - table.clientWidth)(document.querySelector('.table'))"));
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
                await page.GotoAsync(Desk.Address);
            }

            var covered = await page.EvaluateAsync<string[]>("""
                () => {
                  const boxes = selector => [...document.querySelectorAll(selector)].map(one =>
                    ({ text: one.textContent.trim(), ...one.getBoundingClientRect().toJSON() }));
                  const languages = boxes(".languages button");
                  return boxes("header a, header button").filter(one => languages.some(other =>
                    one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom))
                    .map(one => one.text);
                }
                """);
            Assert.True(covered.Length == 0, $"{width} px: {string.Join(", ", covered)}");
        }
    }

    [Fact]
    public async Task Nothing_moves_sideways_on_a_phone_or_at_double_size()
    {
        var page = await NewPageAsync();
        foreach (var (width, path) in (IEnumerable<(int, string)>)
        [
            (320, "/"), (320, "/entries"), (320, "/account"), (320, "/officers"), (640, "/"), (640, "/refusals"),
        ])
        {
            await page.SetViewportSizeAsync(width, 700);
            await page.GotoAsync(Desk.Address + path);
            Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        }

        await page.SetViewportSizeAsync(320, 700);
        await ToStayAsync(page);
        Assert.Equal(320, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await page.Context.ClearCookiesAsync();
        await page.GotoAsync(Desk.Address);
        await page.WaitForSelectorAsync("#sign-in");
        Assert.Equal(320, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }
}
