using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>Something behind Apache: tells what it was asked, counts connections, and can be stopped and started again on its port.</summary>
internal sealed class BackEnd(string name) : IAsyncDisposable
{
    private WebApplication? _app;
    private int _connections;
    private int _requests;

    public int Port { get; } = Loopback.FreePort();

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Connections that were opened so far.</summary>
    public int Connections => _connections;

    /// <summary>Requests that came so far.</summary>
    public int Requests => _requests;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, Port, listen => listen.Use(next => connection =>
        {
            Interlocked.Increment(ref _connections);
            return next(connection);
        })));
        builder.Services.Configure<Microsoft.Extensions.Hosting.HostOptions>(options => options.ShutdownTimeout = TimeSpan.Zero);
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    public async Task StopAsync()
    {
        await _app!.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await StopAsync();
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Interlocked.Increment(ref _requests);
        if (context.Request.Path.Value!.EndsWith("/own-503", StringComparison.Ordinal))
        {
            context.Response.StatusCode = 503;
            await context.Response.WriteAsync("its own words");
            return;
        }

        if (context.Request.Path.Value.EndsWith("/abort", StringComparison.Ordinal))
        {
            context.Abort();
            return;
        }

        await context.Response.WriteAsJsonAsync(new
        {
            name,
            path = $"{context.Request.Path}{context.Request.QueryString}",
            headers = context.Request.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => header.Value.ToString()),
        });
    }
}
