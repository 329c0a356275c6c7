using System.Net;
using System.Text.RegularExpressions;
using Npgsql;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>Every answer that the API can give, given once; and the description has these and no others.</summary>
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
        [("get /flights/{flight_number}", "200")] = at => at.Normal.GetAsync("/flights/AA123"),
        [("get /flights/{flight_number}", "404 flight-not-found")] = at => at.Normal.GetAsync("/flights/ZZ1"),
        [("get /immigration", "200")] = at => at.Normal.GetAsync("/immigration"),
        [("get /immigration", "400 invalid-request")] = at => at.Normal.GetAsync("/immigration?limit=0"),
        [("get /immigration/{id}", "200")] = at => at.Normal.GetAsync("/immigration/1"),
        [("get /immigration/{id}", "404 entry-not-found")] = at => at.Normal.GetAsync("/immigration/0"),
        [("get /refusals", "200")] = at => at.Normal.GetAsync("/refusals"),
        [("get /refusals", "400 invalid-request")] = at => at.Normal.GetAsync("/refusals?after=x"),

        [("post /immigration", "201")] = at => at.Normal.PostAsync("/immigration", Travellers.Body()),
        [("post /immigration", "400 invalid-request")] = at => at.Normal.PostAsync("/immigration", new { }),
        [("post /immigration", "400 lodging-required")] = at => at.Normal.PostAsync("/immigration", Travellers.Body(("lodging", null))),
        [("post /immigration", "400 insufficient-money")] = at => at.Normal.PostAsync("/immigration", Travellers.Body(("declared_money", 1))),
        [("post /immigration", "403 interpol-match")] = at => at.Normal.PostAsync("/immigration", Travellers.Body(("dni", "12345678A"))),
        [("post /immigration", "404 flight-not-found")] = at => at.Normal.PostAsync("/immigration", Travellers.Body(("flight_number", "ZZ1"))),
        [("post /immigration", "409 already-registered")] = async at =>
        {
            var body = Travellers.Body();
            await at.Normal.PostAsync("/immigration", body);
            return await at.Normal.PostAsync("/immigration", body);
        },
        [("post /immigration", "413 payload-too-large")] = at => at.Normal.PostAsync("/immigration", Travellers.Body(("unknown", new string('x', 70_000)))),
        [("post /immigration", "415 unsupported-media-type")] = at => at.Normal.PostTextAsync("/immigration", "{}", "text/plain"),
    };

    static ContractTests()
    {
        // Whatever needs the database fails alike.
        (string Operation, Func<ApiClient, Task<Answer>> Ask)[] needy =
        [
            ("get /dni/{dni}", api => api.GetAsync("/dni/12345678A")),
            ("get /flights/{flight_number}", api => api.GetAsync("/flights/AA123")),
            ("get /immigration", api => api.GetAsync("/immigration")),
            ("get /immigration/{id}", api => api.GetAsync("/immigration/1")),
            ("get /refusals", api => api.GetAsync("/refusals")),
            ("post /immigration", api => api.PostAsync("/immigration", Travellers.Body())),
        ];
        foreach (var (operation, ask) in needy)
        {
            Contract[(operation, "429 too-many-requests")] = at => at.ThrottledAsync(ask);
            Contract[(operation, "500 internal-error")] = at => ask(at.Broken);
            Contract[(operation, "503 database-unavailable")] = at => ask(at.Away);
            Contract[(operation, "503 request-timeout")] = at => ask(at.Slow);
        }
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
            let codes = Code().Matches(response.Value.GetProperty("description").GetString()!).Select(match => $"{response.Name} {match.Groups[1].Value}")
            from answer in codes.DefaultIfEmpty(response.Name)
            select $"{operation.Name} {path.Name}: {answer}";

        Assert.Equal(
            Contract.Keys.Select(row => $"{row.Operation}: {row.Answer}").Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("`([a-z-]+)`")]
    private static partial Regex Code();

    /// <summary>The API in all the circumstances that it can be in.</summary>
    public sealed class Situations(PostgresServer server) : IAsyncLifetime
    {
        private readonly List<ApiHost> _hosts = [];
        private TableLock? _lock;

        /// <summary>All is well.</summary>
        public ApiClient Normal { get; private set; } = null!;

        /// <summary>The database has no tables.</summary>
        public ApiClient Broken { get; private set; } = null!;

        /// <summary>There is no database.</summary>
        public ApiClient Away { get; private set; } = null!;

        /// <summary>The database takes longer than a request may.</summary>
        public ApiClient Slow { get; private set; } = null!;

        private ApiClient Throttled { get; set; } = null!;

        public async ValueTask InitializeAsync()
        {
            var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
            var busy = await (await server.CreateDatabaseAsync()).MigrateAsync();
            _lock = await TableLock.TakeAsync(busy);

            Normal = await StartAsync(database.AsApi);
            Throttled = await StartAsync(database.AsApi, new("Limits:RequestsPerSecond", "1"), new("Limits:RequestBurst", "1"));
            Broken = await StartAsync((await server.CreateDatabaseAsync()).AsApi);
            Away = await StartAsync(new NpgsqlConnectionStringBuilder(database.AsApi) { Port = Loopback.FreePort() }.ConnectionString);
            Slow = await StartAsync(busy.AsApi, new("Limits:RequestTimeout", "00:00:00.2"), new("Limits:DatabaseTimeout", "00:00:30"));
        }

        /// <summary>The answer to a client who has used up what it may ask.</summary>
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
