#!/usr/bin/env dotnet
#:package Microsoft.Playwright
#:property PublishAot=false

// Takes the README's pictures of the desk anew, from a network of its own:
//   dotnet build Promethoide.Local -c Release && dotnet run eng/pictures/take.cs

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

var folder = Path.GetDirectoryName(ThisFile())!;
var local = Path.GetFullPath(Path.Combine(folder, "../../artifacts/bin/Promethoide.Local/release/Promethoide.Local.dll"));

using var network = Process.Start(new ProcessStartInfo("dotnet", [local, "--ephemeral", "--ports", "auto", "--json"]) { RedirectStandardOutput = true })!;
try
{
    var desk = await DeskAsync(network);

    using var playwright = await Playwright.CreateAsync();
    await using var browser = await playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    });
    var page = await browser.NewPageAsync(new() { Locale = "en-GB", ViewportSize = new() { Width = 1100, Height = 880 } });

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
}
finally
{
    using var stop = Process.Start("kill", [$"{network.Id}"]);
    await network.WaitForExitAsync();
}

async Task ShotAsync(IPage page, string visible, string name)
{
    await page.WaitForSelectorAsync(visible);
    await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
}

static async Task<string> DeskAsync(Process network)
{
    var json = new StringBuilder();
    while (await network.StandardOutput.ReadLineAsync() is { } line)
    {
        json.AppendLine(line);
        if (line == "]")
        {
            return JsonDocument.Parse(json.ToString()).RootElement.EnumerateArray().Single(component => component.GetProperty("name").GetString() == "apache").GetProperty("url").GetString()!;
        }
    }

    throw new InvalidOperationException("The network did not start.");
}

static string ThisFile([CallerFilePath] string file = "") => file;
