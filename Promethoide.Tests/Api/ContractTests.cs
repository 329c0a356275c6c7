using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Npgsql;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>Provokes every response that the API can give; the description must list exactly these.</summary>
[Collection("Api")]
public sealed partial class ContractTests(ContractTests.Situations at) : IClassFixture<ContractTests.Situations>
{
    private static readonly Dictionary<(string Operation, string Answer), Func<Situations, Task<Answer>>> Contract = new()
    {
        [("get /", "200")] = at => at.Normal.GetAsync("/"),
        [("get /", "429 too-many-requests")] = at => at.ThrottledAsync(api => api.GetAsync("/")),

        [("get /delay", "200")] = at => at.Normal.GetAsync("/delay?seconds=0"),
        [("get /delay", "400 invalid-request")] = at => at.Normal.GetAsync("/delay?seconds=11"),
        [("get /delay", "429 too-many-requests")] = at => at.ThrottledAsync(api => api.GetAsync("/delay?seconds=0")),

        [("get /dni/{dni}", "200")] = at => at.Normal.GetAsync("/dni/12345678A"),
        [("get /dni/{dni}", "400 invalid-request")] = at => at.Normal.GetAsync("/dni/1234567890123456"),
        [("get /dni/{dni}", "404 dni-not-found")] = at => at.Normal.GetAsync("/dni/INVALID_DNI1"),
        [("get /flights", "200")] = at => at.Normal.GetAsync("/flights?date=2026-01-01"),
        [("get /flights", "400 invalid-request")] = at => at.Normal.GetAsync("/flights"),
        [("get /flights/{flight_number}", "200")] = at => at.Normal.GetAsync("/flights/AA123"),
        [("get /flights/{flight_number}", "400 invalid-request")] = at => at.Normal.GetAsync("/flights/AA123?date=x"),
        [("get /flights/{flight_number}", "404 flight-not-found")] = at => at.Normal.GetAsync("/flights/ZZ1"),
        [("get /immigration", "200")] = at => at.Normal.GetAsync("/immigration"),
        [("get /immigration", "400 invalid-request")] = at => at.Normal.GetAsync("/immigration?limit=0"),
        [("get /immigration/{id}", "200")] = at => at.Normal.GetAsync("/immigration/1"),
        [("get /immigration/{id}", "404 entry-not-found")] = at => at.Normal.GetAsync("/immigration/0"),
        [("post /immigration/{id}/annulment", "200")] = async at =>
            await (await at.SessionAsync()).PostAsync($"/immigration/{await at.EntryAsync()}/annulment", new { reason = "Typed twice" }),
        [("post /immigration/{id}/annulment", "400 invalid-request")] = async at =>
            await (await at.SessionAsync()).PostAsync("/immigration/1/annulment", new { reason = " " }),
        [("post /immigration/{id}/annulment", "404 entry-not-found")] = async at =>
            await (await at.SessionAsync()).PostAsync("/immigration/0/annulment", new { reason = "Typed twice" }),
        [("post /immigration/{id}/annulment", "409 already-annulled")] = async at =>
        {
            var path = $"/immigration/{await at.EntryAsync()}/annulment";
            await (await at.SessionAsync()).PostAsync(path, new { reason = "Typed twice" });
            return await (await at.SessionAsync()).PostAsync(path, new { reason = "Typed twice" });
        },
        [("get /refusals", "200")] = at => at.Normal.GetAsync("/refusals"),
        [("get /refusals", "400 invalid-request")] = at => at.Normal.GetAsync("/refusals?after=x"),

        [("get /summary", "200")] = at => at.Normal.GetAsync("/summary?from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z"),
        [("get /summary", "400 invalid-request")] = at => at.Normal.GetAsync("/summary"),

        [("post /immigration", "201")] = at => at.Normal.PostAsync("/immigration", Travellers.Body()),
        [("post /immigration", "400 invalid-request")] = at => at.Normal.PostAsync("/immigration", new { }),
        [("post /immigration", "400 lodging-required")] = at => at.Normal.PostAsync("/immigration", Travellers.Body(("lodging", null))),
        [("post /immigration", "400 insufficient-money")] = at =>
            at.Normal.PostAsync("/immigration", Travellers.Body(("declared_money", 1))),
        [("post /immigration", "403 interpol-match")] = at => at.Normal.PostAsync("/immigration", Travellers.Body(("dni", "12345678A"))),
        [("post /immigration", "404 flight-not-found")] = at =>
            at.Normal.PostAsync("/immigration", Travellers.Body(("flight_number", "ZZ1"))),
        [("post /immigration", "409 already-registered")] = async at =>
        {
            var body = Travellers.Body();
            await at.Normal.PostAsync("/immigration", body);
            return await at.Normal.PostAsync("/immigration", body);
        },
        [("post /immigration", "413 payload-too-large")] = at =>
            at.Normal.PostAsync("/immigration", Travellers.Body(("unknown", new string('x', 70_000)))),
        [("post /immigration", "415 unsupported-media-type")] = at => at.Normal.PostTextAsync("/immigration", "{}", "text/plain"),
        [("get /wanted", "200")] = at => at.Normal.GetAsync("/wanted?name=Jane%20Roe&birth_date=1980-01-01"),
        [("get /wanted", "400 invalid-request")] = at => at.Normal.GetAsync("/wanted?name=Jane%20Roe"),
        [("get /hits", "200")] = at => at.Normal.GetAsync("/hits"),
        [("get /hits", "400 invalid-request")] = at => at.Normal.GetAsync("/hits?after=x"),

        [("post /sessions", "201")] = async at =>
            await at.Nobody.PostAsync("/sessions", new { user_name = await at.OfficerAsync(), password = Situations.Password }),
        [("post /sessions", "400 invalid-request")] = at => at.Nobody.PostAsync("/sessions", new { }),
        [("post /sessions", "401 sign-in-failed")] = at =>
            at.Nobody.PostAsync("/sessions", new { user_name = "nobody", password = "wrong" }),
        [("post /sessions/link", "201")] = async at => await at.Nobody.PostAsync("/sessions/link", new { token = await at.LinkAsync() }),
        [("post /sessions/link", "400 invalid-request")] = at => at.Nobody.PostAsync("/sessions/link", new { }),
        [("post /sessions/link", "401 sign-in-failed")] = at => at.Nobody.PostAsync("/sessions/link", new { token = "wrong" }),
        [("get /sessions/current", "200")] = async at => await (await at.SessionAsync()).GetAsync("/sessions/current"),
        [("delete /sessions/current", "204")] = async at => await (await at.SessionAsync()).DeleteAsync("/sessions/current"),
        [("delete /sessions", "204")] = async at => await (await at.SessionAsync()).DeleteAsync("/sessions"),
        [("put /sessions/current/password", "204")] = async at => await ChangeAsync(await at.SessionAsync(), Situations.Password),
        [("put /sessions/current/password", "400 invalid-request")] = async at => await ChangeAsync(await at.SessionAsync(), "wrong"),
        [("put /sessions/current/password", "409 single-sign-on")] = async at =>
            await ChangeAsync(await at.SessionAsync(withPassword: false), Situations.Password),

        [("get /officers", "200")] = async at => await (await at.SessionAsync()).GetAsync("/officers"),
        [("post /officers", "201")] = async at =>
            await (await at.SessionAsync()).PostAsync("/officers", new { user_name = $"o{Guid.NewGuid():N}" }),
        [("post /officers", "400 invalid-request")] = async at => await (await at.SessionAsync()).PostAsync("/officers", new { }),
        [("post /officers", "409 officer-exists")] = async at =>
            await (await at.SessionAsync()).PostAsync("/officers", new { user_name = await at.OfficerAsync() }),
        [("post /officers/{user_name}/lock", "204")] = async at =>
            await (await at.SessionAsync()).PostAsync($"/officers/{await at.OfficerAsync()}/lock", new { }),
        [("post /officers/{user_name}/lock", "404 officer-not-found")] = async at =>
            await (await at.SessionAsync()).PostAsync("/officers/nobody/lock", new { }),
        [("post /officers/{user_name}/lock", "409 last-supervisor")] = at =>
            at.AsLastSupervisorAsync((last, name) => last.PostAsync($"/officers/{name}/lock", new { })),
        [("post /officers/{user_name}/unlock", "204")] = async at =>
            await (await at.SessionAsync()).PostAsync($"/officers/{await at.OfficerAsync()}/unlock", new { }),
        [("post /officers/{user_name}/unlock", "404 officer-not-found")] = async at =>
            await (await at.SessionAsync()).PostAsync("/officers/nobody/unlock", new { }),
        [("post /officers/{user_name}/reset", "200")] = async at =>
            await (await at.SessionAsync()).PostAsync($"/officers/{await at.OfficerAsync()}/reset", new { }),
        [("post /officers/{user_name}/reset", "404 officer-not-found")] = async at =>
            await (await at.SessionAsync()).PostAsync("/officers/nobody/reset", new { }),
        [("post /officers/{user_name}/reset", "409 single-sign-on")] = async at =>
            await (await at.SessionAsync()).PostAsync($"/officers/{await at.OfficerAsync(withPassword: false)}/reset", new { }),
        [("delete /officers/{user_name}", "204")] = async at =>
            await (await at.SessionAsync()).DeleteAsync($"/officers/{await at.OfficerAsync()}"),
        [("delete /officers/{user_name}", "404 officer-not-found")] = async at =>
            await (await at.SessionAsync()).DeleteAsync("/officers/nobody"),
        [("delete /officers/{user_name}", "409 last-supervisor")] = at =>
            at.AsLastSupervisorAsync((last, name) => last.DeleteAsync($"/officers/{name}")),
    };

    static ContractTests()
    {
        // All operations that need the database fail in the same way.
        (string Operation, Func<ApiClient, Task<Answer>> Ask)[] needy =
        [
            ("get /dni/{dni}", api => api.GetAsync("/dni/12345678A")),
            ("get /flights", api => api.GetAsync("/flights?date=2026-01-01")),
            ("get /flights/{flight_number}", api => api.GetAsync("/flights/AA123")),
            ("get /immigration", api => api.GetAsync("/immigration")),
            ("get /immigration/{id}", api => api.GetAsync("/immigration/1")),
            ("get /refusals", api => api.GetAsync("/refusals")),
            ("post /immigration", api => api.PostAsync("/immigration", Travellers.Body())),
            ("get /hits", api => api.GetAsync("/hits")),
            ("get /wanted", api => api.GetAsync("/wanted?name=Jane%20Roe&birth_date=1980-01-01")),
            ("post /immigration/{id}/annulment", api => api.PostAsync("/immigration/1/annulment", new { reason = "Typed twice" })),
            ("get /summary", api => api.GetAsync("/summary?from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z")),
            ("post /sessions", api => api.PostAsync("/sessions", new { user_name = "nobody", password = "wrong" })),
            ("post /sessions/link", api => api.PostAsync("/sessions/link", new { token = "wrong" })),
            ("get /sessions/current", api => api.GetAsync("/sessions/current")),
            ("delete /sessions/current", api => api.DeleteAsync("/sessions/current")),
            ("delete /sessions", api => api.DeleteAsync("/sessions")),
            ("put /sessions/current/password", api => ChangeAsync(api, "wrong")),
            ("get /officers", api => api.GetAsync("/officers")),
            ("post /officers", api => api.PostAsync("/officers", new { user_name = "nobody" })),
            ("post /officers/{user_name}/lock", api => api.PostAsync("/officers/nobody/lock", new { })),
            ("post /officers/{user_name}/unlock", api => api.PostAsync("/officers/nobody/unlock", new { })),
            ("post /officers/{user_name}/reset", api => api.PostAsync("/officers/nobody/reset", new { })),
            ("delete /officers/{user_name}", api => api.DeleteAsync("/officers/nobody")),
        ];
        Contract[("post /immigration", "422 idempotency-key-reused")] = async at =>
        {
            var key = ("Idempotency-Key", Guid.NewGuid().ToString());
            await at.Normal.PostAsync("/immigration", Travellers.Body(), key);
            return await at.Normal.PostAsync("/immigration", Travellers.Body(), key);
        };
        foreach (var (operation, ask) in needy)
        {
            Contract[(operation, "429 too-many-requests")] = at => at.ThrottledAsync(ask);
            Contract[(operation, "500 internal-error")] = at => ask(at.Broken);
            Contract[(operation, "503 database-unavailable")] = at => ask(at.Away);
            Contract[(operation, "503 request-timeout")] = at => ask(IsForOfficers(operation) ? at.Slow.As("pms_token") : at.Slow);
            if (operation is not ("post /sessions" or "post /sessions/link"))
            {
                Contract[(operation, "401 sign-in-required")] = at => ask(at.Nobody);
                Contract[(operation, "403 not-allowed")] = at => ask(at.Powerless);
                if (!operation.Contains("/sessions", StringComparison.Ordinal))
                {
                    Contract[(operation, "403 password-change-required")] = async at => await ask(await at.SessionAsync(mustChange: true));
                }
            }
        }

        foreach (var (operation, path) in ((string, string)[])
        [
            ("post /sessions", "/sessions"),
            ("post /sessions/link", "/sessions/link"),
            ("post /officers", "/officers"),
            ("post /immigration/{id}/annulment", "/immigration/1/annulment"),
        ])
        {
            Contract[(operation, "413 payload-too-large")] = async at =>
                await (await at.SessionAsync()).PostAsync(path, new { unknown = new string('x', 70_000) });
            Contract[(operation, "415 unsupported-media-type")] = async at =>
                await (await at.SessionAsync()).PostTextAsync(path, "{}", "text/plain");
        }

        Contract[("put /sessions/current/password", "413 payload-too-large")] = async at =>
            await (await at.SessionAsync()).PutAsync("/sessions/current/password", new { unknown = new string('x', 70_000) });
        Contract[("put /sessions/current/password", "415 unsupported-media-type")] = async at =>
            await (await at.SessionAsync()).SendAsync(HttpMethod.Put, "/sessions/current/password", new StringContent("{}"));
    }

    public static TheoryData<string, string> Rows =>
        new(Contract.Keys.Select(row => new TheoryDataRow<string, string>(row.Operation, row.Answer)));

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Every_answer_is_given(string operation, string expected)
    {
        var answer = await Contract[(operation, expected)](at);

        if (expected.Split(' ') is [var status, var code])
        {
            answer.IsProblem((HttpStatusCode)int.Parse(status, System.Globalization.CultureInfo.InvariantCulture), code);
            Assert.Equal(status is "429" or "503", answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        }
        else
        {
            Assert.Equal(expected, $"{(int)answer.Status}");
        }
    }

    [Fact]
    public async Task The_description_has_exactly_these_answers()
    {
        var described =
            from path in (await at.Normal.GetAsync("/openapi/v1.json")).Json.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            from response in operation.Value.GetProperty("responses").EnumerateObject()
            let codes = Code().Matches(response.Value.GetProperty("description").GetString()!)
                .Select(match => $"{response.Name} {match.Groups[1].Value}")
            from answer in codes.DefaultIfEmpty(response.Name)
            select $"{operation.Name} {path.Name}: {answer}";

        Assert.Equal(
            Contract.Keys.Select(row => $"{row.Operation}: {row.Answer}").Order(StringComparer.Ordinal),
            described.Order(StringComparer.Ordinal));
    }

    private static bool IsForOfficers(string operation) =>
        operation.Contains("/sessions", StringComparison.Ordinal) || operation.Contains("/officers", StringComparison.Ordinal)
        || operation.EndsWith("/annulment", StringComparison.Ordinal);

    private static Task<Answer> ChangeAsync(ApiClient officer, string current) =>
        officer.PutAsync("/sessions/current/password", new { current_password = current, new_password = "another long phrase of mine" });

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Code();

    /// <summary>The API in every state it can be in.</summary>
    public sealed class Situations(PostgresServer server) : IAsyncLifetime
    {
        public const string Password = "a good long phrase of mine";

        private readonly List<ApiHost> _hosts = [];
        private TestDatabase _database = null!;
        private TableLock? _lock;
        private string _hash = "";

        /// <summary>Everything works.</summary>
        public ApiClient Normal { get; private set; } = null!;

        /// <summary>The database has no tables.</summary>
        public ApiClient Broken { get; private set; } = null!;

        /// <summary>There is no database.</summary>
        public ApiClient Away { get; private set; } = null!;

        /// <summary>The database takes longer than a request may.</summary>
        public ApiClient Slow { get; private set; } = null!;

        /// <summary>Everything works; nobody is signed in.</summary>
        public ApiClient Nobody { get; private set; } = null!;

        /// <summary>Everything works; the caller is a service whose key permits nothing.</summary>
        public ApiClient Powerless { get; private set; } = null!;

        private ApiClient Throttled { get; set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
            var busy = await (await server.CreateDatabaseAsync()).MigrateAsync();
            _lock = await TableLock.TakeAsync(busy);

            _database = database;
            _hash = new PasswordHasher<Officer>().HashPassword(null!, Password);
            await database.AddKeyAsync("powerless", "pmk_powerless");
            Normal = await StartAsync(
                database.AsApi,
                new("Limits:SignInsPerClient", "1000"),
                new("Limits:SignInsPerName", "1000"),
                new("Api:TokenCache", "00:00:00"));
            (Nobody, Powerless) = (Normal.As(null), Normal.As("pmk_powerless"));
            Throttled = await StartAsync(database.AsApi, new("Limits:RequestsPerSecond", "1"), new("Limits:RequestBurst", "1"));
            Broken = await StartAsync((await server.CreateDatabaseAsync()).AsApi);
            Away = await StartAsync(new NpgsqlConnectionStringBuilder(database.AsApi) { Port = Loopback.FreePort() }.ConnectionString);
            Slow = await StartAsync(busy.AsApi, new("Limits:RequestTimeout", "00:00:00.2"), new("Limits:DatabaseTimeout", "00:00:30"));
        }

        /// <summary>A new officer.</summary>
        /// <returns>The name.</returns>
        public async Task<string> OfficerAsync(bool withPassword = true, bool mustChange = false)
        {
            var name = $"o{Guid.NewGuid():N}";
            var wayIn = withPassword ? $"'{_hash}', NULL" : $"NULL, '{name}'";
            await _database.ChangeAsync(
                $"""
                INSERT INTO officers (
                    user_name, normalized_user_name, role, locked, must_change_password, access_failed_count, concurrency_stamp,
                    security_stamp, password_hash, external_id)
                VALUES ('{name}', '{name}', 'supervisor', false, {mustChange}, 0, 'x', 'x', {wayIn})
                """);
            return name;
        }

        /// <summary>A new supervisor who is signed in.</summary>
        public async Task<ApiClient> SessionAsync(bool withPassword = true, bool mustChange = false) =>
            await SignInAsync(await OfficerAsync(withPassword, mustChange));

        /// <summary>A new entry.</summary>
        /// <returns>Its id.</returns>
        public async Task<long> EntryAsync() =>
            (await Normal.PostAsync("/immigration", Travellers.Body())).Json.GetProperty("id").GetInt64();

        /// <summary>The token of a new sign-in link.</summary>
        public async Task<string> LinkAsync()
        {
            var token = Guid.NewGuid().ToString();
            await _database.ChangeAsync(
                $"INSERT INTO sign_in_links SELECT '\\x{Convert.ToHexString(Secret.Hash(token))}', id, now() + interval '1 hour' "
                + "FROM officers LIMIT 1");
            return token;
        }

        /// <summary>The response to the last remaining supervisor.</summary>
        public async Task<Answer> AsLastSupervisorAsync(Func<ApiClient, string, Task<Answer>> ask)
        {
            var name = await OfficerAsync();
            var last = await SignInAsync(name);
            await _database.ChangeAsync($"DELETE FROM officers WHERE user_name <> '{name}'");
            return await ask(last, name);
        }

        private async Task<ApiClient> SignInAsync(string name)
        {
            var token = $"pms_{Guid.NewGuid():N}";
            await _database.ChangeAsync(
                "INSERT INTO sessions (officer_id, token_hash, by_link) "
                + $"SELECT id, '\\x{Convert.ToHexString(Secret.Hash(token))}', false FROM officers WHERE user_name = '{name}'");
            return Normal.As(token);
        }

        /// <summary>The response to a client that has used up its rate limit.</summary>
        public async Task<Answer> ThrottledAsync(Func<ApiClient, Task<Answer>> ask)
        {
            for (var attempt = 0; ; attempt++)
            {
                var answer = await ask(Throttled);
                if (answer.Status == HttpStatusCode.TooManyRequests || attempt == 20)
                {
                    return answer;
                }
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var host in _hosts)
            {
                await host.DisposeAsync();
            }

            await (_lock?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        private async Task<ApiClient> StartAsync(string connectionString, params KeyValuePair<string, string?>[] settings)
        {
            var host = new ApiHost(connectionString, settings: [new("Logging:LogLevel:Default", "None"), .. settings]);
            _hosts.Add(host);
            await Task.Yield();
            return host.Public;
        }
    }
}
