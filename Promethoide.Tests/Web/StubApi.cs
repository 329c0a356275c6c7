using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Promethoide.Tests.Web;

/// <summary>How the stub fails.</summary>
public enum Fault
{
    None,
    DatabaseUnavailable,
    Hanging,

    /// <summary>A 404 that is not the API's: somebody else answers at its address.</summary>
    SomebodyElse,

    /// <summary>The entry is stored, and then the connection breaks.</summary>
    BreakingAfterStoring,

    /// <summary>A decision takes three seconds, and what exists cannot be read.</summary>
    Slow,
}

/// <summary>The REST API as the desk knows it, in memory, and failing on demand.</summary>
public sealed class StubApi : IAsyncDisposable
{
    public const string Wanted = "12345678A";
    public const string Flight = "AA123";

    private readonly WebApplication _app;
    private readonly List<JsonObject> _entries = [];
    private readonly List<JsonObject> _refusals = [];

    private StubApi(WebApplication app) => _app = app;

    public Fault Fault { get; set; }

    public string Address => _app.Urls.First();

    /// <summary>Methods and paths of all requests.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public int Entries => _entries.Count;

    public static async Task<StubApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new StubApi(app);
        app.Use(stub.FailAsync);
        app.MapGet("/dni/{dni}", (string dni) => dni == Wanted
            ? Results.Json(new JsonObject { ["message"] = "", ["dni"] = new JsonObject { ["id"] = 1, ["name"] = "John Doe", ["dni"] = dni } })
            : Problem(404, "dni-not-found"));
        app.MapGet("/flights/{number}", (string number) => number == Flight
            ? Results.Json(new JsonObject
            {
                ["message"] = "",
                ["flight"] = new JsonObject
                {
                    ["id"] = 1,
                    ["flight_number"] = Flight,
                    ["airline"] = "American Airlines",
                    ["origin"] = "JFK",
                    ["destination"] = "LAX",
                    ["departure_date"] = "2023-10-15",
                    ["arrival_date"] = "2023-10-15",
                },
            })
            : Problem(404, "flight-not-found"));
        app.MapPost("/immigration", (JsonObject entry, HttpContext context) => stub.Decide(entry, context));
        app.MapGet("/immigration", (string? dni, int? after, int limit) => Listing(stub._entries, dni, after, limit));
        app.MapGet("/refusals", (string? dni, int? after, int limit) => Listing(stub._refusals, dni, after, limit));
        app.MapGet("/immigration/{id:int}", (int id) => Results.Json(stub._entries.Single(entry => (int)entry["id"]! == id)));
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task FailAsync(HttpContext context, RequestDelegate next)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        switch (Fault)
        {
            case Fault.DatabaseUnavailable:
                await Problem(503, "database-unavailable").ExecuteAsync(context);
                break;
            case Fault.Hanging:
                await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted);
                break;
            case Fault.Slow:
                await Task.Delay(TimeSpan.FromSeconds(HttpMethods.IsPost(context.Request.Method) ? 3 : 30), context.RequestAborted);
                await next(context);
                break;
            case Fault.SomebodyElse:
                context.Response.StatusCode = 404;
                await context.Response.WriteAsync("<h1>Not Found</h1>");
                break;
            default:
                await next(context);
                break;
        }
    }

    private IResult Decide(JsonObject entry, HttpContext context)
    {
        var (dni, flight) = ((string)entry["dni"]!, (string)entry["flight_number"]!);
        var refusal = (string)entry["lodging"]! == "" ? "lodging-required" : (decimal)entry["declared_money"]! < 500 ? "insufficient-money" : null;
        lock (_entries)
        {
            var existing = _entries.Find(other => (string)other["dni"]! == dni && (string)other["flight_number"]! == flight);
            if (dni == Wanted || refusal is not null)
            {
                _refusals.Add(Stored(entry, _refusals.Count + 1, refusal ?? "interpol-match"));
                return Problem(dni == Wanted ? 403 : 400, refusal ?? "interpol-match");
            }

            if (existing is not null)
            {
                return Problem(409, "already-registered", (int)existing["id"]!);
            }

            _entries.Add(Stored(entry, _entries.Count + 1, null));
            if (Fault == Fault.BreakingAfterStoring)
            {
                context.Abort();
            }

            return Results.Json(new JsonObject { ["message"] = "", ["id"] = _entries.Count }, statusCode: 201);
        }
    }

    private static JsonObject Stored(JsonObject entry, int id, string? reason)
    {
        var stored = entry.DeepClone().AsObject();
        (stored["id"], stored["reason"], stored["created_at"]) = (id, reason, "2026-11-24T09:30:00.123456Z");
        return stored;
    }

    private static IResult Listing(List<JsonObject> rows, string? dni, int? after, int limit)
    {
        var found = rows.AsEnumerable().Reverse().Where(row => (dni ?? (string)row["dni"]!) == (string)row["dni"]! && (int)row["id"]! < (after ?? int.MaxValue)).ToArray();
        return Results.Json(new JsonObject
        {
            ["items"] = new JsonArray([.. found.Take(limit).Select(row => row.DeepClone())]),
            ["next"] = found.Length > limit ? (int)found[limit - 1]["id"]! : null,
        });
    }

    private static IResult Problem(int status, string code, int? id = null)
    {
        var problem = new JsonObject { ["status"] = status, ["title"] = "", ["detail"] = "", ["code"] = code };
        if (id is not null)
        {
            problem["id"] = id;
        }

        return Results.Json(problem, contentType: "application/problem+json", statusCode: status);
    }
}
