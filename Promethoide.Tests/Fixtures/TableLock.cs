using Npgsql;

namespace Promethoide.Tests.Fixtures;

/// <summary>Locks all tables of a database until disposed, so that every statement of the API waits.</summary>
public sealed class TableLock : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private TableLock(NpgsqlConnection connection) => _connection = connection;

    public static async Task<TableLock> TakeAsync(TestDatabase database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.AsOwner) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(
            "BEGIN; LOCK TABLE interpol, flights, immigration, refusals, hits, officers, sessions, sign_in_links IN ACCESS EXCLUSIVE MODE",
            connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return new TableLock(connection);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
