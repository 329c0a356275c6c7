using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Web;

/// <summary>
/// A server behind Apache: echoes its requests, counts connections, and can be stopped and restarted on its port.
/// </summary>
/// <param name="name">The name that it reports.</param>
/// <param name="host">The address of this machine that it listens on.</param>
/// <param name="port">Its port; by default a free one.</param>
internal sealed class BackEnd(string name, string host = "127.0.0.1", int? port = null) : IAsyncDisposable
{
    private WebApplication? _app;
    private int _connections;
    private int _requests;

    public int Port { get; } = port ?? Loopback.FreePort();

    public string Address => $"http://{host}:{Port}";

    /// <summary>Whether it closes each connection after the response, like a server that is about to stop.</summary>
    public bool Leaves { get; set; }

    /// <summary>Whether it accepts requests but never responds, like a paused or stuck process.</summary>
    public bool Hangs { get; set; }

    /// <summary>Connections opened so far.</summary>
    public int Connections => _connections;

    /// <summary>Path and query of each POST received so far.</summary>
    public ConcurrentQueue<string> Posts { get; } = [];

    /// <summary>Requests received so far.</summary>
    public int Requests => _requests;

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(host), Port, listen => listen.Use(next => connection =>
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
        if (HttpMethods.IsPost(context.Request.Method))
        {
            Posts.Enqueue($"{context.Request.Path}{context.Request.QueryString}");
        }

        if (Hangs)
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        if (Leaves)
        {
            context.Response.Headers.Connection = "close";
        }

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
