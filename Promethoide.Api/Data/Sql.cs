using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Promethoide.Api.Data;

/// <summary>
/// Statements that EF Core cannot express, those that change rows and return them, and those of the hot path. Their parameters are $1, $2
/// and so on: Npgsql sends such a statement as it is, but would parse named parameters at every request.
/// </summary>
internal static class Sql
{
    /// <summary>The first row; null when there is none.</summary>
    public static async Task<T?> FirstRowAsync<T>(
        this PromethoideContext db,
        string sql,
        Func<NpgsqlDataReader, T?> read,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
        where T : class
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            return await ReadAsync((NpgsqlConnection)db.Database.GetDbConnection(), sql, read, parameters, cancellationToken);
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    /// <summary>The same, opening the connection first.</summary>
    public static async Task<T?> FirstRowAsync<T>(
        this NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T?> read,
        CancellationToken cancellationToken,
        params NpgsqlParameter[] parameters)
        where T : class
    {
        await connection.OpenAsync(cancellationToken);
        try
        {
            return await ReadAsync(connection, sql, read, parameters, cancellationToken);
        }
        finally
        {
            await connection.CloseAsync();
        }
    }

    /// <summary>A positional parameter.</summary>
    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    /// <summary>The same for nullable values.</summary>
    public static NpgsqlParameter Value(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static async Task<T?> ReadAsync<T>(
        NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T?> read,
        NpgsqlParameter[] parameters,
        CancellationToken cancellationToken)
        where T : class
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? read(reader) : null;
    }
}
