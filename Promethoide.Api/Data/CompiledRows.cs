namespace Promethoide.Api.Data;

internal static class CompiledRows
{
    /// <summary>
    /// The only row, or null. For compiled queries by a unique key, which have to be made as queries of many rows: those of one row take a
    /// cancellation token and ignore it (dotnet/efcore#29968).
    /// </summary>
    public static async Task<T?> SingleOrNullAsync<T>(this IAsyncEnumerable<T> rows, CancellationToken cancellationToken) where T : class
    {
        await using var row = rows.GetAsyncEnumerator(cancellationToken);
        return await row.MoveNextAsync() ? row.Current : null;
    }
}
