using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;

namespace Promethoide.Local.Preview;

/// <summary>
/// Serves the page that draws the dashboards without Grafana (eng/dashboard-preview), their JSON, and of Prometheus' API what reads, all from one
/// origin. On loopback only: it asks for no password.
/// </summary>
internal static class PreviewServer
{
    /// <summary>The page's entrance, in the folder that eng/dashboard-preview/build.sh fills.</summary>
    public const string Page = "index.html";

    // What panels, annotations and variables ask for; nothing that changes or deletes.
    private static readonly string[] Queries = ["query", "query_range", "query_exemplars", "label/{name}/values"];

    /// <summary>Runs until it is asked to end.</summary>
    /// <param name="site">The folder with the built page.</param>
    /// <param name="dashboards">The folder with the dashboards; read anew for each page.</param>
    /// <param name="prometheus">Prometheus' address.</param>
    /// <param name="traces">The address of the Aspire dashboard, which shows traces; null when none runs.</param>
    /// <param name="port">The port on loopback.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserException">The page is not built.</exception>
    public static async Task RunAsync(string site, string dashboards, Uri prometheus, Uri? traces, int port, CancellationToken cancellationToken)
    {
        EnsureBuilt(site);

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        await using var app = builder.Build();
        using var client = new HttpClient { BaseAddress = prometheus };

        // A page of elsewhere whose name was made to lead here must not read what this one reads.
        app.Use((context, next) =>
        {
            if (context.Request.Host.Host is "localhost" or "127.0.0.1")
            {
                return next(context);
            }

            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            return Task.CompletedTask;
        });
        app.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(Path.GetFullPath(site)),
            OnPrepareResponse = prepared => prepared.Context.Response.Headers.CacheControl = "no-cache",
        });
        app.UseRouting();
        foreach (var query in Queries)
        {
            app.MapMethods($"/api/v1/{query}", [HttpMethods.Get, HttpMethods.Post], context => PassOnAsync(context, client));
        }

        app.MapGet("/traces/detail/{id}", (string id) => traces is null
            ? Results.Text("Traces are shown by the Aspire dashboard, and none runs: ./run.sh --dashboard", statusCode: StatusCodes.Status404NotFound)
            : Results.Redirect(new Uri(traces, $"traces/detail/{Uri.EscapeDataString(id)}").ToString()));
        app.MapGet("/dashboards", () => Results.Text(Read(dashboards).ToJsonString(), "application/json"));
        // The addresses of the pages are Grafana's, so that a dashboard's own links lead to its siblings.
        foreach (var page in (string[])["/", "/d/{uid}", "/d/{uid}/{name}", "/alerting/list"])
        {
            app.MapGet(page, () => Results.File(Path.GetFullPath(Path.Combine(site, Page)), "text/html; charset=utf-8"));
        }

        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
    }

    /// <exception cref="UserException">The folder holds no built page.</exception>
    public static void EnsureBuilt(string site)
    {
        if (!File.Exists(Path.Combine(site, Page)))
        {
            throw new UserException($"{site} holds no built preview. ./run.sh --preview builds it and passes its folder on.");
        }
    }

    private static JsonArray Read(string dashboards) => [.. Directory.Exists(dashboards)
        ? Directory.EnumerateFiles(dashboards, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(file => JsonNode.Parse(File.ReadAllText(file)))
        : []];

    private static async Task PassOnAsync(HttpContext context, HttpClient client)
    {
        using var request = new HttpRequestMessage(new(context.Request.Method), $"{context.Request.Path.Value![1..]}{context.Request.QueryString}");
        if (HttpMethods.IsPost(context.Request.Method))
        {
            request.Content = new StreamContent(context.Request.Body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        try
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
            context.Response.StatusCode = (int)response.StatusCode;
            context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
        }
        catch (HttpRequestException e) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            await context.Response.WriteAsJsonAsync(
                new JsonObject { ["status"] = "error", ["error"] = $"Prometheus does not answer: {e.InnerException?.Message ?? e.Message}" }, context.RequestAborted);
        }
    }
}
