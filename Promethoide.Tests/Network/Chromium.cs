using System.Collections.Concurrent;
using Microsoft.Playwright;
using Promethoide.Network;
using Promethoide.Tests.Network;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace Promethoide.Tests.Network;

/// <summary>
/// The distribution's headless Chromium shell, which renders with half the CPU time of the full browser.
/// </summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> _started = new(StartAsync);
    private readonly ConcurrentDictionary<string, ConcurrentQueue<(string? Test, IBrowserContext Context)>> _open = [];

    /// <summary>A new page in the given language. It is closed when another test of its class opens one.</summary>
    public async Task<IPage> NewPageAsync(string locale = "es-ES", bool javaScript = true)
    {
        var context = await (await _started.Value).Browser.NewContextAsync(new() { Locale = locale, JavaScriptEnabled = javaScript });
        await CloseOthersAsync(context);
        return await context.NewPageAsync();
    }

    // Tests of a class run one after another: a page left open by an earlier one keeps rendering and takes CPU time from all others.
    private async Task CloseOthersAsync(IBrowserContext opened)
    {
        var test = TestContext.Current.Test?.UniqueID;
        var open = _open.GetOrAdd(TestContext.Current.TestClass?.UniqueID ?? "", _ => []);
        while (open.TryPeek(out var first) && first.Test != test && open.TryDequeue(out var done))
        {
            await done.Context.CloseAsync();
        }

        open.Enqueue((test, opened));
    }

    /// <summary>A new page where an officer with the given role is signed in at the network's desk.</summary>
    internal async Task<IPage> NewPageAsync(
        NetworkUnderTest network, string locale = "es-ES", bool javaScript = true, string role = Officers.Supervisor)
    {
        var page = await NewPageAsync(locale, javaScript);
        var cookies = (await network.Officers.CookiesAsync(role)).GetAllCookies();
        await page.Context.AddCookiesAsync(
            cookies.Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = network.Desk }));
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated)
        {
            var (playwright, browser) = await _started.Value;
            await browser.DisposeAsync();
            playwright.Dispose();
        }
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium-headless-shell",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync",
            ],
        });
        return (playwright, browser);
    }
}
