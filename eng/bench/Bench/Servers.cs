using System.Text.RegularExpressions;
using Npgsql;
using Promethoide.Network;

namespace Promethoide.Bench;

/// <summary>
/// PostgreSQL as the AppHost starts it, the API, a second one whose database has a million wanted persons and a million entries, and the
/// bare endpoint.
/// </summary>
internal sealed partial class Servers : IAsyncDisposable
{
    public const string Api = "rest-api";
    public const string ApiWithMillion = "rest-api-million";
    public const string Bare = "bare";

    private const string Million = "million";

    private readonly RunningNetwork _network;
    private readonly string _database;
    private readonly Dictionary<string, (string Url, Server Server)> _servers = [];

    private Servers(RunningNetwork network, string database) => (_network, _database) = (network, database);

    /// <exception cref="InvalidOperationException">Something could not be started.</exception>
    public static async Task<Servers> StartAsync()
    {
        var network = await RunningNetwork.StartAsync(builder => builder.StartOnly("postgres", "migrations"));
        var database = await network.ConnectionStringAsync("promethoide-api");
        var servers = new Servers(network, database);
        try
        {
            await FillMillionAsync(await network.ConnectionStringAsync("promethoide"));
            servers.Key = await NewKeyAsync(database, "look-up", "decide");
            servers.ReadersKey = await NewKeyAsync(InMillion(database), "read");
            await servers.AddAsync(Api, database);
            await servers.AddAsync(ApiWithMillion, InMillion(database));
            var bare = $"http://127.0.0.1:{Server.FreePort()}";
            servers._servers[Bare] = (bare, await Server.StartAsync(
                "dotnet",
                [Server.Assembly("Promethoide.Bare")],
                new Dictionary<string, string>
                {
                    ["ASPNETCORE_URLS"] = bare,
                    ["ConnectionStrings__promethoide"] = database,
                    ["DOTNET_hostBuilder__reloadConfigOnChange"] = "false",
                },
                $"{bare}/health"));
            return servers;
        }
        catch
        {
            await servers.DisposeAsync();
            throw;
        }
    }

    public string Url(string server) => _servers[server].Url;

    /// <summary>A key that is valid for every request of the benchmark.</summary>
    public string Key { get; private set; } = "";

    /// <summary>A key that is valid for the lists of <see cref="ApiWithMillion"/>.</summary>
    public string ReadersKey { get; private set; } = "";

    /// <summary>A server's peak resident memory, in MB.</summary>
    public double PeakMemory(string server) => _servers[server].Server.PeakMemory;

    /// <summary>Starts another API beside the measured one.</summary>
    public Task<(string Url, Server Server)> StartApiAsync() => StartApiAsync(_database);

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, server) in _servers.Values)
        {
            await server.DisposeAsync();
        }

        await _network.DisposeAsync();
    }

    private async Task AddAsync(string name, string database) => _servers[name] = await StartApiAsync(database);

    // As in production: metrics can be scraped, and one request in ten is traced. wrk is a single client that sends more than any other:
    // the rate limit counts its requests but does not reject them.
    private static async Task<(string Url, Server Server)> StartApiAsync(string database)
    {
        var (url, ops) = ($"http://127.0.0.1:{Server.FreePort()}", Server.FreePort());
        return (url, await Server.StartAsync("dotnet", [Server.Assembly("Promethoide.Api")], new Dictionary<string, string>
        {
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = $"{url};http://127.0.0.1:{ops}",
            ["OPS_PORT"] = $"{ops}",
            ["ConnectionStrings__promethoide"] = database,
            ["OTEL_TRACES_SAMPLER"] = "parentbased_traceidratio",
            ["OTEL_TRACES_SAMPLER_ARG"] = "0.1",
            ["DOTNET_hostBuilder__reloadConfigOnChange"] = "false",
            ["Limits__RequestsPerSecond"] = "1000000",
            ["Limits__RequestBurst"] = "1000000",
            // Each request is measured without a key, as the original's clients send it, and with one.
            ["Api__AllowAnonymous"] = "true",
        }, $"http://127.0.0.1:{ops}/health"));
    }

    private static string InMillion(string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) { Database = Million }.ConnectionString;

    private static async Task<string> NewKeyAsync(string database, params string[] scopes) =>
        KeyPattern().Match(await RunApiAsync(database, ["keys", "add", "bench", "--scope", .. scopes])).Value;

    private static async Task FillMillionAsync(string owner)
    {
        await ExecuteAsync(owner, $"CREATE DATABASE {Million}");
        await RunApiAsync(InMillion(owner), "migrate");
        await ExecuteAsync(
            InMillion(owner),
            "INSERT INTO interpol (name, dni) SELECT 'Wanted ' || n, 'W' || lpad(n::text, 7, '0') FROM generate_series(1, 1000000) n");
        // Ten thousand decisions a day, for a hundred days.
        await ExecuteAsync(
            InMillion(owner),
            """
            INSERT INTO immigration (name, dni, lodging, declared_money, flight_number, arrival_date, created_at)
            SELECT 'Traveller ' || n, 'E' || lpad(n::text, 7, '0'), 'Hotel', 900, 'AA' || n % 100, current_date - n / 10000,
                now() - n * interval '8.64 s'
            FROM generate_series(1, 1000000) n;
            INSERT INTO refusals (name, dni, declared_money, flight_number, arrival_date, reason, created_at)
            SELECT 'Traveller ' || n, 'E' || lpad(n::text, 7, '0'), 1, 'AA' || n % 100, current_date - n / 10000, 'insufficient-money',
                now() - n * interval '8.64 s' - interval '1 minute'
            FROM generate_series(1, 1000000, 20) n
            """);
        await ExecuteAsync(InMillion(owner), "VACUUM ANALYZE interpol, immigration, refusals");
    }

    private static async Task<string> RunApiAsync(string database, params string[] arguments)
    {
        var start = new System.Diagnostics.ProcessStartInfo("dotnet", [Server.Assembly("Promethoide.Api"), .. arguments])
        {
            RedirectStandardOutput = true,
            Environment = { ["ConnectionStrings__promethoide"] = database },
        };
        using var program = System.Diagnostics.Process.Start(start)!;
        var output = await program.StandardOutput.ReadToEndAsync();
        await program.WaitForExitAsync();
        return program.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', arguments)} failed: {output}");
    }

    private static async Task ExecuteAsync(string database, string statement)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }

    [GeneratedRegex("pmk_[A-Za-z0-9_-]+")]
    private static partial Regex KeyPattern();
}
