namespace Promethoide.Tests.Fixtures;

/// <summary>The real API on the test class's own database, connected as <c>promethoide_api</c>, with an ops port.</summary>
public sealed class ApiFixture(PostgresServer server) : IAsyncLifetime
{
    private ApiHost? _host;
    private TestDatabase? _database;

    /// <summary>The database that it uses.</summary>
    public TestDatabase Database => _database!;

    /// <summary>The running API.</summary>
    public ApiHost Host => _host!;

    /// <summary>The number of the ops port.</summary>
    public int OpsPort { get; } = Loopback.FreePort();

    /// <summary>The public port, called with a key that has every scope.</summary>
    public ApiClient Api => Host.Public;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        _host = await new ApiHost(_database.AsApi, OpsPort).ReadyAsync();
    }

    /// <summary>The scraped metrics: sample → value, see <see cref="PrometheusText"/>.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ScrapeAsync()
    {
        // A request is measured after its response has been sent; the next one on the same connection starts only after that.
        await Api.GetAsync("/");
        return PrometheusText.Parse((await Host.Ops.GetAsync("/metrics")).Text);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }
    }
}
