using System.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Promethoide.Api.Data;

/// <summary>Statements that say more than EF Core can: those that change rows and return them.</summary>
internal static class Sql
{
    /// <summary>The first row; null when there is none.</summary>
    public static async Task<T?> FirstRowAsync<T>(
        this PromethoideContext db, string sql, Func<NpgsqlDataReader, T?> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
        where T : class
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(sql, (NpgsqlConnection)db.Database.GetDbConnection());
            command.Parameters.AddRange(parameters);
            await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? read(reader) : null;
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
