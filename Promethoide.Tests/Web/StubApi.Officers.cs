using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Promethoide.Tests.Web;

/// <content>Users and permissions, as in the API.</content>
public sealed partial class StubApi
{
    public const string Officer = "ana";
    public const string Supervisor = "sofia";
    public const string Password = "a sentence to sign in with";

    private readonly ConcurrentDictionary<string, Account> _officers = new()
    {
        [Officer] = new Account("officer", Password),
        [Supervisor] = new Account("supervisor", Password),
    };

    private readonly ConcurrentDictionary<string, string> _sessions = new();
    private readonly ConcurrentDictionary<string, string> _links = new();

    /// <summary>The client addresses that sign-in attempts state.</summary>
    public ConcurrentQueue<string> SignIns { get; } = [];

    /// <summary>The number of session checks.</summary>
    public int SessionChecks => _sessionChecks;

    /// <summary>Whether sign-ins get 429 (too many requests).</summary>
    public bool TooMany { get; set; }

    private int _sessionChecks;

    /// <summary>Adds an officer who signs in with <see cref="Password"/>; returns the name.</summary>
    public string NewOfficer(string role = "officer", bool mustChange = false)
    {
        var name = $"o{Random.Shared.NextInt64(10_000_000_000):D10}";
        _officers[name] = new Account(role, Password) { MustChange = mustChange };
        return name;
    }

    /// <summary>Creates a one-time sign-in link.</summary>
    public string NewLink(string name)
    {
        var token = NewSecret();
        _links[token] = name;
        return token;
    }

    /// <summary>As after half an hour of inactivity, or when a supervisor ends them.</summary>
    public void EndSessions(string name)
    {
        foreach (var (token, _) in _sessions.Where(session => session.Value == name))
        {
            _sessions.TryRemove(token, out _);
        }
    }

    public bool HasSession(string name) => _sessions.Values.Contains(name);

    public void ResetPassword(string name)
    {
        (_officers[name].Password, _officers[name].MustChange) = (Password, true);
        EndSessions(name);
    }

    /// <summary>As a supervisor would, while the session continues.</summary>
    public void RequirePasswordChange(string name) => _officers[name].MustChange = true;

    public void Lock(string name)
    {
        _officers[name].Locked = true;
        EndSessions(name);
    }

    private static string NewSecret() => $"pms_{WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32))}";

    private (string? Name, bool Supervisor) Caller(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token]
            && _sessions.TryGetValue(token, out var name)
            ? (name, _officers[name].Role == "supervisor")
            : (null, false);

    private async Task AllowAsync(HttpContext context, RequestDelegate next)
    {
        var (path, method) = (context.Request.Path, context.Request.Method);
        if (path.StartsWithSegments("/sessions", StringComparison.Ordinal) && HttpMethods.IsPost(method))
        {
            SignIns.Enqueue(context.Request.Headers["X-Forwarded-For"].ToString());
            await (TooMany ? Problem(429, "too-many-requests").ExecuteAsync(context) : next(context));
            return;
        }

        var (name, supervisor) = Caller(context);
        var ownSession = path.StartsWithSegments("/sessions", StringComparison.Ordinal);
        var supervised = ((string[])["/officers", "/hits", "/refusals"])
            .Any(start => path.StartsWithSegments(start, StringComparison.Ordinal));
        var refusal = name is null ? Problem(401, "sign-in-required")
            : !ownSession && _officers[name].MustChange ? Problem(403, "password-change-required")
            : supervised && !supervisor ? Problem(403, "not-allowed")
            : null;
        await (refusal?.ExecuteAsync(context) ?? next(context));
    }

    private void MapOfficers()
    {
        _app.MapPost("/sessions", (JsonObject body) =>
        {
            var name = (string)body["user_name"]!;
            return _officers.TryGetValue(name, out var officer)
                && officer is { Locked: false, Password: { } password }
                && password == (string)body["password"]!
                ? Begin(name)
                : Problem(401, "sign-in-failed");
        });
        _app.MapPost(
            "/sessions/link",
            (JsonObject body) => _links.TryRemove((string)body["token"]!, out var name) ? Begin(name) : Problem(401, "sign-in-failed"));
        _app.MapPost("/sessions/single-sign-on", (HttpContext context) =>
        {
            // The stub trusts the token's claims; tests of the real API cover validation.
            var token = context.Request.Headers.Authorization.ToString()["Bearer ".Length..];
            var claims = JsonNode.Parse(WebEncoders.Base64UrlDecode(token.Split('.')[1]))!;
            var role = claims["roles"] is JsonArray roles ? (string?)roles.FirstOrDefault() : (string?)claims["roles"];
            if (role is not ("officer" or "supervisor"))
            {
                return Problem(403, "no-role");
            }

            var name = (string)claims["sub"]!;
            _officers[name] = new Account(role, null);
            return Begin(name);
        });
        _app.MapGet("/sessions/current", (HttpContext context) =>
        {
            Interlocked.Increment(ref _sessionChecks);
            return Results.Json(State(Caller(context).Name!));
        });
        _app.MapDelete("/sessions/current", (HttpContext context) =>
        {
            _sessions.TryRemove(context.Request.Headers.Authorization.ToString()["Bearer ".Length..], out _);
            return Results.NoContent();
        });
        _app.MapDelete("/sessions", (HttpContext context) =>
        {
            EndSessions(Caller(context).Name!);
            return Results.NoContent();
        });
        _app.MapPut("/sessions/current/password", (JsonObject body, HttpContext context) =>
        {
            var officer = _officers[Caller(context).Name!];
            var next = (string)body["new_password"]!;
            var field = (string)body["current_password"]! != officer.Password
                ? "current_password"
                : next == officer.Password || next.StartsWith("password", StringComparison.Ordinal) ? "new_password" : null;
            if (field is not null)
            {
                return Problem(400, "invalid-request", ("errors", new JsonObject { [field] = new JsonArray("no") }));
            }

            (officer.Password, officer.MustChange) = (next, false);
            return Results.NoContent();
        });
        _app.MapGet("/officers", () => Results.Json(new JsonObject
        {
            ["items"] = new JsonArray([.. _officers.OrderBy(officer => officer.Key, StringComparer.Ordinal).Select(officer => new JsonObject
            {
                ["user_name"] = officer.Key,
                ["role"] = officer.Value.Role,
                ["locked"] = officer.Value.Locked,
                ["must_change_password"] = officer.Value.MustChange,
                ["single_sign_on"] = officer.Value.Password is null,
                ["last_seen_at"] = HasSession(officer.Key) ? "2026-11-24T09:30:00.123456Z" : null,
            })]),
        }));
        _app.MapPost("/officers", (JsonObject body) =>
        {
            var name = (string)body["user_name"]!;
            return _officers.TryAdd(name, new Account((string)body["role"]!, NewSecret()) { MustChange = true })
                ? Issued(name, 201)
                : Problem(409, "officer-exists");
        });
        _app.MapPost("/officers/{name}/{action}", (string name, string action) =>
        {
            if (!_officers.TryGetValue(name, out var officer))
            {
                return Problem(404, "officer-not-found");
            }

            switch (action)
            {
                case "lock" when IsLastSupervisor(name):
                    return Problem(409, "last-supervisor");
                case "reset" when officer.Password is null:
                    return Problem(409, "single-sign-on");
                case "reset":
                    EndSessions(name);
                    (officer.Password, officer.MustChange) = (NewSecret(), true);
                    return Issued(name, 200);
                case "lock":
                    Lock(name);
                    return Results.NoContent();
                default:
                    officer.Locked = false;
                    return Results.NoContent();
            }
        });
        _app.MapDelete("/officers/{name}", (string name) =>
        {
            if (IsLastSupervisor(name))
            {
                return Problem(409, "last-supervisor");
            }

            EndSessions(name);
            return _officers.TryRemove(name, out _) ? Results.NoContent() : Problem(404, "officer-not-found");
        });

        IResult Issued(string name, int status) =>
            Results.Json(new JsonObject { ["user_name"] = name, ["password"] = _officers[name].Password }, statusCode: status);
    }

    private bool IsLastSupervisor(string name) =>
        _officers.Where(officer => officer.Value is { Role: "supervisor", Locked: false })
            .Select(officer => officer.Key)
            .ToArray() is [var last] && last == name;

    private IResult Begin(string name)
    {
        var token = NewSecret();
        _sessions[token] = name;
        var session = State(name);
        session["token"] = token;
        return Results.Json(session, statusCode: 201);
    }

    private JsonObject State(string name) => new()
    {
        ["user_name"] = name,
        ["role"] = _officers[name].Role,
        ["must_change_password"] = _officers[name].MustChange,
        ["has_password"] = _officers[name].Password is not null,
        ["ends_at"] = DateTimeOffset.UtcNow.AddHours(12).ToString("O"),
    };

    private sealed class Account(string role, string? password)
    {
        public string Role => role;

        public string? Password { get; set; } = password;

        public bool Locked { get; set; }

        public bool MustChange { get; set; }
    }
}
