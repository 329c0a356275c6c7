using System.Globalization;
using Npgsql;
using Promethoide.Local;
using Promethoide.Local.Components;
using Promethoide.Local.State;
using Promethoide.Local.Supervision;

namespace Promethoide.Bench;

/// <summary>PostgreSQL, the API as Local runs it, a second one whose database has a million wanted persons, and the bare endpoint.</summary>
internal sealed class Servers : IAsyncDisposable
{
    public const string Api = "rest-api";
    public const string ApiWithMillion = "rest-api-million";
    public const string Bare = "bare";

    private const string Million = "million";

    private readonly StateFolder _state;
    private readonly Supervisor _supervisor;
    private readonly Dictionary<string, string> _urls;

    private Servers(StateFolder state, Supervisor supervisor, Dictionary<string, string> urls) => (_state, _supervisor, _urls) = (state, supervisor, urls);

    /// <exception cref="UserException">Something could not be started.</exception>
    public static async Task<Servers> StartAsync()
    {
        var checkout = Checkout.Find();
        var state = StateFolder.OpenEphemeral(checkout);
        var settings = new Settings(checkout);
        // As in production: metrics to be scraped, and one request in ten traced.
        var context = new NetworkContext(checkout, state, settings, Ports.Choose("auto", null)) { TracedShare = 0.1 };
        var second = context with { Ports = Ports.Choose("auto", null) };
        var programs = new Programs();
        var database = new Database(checkout, state, settings, context.Ports, programs);
        var million = database.WithName(Million);

        var supervisor = new Supervisor(
            [
                database.Component(),
                DotnetServices.Migrations(context, database),
                Measured(DotnetServices.RestApi(context, database), Api, ["migrations"]),
                Measured(DotnetServices.Migrations(second, million), "migrations-million", ["migrations"]),
                Measured(DotnetServices.RestApi(second, million), ApiWithMillion, ["migrations-million"]),
                BareEndpoint(second, database),
            ],
            state,
            restart: false);
        var servers = new Servers(state, supervisor, new()
        {
            [Api] = context.Local("rest-api"),
            [ApiWithMillion] = second.Local("rest-api"),
            [Bare] = second.Local("web"),
        });

        await supervisor.StartHealthyAsync(state, servers);
        await FillAsync(million.Owner);
        return servers;
    }

    public string Url(string server) => _urls[server];

    /// <summary>The most memory that a server has had resident, in MB.</summary>
    public double PeakMemory(string server)
    {
        var status = File.ReadLines($"/proc/{_supervisor.Table.Single(component => component.Name == server).ProcessId}/status");
        var words = status.Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return double.Parse(words[^2], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Starts a server anew; returns when it says that it is ready.</summary>
    public async Task RestartAsync(string server)
    {
        await _supervisor.StopAsync(server);
        await _supervisor.StartAsync(server, CancellationToken.None);
    }

    /// <summary>Called with a server's state whenever that changes.</summary>
    public void OnChange(Action<ComponentStatus> handler) => _supervisor.StatusChanged += handler;

    public async ValueTask DisposeAsync()
    {
        await _supervisor.StopAllAsync(CancellationToken.None);
        _state.Dispose();
    }

    private static Component BareEndpoint(NetworkContext context, Database database) => new(Bare)
    {
        WaitsFor = ["migrations"],
        Start = _ => Task.FromResult(new Command("/usr/bin/env", "dotnet", context.Checkout.Assembly("Promethoide.Bare"))
        {
            Environment = new Dictionary<string, string>
            {
                ["ASPNETCORE_URLS"] = context.Local("web"),
                ["ConnectionStrings__promethoide"] = database.Api,
                ["DOTNET_hostBuilder__reloadConfigOnChange"] = "false",
            },
        }),
        Health = HttpHealth.Of($"{context.Local("web")}/health"),
    };

    // wrk is one client that asks more than any: the rate limit counts, but does not refuse it.
    private static Component Measured(Component component, string name, string[] waitsFor) => new(name)
    {
        WaitsFor = waitsFor,
        Health = component.Health,
        RunsOnce = component.RunsOnce,
        Start = async cancellationToken =>
        {
            var command = await component.Start!(cancellationToken);
            return command with
            {
                Environment = new Dictionary<string, string>(command.Environment)
                {
                    ["Limits__RequestsPerSecond"] = "1000000",
                    ["Limits__RequestBurst"] = "1000000",
                },
            };
        },
    };

    private static async Task FillAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (var statement in (string[])
            ["INSERT INTO interpol (name, dni) SELECT 'Wanted ' || n, 'W' || lpad(n::text, 7, '0') FROM generate_series(1, 1000000) n", "VACUUM ANALYZE interpol"])
        {
            await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 300 };
            await command.ExecuteNonQueryAsync();
        }
    }
}
