using Npgsql;
using Promethoide.Api.Access;
using Promethoide.Api.Data;

namespace Promethoide.Tests.Fixtures;

/// <summary>A test's own database, with connection strings for its owner and the two roles of <c>postgres/roles.sql</c>.</summary>
public sealed record TestDatabase(string AsOwner, string AsApi, string AsMonitor)
{
    /// <summary>A key with every scope; <see cref="ApiClient"/>s send it unless told otherwise.</summary>
    public const string Key = "pmk_tests";

    /// <summary>The first supervisor's password.</summary>
    public const string SupervisorPassword = "the first supervisor's";

    /// <summary>Migrates it with the code that production uses, and creates <see cref="Key"/>.</summary>
    public async Task<TestDatabase> MigrateAsync(params IEnumerable<string> settings)
    {
        Assert.Equal(0, await MigrateCommand.RunAsync(
            [$"--ConnectionStrings:promethoide={AsOwner}", $"--Supervisor:Password={SupervisorPassword}", .. settings]));
        await AddKeyAsync("tests", Key, [.. ScopeNames.OfKeys.Keys]);
        return this;
    }

    /// <summary>Creates a key.</summary>
    public Task AddKeyAsync(string name, string key, params string[] scopes) => ChangeAsync(
        $"INSERT INTO api_keys (name, key_hash, scopes) VALUES ('{name}', '\\x{Convert.ToHexString(Secret.Hash(key))}', "
        + $"'{{{string.Join(',', scopes)}}}') ON CONFLICT DO NOTHING");

    /// <summary>Reads one value, as the owner.</summary>
    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(AsOwner);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Executes SQL as the owner.</summary>
    public Task ChangeAsync(string sql) => ExecuteAsync(AsOwner, sql);

    /// <summary>Executes SQL over the given connection.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
