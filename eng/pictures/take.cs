#!/usr/bin/env dotnet
#:package Microsoft.Playwright
#:project ../network/Promethoide.Network.csproj
#:property PublishAot=false

// Retakes the README's pictures of the desk, from its own network: dotnet run eng/pictures/take.cs [-- FOLDER]

using System.Runtime.CompilerServices;
using Microsoft.Playwright;
using Promethoide.Network;

var folder = args is [var chosen] ? Directory.CreateDirectory(chosen).FullName : Path.GetDirectoryName(ThisFile())!;
await using var network = await RunningNetwork.StartAsync(builder =>
    builder.StartOnly("postgres", "migrations", "rest-api", "web", "apache"));
var desk = network.Url("apache");

using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(new()
{
    ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium-headless-shell",
    Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
var page = await browser.NewPageAsync(new() { Locale = "en-GB", ViewportSize = new() { Width = 1100, Height = 880 } });

var cookies = await network.Officers.CookiesAsync(Officers.Supervisor);
await page.Context.AddCookiesAsync(
    cookies.GetAllCookies().Select(cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Url = desk }));

await page.GotoAsync(desk);
await page.FillAsync("[name=dni]", "12345678-A");
await page.ClickAsync("#check-document");
await ShotAsync(page, "#decision", "interpol");

await ApplyAsync(page, "X8582911", "AA123", "Ada Lovelace", "Hotel Arts", "1200");
await ShotAsync(page, "#decide", "desk");
await page.ClickAsync("#decide");
await page.WaitForSelectorAsync("#decision");

await page.GotoAsync($"{desk}/entries");
await ShotAsync(page, "table", "entries");

async Task ApplyAsync(IPage page, string document, string flight, string name, string lodging, string money)
{
    await page.GotoAsync(desk);
    await page.FillAsync("[name=dni]", document);
    await page.ClickAsync("#check-document");
    await page.FillAsync("[name=flight_number]", flight);
    await page.ClickAsync("#check-flight");
    await page.FillAsync("[name=name]", name);
    await page.FillAsync("[name=lodging]", lodging);
    await page.FillAsync("[name=declared_money]", money);
}

async Task ShotAsync(IPage page, string visible, string name)
{
    await page.WaitForSelectorAsync(visible);
    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
}

static string ThisFile([CallerFilePath] string file = "") => file;
