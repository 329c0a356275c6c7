using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Promethoide.Tests.Faults;

/// <summary>A Prometheus target that misbehaves in a different way at each path.</summary>
internal sealed class BadExporter : IAsyncDisposable
{
    /// <summary>Each path without its slash, and the error that Prometheus reports for it.</summary>
    public static readonly IReadOnlyDictionary<string, string> Faults = new Dictionary<string, string>
    {
        ["silent"] = "context deadline exceeded",
        ["garbage"] = "is not a valid start token",
        ["huge"] = "body size limit exceeded",
        ["numerous"] = "sample limit exceeded",
    };

    private const int Huge = 100_000_000;
    private const int Numerous = 30_000;

    private readonly WebApplication _app;

    private BadExporter(WebApplication app) => _app = app;

    /// <summary>Host and port.</summary>
    public string Address => new Uri(_app.Urls.Single()).Authority;

    public static async Task<BadExporter> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapGet("/silent", context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        app.MapGet("/garbage", () => "<html><p>Not here</p></html>");
        app.MapGet("/huge", async (HttpResponse response) =>
        {
            var line = "# nothing of use\n"u8.ToArray();
            for (var sent = 0; sent < Huge; sent += line.Length)
            {
                await response.Body.WriteAsync(line, response.HttpContext.RequestAborted);
            }
        });
        app.MapGet(
            "/numerous", () => string.Concat(Enumerable.Range(0, Numerous).Select(number => $"numerous{{number=\"{number}\"}} 1\n")));
        await app.StartAsync();
        return new(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
