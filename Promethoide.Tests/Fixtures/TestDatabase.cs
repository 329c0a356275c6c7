using Npgsql;
using Promethoide.Api.Access;
using Promethoide.Api.Data;

namespace Promethoide.Tests.Fixtures;

/// <summary>A database of a test's own, seen by its owner and by the two roles of <c>postgres/roles.sql</c>.</summary>
public sealed record TestDatabase(string AsOwner, string AsApi, string AsMonitor)
{
    /// <summary>A key for everything that a key can be for; <see cref="ApiClient"/>s show it unless they are told otherwise.</summary>
    public const string Key = "pmk_tests";

    /// <summary>The first supervisor's password.</summary>
    public const string SupervisorPassword = "the first supervisor's";

    /// <summary>Brings it up to date with the code that production uses, and makes <see cref="Key"/>.</summary>
    public async Task<TestDatabase> MigrateAsync(params IEnumerable<string> settings)
    {
        Assert.Equal(0, await MigrateCommand.RunAsync(
            [$"--ConnectionStrings:promethoide={AsOwner}", $"--Supervisor:Password={SupervisorPassword}", .. settings]));
        await AddKeyAsync("tests", Key, [.. ScopeNames.OfKeys.Keys]);
        return this;
    }

    /// <summary>Makes a key.</summary>
    public Task AddKeyAsync(string name, string key, params string[] scopes) => ChangeAsync(
        $"INSERT INTO api_keys (name, key_hash, scopes) VALUES ('{name}', '\\x{Convert.ToHexString(Secret.Hash(key))}', "
        + $"'{{{string.Join(',', scopes)}}}') ON CONFLICT DO NOTHING");

    /// <summary>One value, read by the owner.</summary>
    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var source = NpgsqlDataSource.Create(AsOwner);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Something that the owner changes.</summary>
    public Task ChangeAsync(string sql) => ExecuteAsync(AsOwner, sql);

    /// <summary>Something that somebody tries.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
