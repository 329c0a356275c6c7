using Npgsql;
using Promethoide.Api.Data;

namespace Promethoide.Tests.Fixtures;

/// <summary>A database of a test's own, seen by its owner and by the two roles of <c>postgres/roles.sql</c>.</summary>
public sealed record TestDatabase(string AsOwner, string AsApi, string AsMonitor)
{
    /// <summary>Brings it up to date with the code that production uses.</summary>
    public async Task<TestDatabase> MigrateAsync()
    {
        Assert.Equal(0, await MigrateCommand.RunAsync([$"--ConnectionStrings:promethoide={AsOwner}"]));
        return this;
    }

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
