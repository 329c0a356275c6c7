using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api.Officers;

/// <summary>The real API with a few officers. It does not cache tokens between requests, so a revocation takes effect at once.</summary>
public sealed class AccessFixture : IAsyncLifetime
{
    private readonly PostgresServer _server;

    public const string Password = "a good long phrase of mine";

    private ApiHost? _host;

    public AccessFixture(PostgresServer server)
    {
        _server = server;
        Callers = new(NewCallersAsync);
        Dead = new(NewDeadAsync);
    }

    /// <summary>One caller of each kind.</summary>
    public Lazy<Task<List<(string Who, ApiClient Client)>>> Callers { get; }

    /// <summary>Tokens and keys that are no longer valid, or never were.</summary>
    public Lazy<Task<List<(string What, ApiClient Client)>>> Dead { get; }

    public TestDatabase Database { get; private set; } = null!;

    public ApiHost Host => _host!;

    /// <summary>Calls without a token.</summary>
    public ApiClient Nobody { get; private set; } = null!;

    /// <summary>Calls as the first supervisor.</summary>
    public ApiClient Supervisor { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await (await _server.CreateDatabaseAsync()).MigrateAsync();
        _host = await StartAsync();
        Nobody = Host.Public.As(null);
        await Database.ChangeAsync("UPDATE officers SET must_change_password = false");
        Supervisor = await SignInAsync("supervisor", TestDatabase.SupervisorPassword);
    }

    /// <summary>Starts another API on the same database.</summary>
    public async Task<ApiHost> StartAsync(params KeyValuePair<string, string?>[] settings) => await new ApiHost(
        Database.AsApi,
        settings:
        [
            new("Api:TokenCache", "00:00:00"), new("Limits:SignInsPerClient", "10000"), new("Limits:SignInsPerName", "10000"), .. settings,
        ])
        .ReadyAsync();

    /// <summary>Signs in.</summary>
    /// <returns>A client that uses the session's token.</returns>
    public async Task<ApiClient> SignInAsync(string name, string password = Password) =>
        Host.Public.As(await TokenAsync(Nobody, name, password));

    /// <summary>Signs in to any API.</summary>
    public static async Task<string> TokenAsync(ApiClient api, string name, string password = Password)
    {
        var answer = await api.PostAsync("/sessions", new { user_name = name, password });
        Assert.Equal(201, (int)answer.Status);
        return answer.Json.GetProperty("token").GetString()!;
    }

    /// <summary>Adds an officer who has changed the first password.</summary>
    /// <returns>The name.</returns>
    public async Task<string> AddOfficerAsync(string role = "officer")
    {
        var (name, first) = await AddWithFirstPasswordAsync(role);
        var officer = await SignInAsync(name, first);
        Assert.Equal(
            204,
            (int)(await officer.PutAsync("/sessions/current/password", new { current_password = first, new_password = Password })).Status);
        return name;
    }

    /// <summary>Adds an officer who still has the first password.</summary>
    public async Task<(string Name, string Password)> AddWithFirstPasswordAsync(string role = "officer")
    {
        var name = $"o{Guid.NewGuid():N}";
        var answer = await Supervisor.PostAsync("/officers", new { user_name = name, role });
        Assert.Equal(201, (int)answer.Status);
        return (name, answer.Json.GetProperty("password").GetString()!);
    }

    /// <summary>One caller of each kind, with sessions that only this test uses.</summary>
    public async Task<List<(string Who, ApiClient Client)>> NewCallersAsync()
    {
        var (first, password) = await AddWithFirstPasswordAsync("supervisor");
        var callers = new List<(string, ApiClient)>
        {
            ("nobody", Nobody),
            ("officer", await SignInAsync(await AddOfficerAsync())),
            ("supervisor", await SignInAsync(await AddOfficerAsync("supervisor"))),
            ("first-password", await SignInAsync(first, password)),
        };
        foreach (var scope in (string[])["look-up", "decide", "read", "smoke"])
        {
            callers.Add((scope, (await KeyAsync(scope)).Client));
        }

        return callers;
    }

    private async Task<List<(string What, ApiClient Client)>> NewDeadAsync()
    {
        var (idle, shift, locked, removed, reset) = (
            await AddAsync(),
            await AddAsync(),
            await AddAsync(),
            await AddAsync(),
            await AddAsync());
        var signedOut = await SignInAsync(await AddOfficerAsync("supervisor"));
        await signedOut.DeleteAsync("/sessions/current");
        var (revoked, expired) = (await KeyAsync("look-up", "decide", "read"), await KeyAsync("look-up", "decide", "read"));
        await Database.ChangeAsync(
            $"""
            UPDATE sessions SET last_seen_at = now() - interval '31 minutes'
            WHERE officer_id = (SELECT id FROM officers WHERE user_name = '{idle.Name}');
            UPDATE sessions SET created_at = now() - interval '12 hours 1 second'
            WHERE officer_id = (SELECT id FROM officers WHERE user_name = '{shift.Name}');
            UPDATE officers SET locked = true WHERE user_name = '{locked.Name}';
            DELETE FROM officers WHERE user_name = '{removed.Name}';
            UPDATE api_keys SET revoked_at = now() WHERE name = '{revoked.Name}';
            UPDATE api_keys SET expires_at = now() - interval '1 second' WHERE name = '{expired.Name}'
            """);
        await Supervisor.PostAsync($"/officers/{reset.Name}/reset", new { });
        return
        [
            ("idle", idle.Client), ("shift over", shift.Client), ("locked", locked.Client), ("removed", removed.Client),
            ("reset", reset.Client), ("signed out", signedOut), ("revoked key", revoked.Client), ("expired key", expired.Client),
            ("made up", Nobody.As("pms_made-up")), ("made-up key", Nobody.As("pmk_made-up")), ("empty", Nobody.As("")),
        ];

        async Task<(string Name, ApiClient Client)> AddAsync()
        {
            var name = await AddOfficerAsync("supervisor");
            return (name, await SignInAsync(name));
        }
    }

    public async Task<(string Name, ApiClient Client)> KeyAsync(params string[] scopes)
    {
        var name = $"k{Guid.NewGuid():N}";
        await Database.AddKeyAsync(name, $"pmk_{name}", scopes);
        return (name, Nobody.As($"pmk_{name}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
