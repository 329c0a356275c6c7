#!/usr/bin/env dotnet
#:package Microsoft.Playwright
#:package System.CommandLine
#:property PublishAot=false

// Takes a picture of each dashboard, drawn without Grafana from its JSON and a running Prometheus:
//   dotnet run eng/dashboard-preview/take.cs -- http://localhost:9090

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Playwright;

var here = Path.GetDirectoryName(ThisFile())!;
var root = Path.GetFullPath(Path.Combine(here, "../.."));

var prometheus = new Argument<string>("PROMETHEUS") { Description = "The address of a running Prometheus." };
var output = new Option<string>("--output")
{
    Description = "The folder for the pictures.",
    DefaultValueFactory = _ => Path.Combine(root, "eng", "pictures", "dashboards"),
};
var dashboards = new Option<string>("--dashboards")
{
    Description = "The folder of the dashboards.",
    DefaultValueFactory = _ => Path.Combine(root, "monitoring", "grafana", "dashboards"),
};
var only = new Option<string[]>("--only")
{
    Description = "The uids of those to take; all without it.",
    AllowMultipleArgumentsPerToken = true,
};
var panel = new Option<int?>("--panel") { Description = "One panel alone." };
var from = new Option<string?>("--from") { Description = "The beginning, such as now-6h; each dashboard's own without it." };
var to = new Option<string>("--to") { Description = "The end.", DefaultValueFactory = _ => "now" };
var width = new Option<int>("--width") { Description = "In pixels.", DefaultValueFactory = _ => 1600 };
var light = new Option<bool>("--light") { Description = "In the light theme." };
var rows = new Option<bool>("--rows") { Description = "With closed rows opened." };
var screen = new Option<bool>("--screen") { Description = "What one screen of 1920 × 1080 shows, instead of the whole page." };

var command = new RootCommand("Takes a picture of each dashboard, drawn without Grafana.")
{
    prometheus,
    output,
    dashboards,
    only,
    panel,
    from,
    to,
    width,
    light,
    rows,
    screen,
};
command.SetAction(async (parsed, cancellationToken) =>
{
    var query = new Dictionary<string, string?>
    {
        ["refresh"] = "",
        ["from"] = parsed.GetValue(from),
        ["to"] = parsed.GetValue(from) is null ? null : parsed.GetValue(to),
        ["theme"] = parsed.GetValue(light) ? "light" : null,
        ["rows"] = parsed.GetValue(rows) ? "open" : null,
        ["viewPanel"] = parsed.GetValue(panel)?.ToString(CultureInfo.InvariantCulture),
    };
    var search = string.Join(
        '&', query.Where(part => part.Value is not null).Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value!)}"));

    using var builder = Process.Start(new ProcessStartInfo(Path.Combine(here, "build.sh")) { RedirectStandardOutput = true })!;
    var site = (await builder.StandardOutput.ReadToEndAsync(cancellationToken)).Trim();
    await builder.WaitForExitAsync(cancellationToken);
    if (builder.ExitCode != 0)
    {
        return builder.ExitCode;
    }

    var port = FreePort();
    using var server = Process.Start(new ProcessStartInfo("node", [Path.Combine(here, "serve.mjs"), site])
    {
        Environment =
        {
            ["PORT"] = $"{port}",
            ["PROMETHEUS_URL"] = parsed.GetValue(prometheus)!,
            ["DASHBOARDS_PATH"] = Path.GetFullPath(parsed.GetValue(dashboards)!),
        },
    })!;
    try
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium-headless-shell",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        });
        var whole = !parsed.GetValue(screen);
        var page = await browser.NewPageAsync(new() { Locale = "en-GB" });
        page.PageError += (_, error) => Console.Error.WriteLine(error);
        var folder = Directory.CreateDirectory(parsed.GetValue(output)!).FullName;

        foreach (var uid in await UidsAsync(port))
        {
            if (parsed.GetValue(only) is { Length: > 0 } wanted && !wanted.Contains(uid))
            {
                continue;
            }

            await page.SetViewportSizeAsync(whole ? parsed.GetValue(width) : 1920, whole ? 900 : 1080);
            await page.GotoAsync($"http://localhost:{port}/d/{uid}?{search}");
            try
            {
                await page.WaitForSelectorAsync("html[data-drawn]", new() { State = WaitForSelectorState.Attached, Timeout = 60_000 });
            }
            catch (TimeoutException)
            {
                Console.Error.WriteLine($"{uid}: not everything was drawn within a minute.");
            }

            var empty = await page.EvaluateAsync<string[]>(
                "() => [...document.querySelectorAll('[data-panel]')].filter(panel => panel.querySelector('.message')).map(panel => "
                + "`${panel.dataset.panel}: ${panel.querySelector('.message').textContent}`)");
            var file = Path.Combine(folder, parsed.GetValue(panel) is { } id ? $"{uid}-{id}.png" : $"{uid}.png");
            if (whole)
            {
                // A screen as tall as the page: on a smaller one, Chromium may not have painted everything below it.
                var height = await page.EvaluateAsync<int>("() => document.documentElement.scrollHeight");
                await page.SetViewportSizeAsync(parsed.GetValue(width), height);
                await page.WaitForTimeoutAsync(500);
            }

            await page.ScreenshotAsync(new() { Path = file });
            Console.WriteLine($"{file}{string.Concat(empty.Select(line => $"\n  panel {line}"))}");
        }

        return 0;
    }
    finally
    {
        server.Kill();
        await server.WaitForExitAsync(CancellationToken.None);
    }
});
return await command.Parse(args).InvokeAsync();

static async Task<string[]> UidsAsync(int port)
{
    using var client = new HttpClient();
    for (var attempt = 0; ; attempt++)
    {
        try
        {
            using var dashboards = JsonDocument.Parse(await client.GetStringAsync($"http://localhost:{port}/dashboards"));
            return [.. dashboards.RootElement.EnumerateArray().Select(dashboard => dashboard.GetProperty("uid").GetString()!)];
        }
        catch (HttpRequestException) when (attempt < 100)
        {
            await Task.Delay(100);
        }
    }
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}

static string ThisFile([CallerFilePath] string file = "") => file;
