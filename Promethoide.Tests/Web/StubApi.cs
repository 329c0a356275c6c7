using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Promethoide.Tests.Web;

/// <summary>How the stub fails.</summary>
public enum Fault
{
    None,
    DatabaseUnavailable,
    Hanging,

    /// <summary>A 404 that is not the API's: another server responds at its address.</summary>
    SomebodyElse,

    /// <summary>The entry is stored, and then the connection breaks.</summary>
    BreakingAfterStoring,

    /// <summary>Requests take three seconds, and existing entries cannot be read.</summary>
    Slow,
}

/// <summary>An in-memory REST API with the parts that the desk uses; fails on demand.</summary>
public sealed partial class StubApi : IAsyncDisposable
{
    public const string Wanted = "12345678A";
    public const string Flight = "AA123";

    /// <summary>A traveller named Roe and born on this day may be wanted.</summary>
    public const string WantedBirth = "1980-02-29";
    public const string LaterFlight = "BA456";

    /// <summary>The day of all decisions.</summary>
    public const string Day = "2026-11-24";

    private readonly WebApplication _app;
    private readonly List<JsonObject> _entries = [];
    private readonly Dictionary<string, int> _admitted = [];
    private readonly List<JsonObject> _refusals = [];
    private readonly List<JsonObject> _hits = [];

    private StubApi(WebApplication app) => _app = app;

    public Fault Fault { get; set; }

    /// <summary>From now on, a wanted traveller is taken off the list as soon as they are met.</summary>
    public bool OffTheList { get; set; }

    public string Address => _app.Urls.First();

    /// <summary>Methods and paths of all requests except those about sessions.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    public int Entries => _entries.Count;

    /// <summary>The idempotency keys of all decision requests.</summary>
    public ConcurrentQueue<string> Keys { get; } = [];

    public static async Task<StubApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new StubApi(app);
        app.Use(stub.FailAsync);
        app.Use(stub.AllowAsync);
        app.MapGet("/dni/{dni}", stub.LookUp);
        app.MapGet("/flights", (DateOnly date) =>
            Results.Json(new JsonObject { ["items"] = new JsonArray([.. Flights(date).Select(flight => ToJson(flight))]) }));
        app.MapGet("/flights/{number}", (string number, DateOnly? date) =>
            (date is null ? Flights(null).Reverse() : Flights(date))
                .FirstOrDefault(flight => flight.Number == number) is { Number: not null } flight
                ? Results.Json(new JsonObject { ["message"] = "", ["flight"] = ToJson(flight) })
                : Problem(404, "flight-not-found"));
        app.MapGet("/wanted", (string name, [FromQuery(Name = "birth_date")] string birthDate) => Results.Json(new JsonObject
        {
            ["items"] = name.EndsWith("Roe", StringComparison.Ordinal) && birthDate == WantedBirth
                ? new JsonArray(new JsonObject { ["id"] = 2, ["name"] = "ROE, Jane", ["dni"] = "X7654321", ["birth_date"] = WantedBirth })
                : [],
        }));
        app.MapGet(
            "/immigration/{id:int}", (int id) => stub.Entry(id) is { } entry ? Results.Json(entry) : Problem(404, "entry-not-found"));
        app.MapPost(
            "/immigration/{id:int}/annulment",
            (int id, JsonObject body, HttpContext context) => stub.Annul(id, (string)body["reason"]!, context));
        app.MapPost("/immigration", (JsonObject entry, HttpContext context) => stub.Decide(entry, context));
        app.MapGet("/immigration", ([AsParameters] Query query, HttpContext context) =>
        {
            // An officer sees only their own entries.
            var (name, supervisor) = stub.Caller(context);
            return Listing(stub._entries, query, supervisor ? null : name);
        });
        app.MapGet("/refusals", ([AsParameters] Query query) => Listing(stub._refusals, query, owner: null));
        app.MapGet("/hits", ([AsParameters] Query query) => Listing(stub._hits, query, owner: null));
        app.MapGet("/summary", (DateTimeOffset from, DateTimeOffset until) => Results.Json(stub.Summarise(from, until)));
        stub.MapOfficers();
        await app.StartAsync();
        return stub;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task FailAsync(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments("/sessions", StringComparison.Ordinal))
        {
            Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        }

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

    private IResult LookUp(string dni, HttpContext context)
    {
        if (dni != Wanted)
        {
            return Problem(404, "dni-not-found");
        }

        KeepHit(dni, context, decision: false);
        return Results.Json(
            new JsonObject { ["message"] = "", ["dni"] = new JsonObject { ["id"] = 1, ["name"] = "John Doe", ["dni"] = dni } });
    }

    private void KeepHit(string dni, HttpContext context, bool decision)
    {
        lock (_hits)
        {
            _hits.Add(new JsonObject
            {
                ["id"] = _hits.Count + 1,
                ["at"] = "2026-11-24T09:30:00.123456Z",
                ["officer"] = Caller(context).Name,
                ["dni"] = dni,
                ["name"] = OffTheList ? null : "John Doe",
                ["decision"] = decision,
            });
        }
    }

    private IResult Decide(JsonObject entry, HttpContext context)
    {
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        Keys.Enqueue(key);
        var (dni, flight, day) = ((string)entry["dni"]!, (string)entry["flight_number"]!, (string)entry["arrival_date"]!);
        var refusal = (string)entry["lodging"]! == ""
            ? "lodging-required"
            : (decimal)entry["declared_money"]! < 500 ? "insufficient-money" : null;
        lock (_entries)
        {
            var existing = _entries.Find(other => (string)other["dni"]! == dni
                && (string)other["flight_number"]! == flight
                && (string)other["arrival_date"]! == day
                && other["annulled_at"] is null);
            if (dni == Wanted || refusal is not null)
            {
                _refusals.Add(Stored(entry, _refusals.Count + 1, refusal ?? "interpol-match", context));
                if (dni == Wanted)
                {
                    KeepHit(dni, context, decision: true);
                }

                return Problem(
                    dni == Wanted ? 403 : 400,
                    refusal ?? "interpol-match",
                    [.. refusal == "insufficient-money" ? [("required_money", 500)] : Array.Empty<(string, JsonNode)>()]);
            }

            if (existing is not null && _admitted.TryGetValue(key, out var before) && before == (int)existing["id"]!)
            {
                return Results.Json(new JsonObject { ["message"] = "", ["id"] = before }, statusCode: 201);
            }

            if (existing is not null)
            {
                return Problem(409, "already-registered", ("id", (int)existing["id"]!), ("entry", existing.DeepClone()));
            }

            _entries.Add(Stored(entry, _entries.Count + 1, null, context));
            foreach (var refused in _refusals.Where(refused =>
                (string)refused["dni"]! == dni && (string)refused["flight_number"]! == flight && (string)refused["arrival_date"]! == day))
            {
                refused["admitted_later"] = _entries.Count;
            }

            _admitted[key] = _entries.Count;
            if (Fault == Fault.BreakingAfterStoring)
            {
                context.Abort();
            }

            return Results.Json(new JsonObject { ["message"] = "", ["id"] = _entries.Count }, statusCode: 201);
        }
    }

    private JsonObject? Entry(int id)
    {
        lock (_entries)
        {
            return _entries.Find(entry => (int)entry["id"]! == id);
        }
    }

    private IResult Annul(int id, string reason, HttpContext context)
    {
        if (Entry(id) is not { } entry)
        {
            return Problem(404, "entry-not-found");
        }

        if (entry["annulled_at"] is not null)
        {
            return Problem(409, "already-annulled");
        }

        (entry["annulled_at"], entry["annulled_by"], entry["annulment_reason"]) = ($"{Day}T10:00:00Z", Caller(context).Name, reason);
        return Results.Json(entry);
    }

    private JsonObject Stored(JsonObject entry, int id, string? reason, HttpContext context)
    {
        var stored = entry.DeepClone().AsObject();
        (stored["id"], stored["reason"], stored["created_at"], stored["officer"]) =
            (id, reason, "2026-11-24T09:30:00.123456Z", Caller(context).Name);
        return stored;
    }

    private JsonObject Summarise(DateTimeOffset from, DateTimeOffset until)
    {
        var moment = DateTimeOffset.Parse($"{Day}T09:00:00Z", CultureInfo.InvariantCulture);
        var (admitted, refused) = moment >= from && moment < until ? (_entries.Count, _refusals.Count) : (0, 0);
        JsonArray Rows(JsonObject key)
        {
            (key["admitted"], key["refused"]) = (admitted, refused);
            return admitted + refused == 0 ? [] : [key];
        }

        return new JsonObject
        {
            ["travellers"] = admitted + refused,
            ["admitted"] = admitted,
            ["refused"] = refused,
            ["annulled"] = 0,
            ["admitted_later"] = Math.Min(1, refused),
            ["hits"] = _hits.Count,
            ["reasons"] = refused == 0
                ? new JsonArray()
                : new JsonArray(new JsonObject { ["reason"] = "insufficient-money", ["count"] = refused }),
            ["hours"] = Rows(new() { ["from"] = $"{Day}T09:00:00Z" }),
            ["flights"] = Rows(new() { ["flight_number"] = Flight, ["arrival_date"] = Day }),
            ["officers"] = new JsonArray(
                new JsonObject { ["user_name"] = Supervisor, ["role"] = "supervisor", ["last_seen_at"] = $"{Day}T09:30:00Z" }),
        };
    }

    private static IResult Listing(List<JsonObject> rows, Query query, string? owner)
    {
        var found = rows.AsEnumerable().Reverse()
            .Where(row => Has(row, "flight_number", query.FlightNumber) && Has(row, "officer", query.Officer) && Has(row, "officer", owner))
            .Where(row => query.Search is null || $"{row["name"]} {row["dni"]}".Contains(
                query.Search.Replace("-", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal),
                StringComparison.OrdinalIgnoreCase))
            .Where(row => DateTimeOffset.Parse((string)(row["created_at"] ?? row["at"])!, CultureInfo.InvariantCulture) is var at
                && at >= (query.From ?? DateTimeOffset.MinValue)
                && at < (query.Until ?? DateTimeOffset.MaxValue))
            .Where(row => (int)row["id"]! < (query.After ?? int.MaxValue)).ToArray();
        return Results.Json(new JsonObject
        {
            ["items"] = new JsonArray([.. found.Take(query.Limit).Select(row => row.DeepClone())]),
            ["next"] = found.Length > query.Limit ? (int)found[query.Limit - 1]["id"]! : null,
        });

        static bool Has(JsonObject row, string name, string? value) => value is null || value == (string?)row[name];
    }

    private sealed record Query(
        string? Search,
        [FromQuery(Name = "flight_number")] string? FlightNumber,
        string? Officer,
        DateTimeOffset? From,
        DateTimeOffset? Until,
        int? After,
        int Limit);

    // AA123 arrives every day, BA456 the day after tomorrow.
    private static IEnumerable<(string Number, DateOnly Arrival)> Flights(DateOnly? date)
    {
        var today = DateOnly.FromDateTime(DateTime.Now);
        (string Number, DateOnly Arrival)[] all = [(Flight, today.AddDays(-1)), (Flight, today), (LaterFlight, today.AddDays(2))];
        return all.Where(flight => date is null || flight.Arrival == date);
    }

    private static JsonObject ToJson((string Number, DateOnly Arrival) flight) => new()
    {
        ["id"] = 1,
        ["flight_number"] = flight.Number,
        ["airline"] = "American Airlines",
        ["origin"] = "JFK",
        ["destination"] = "LAX",
        ["departure_date"] = $"{flight.Arrival:O}",
        ["arrival_date"] = $"{flight.Arrival:O}",
    };

    private static IResult Problem(int status, string code, params ReadOnlySpan<(string Name, JsonNode Value)> more)
    {
        var problem = new JsonObject { ["status"] = status, ["title"] = "", ["detail"] = "", ["code"] = code };
        foreach (var (name, value) in more)
        {
            problem[name] = value;
        }

        return Results.Json(problem, contentType: "application/problem+json", statusCode: status);
    }
}
