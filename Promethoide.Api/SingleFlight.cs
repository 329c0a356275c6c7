using System.Collections.Concurrent;

namespace Promethoide.Api;

/// <summary>
/// Of many who want the same at the same time, one does it and all have the result: each for itself would take every connection.
/// </summary>
internal sealed class SingleFlight<TKey, TResult> where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TResult>>> _underWay = [];

    /// <summary>Starts the work, or joins the one that is under way. It goes on when one who waits for it goes away.</summary>
    public Task<TResult> RunAsync(TKey key, Func<Task<TResult>> work) => _underWay.GetOrAdd(key, _ => new Lazy<Task<TResult>>(async () =>
    {
        try
        {
            return await work();
        }
        finally
        {
            _underWay.TryRemove(key, out Lazy<Task<TResult>>? _);
        }
    })).Value;
}
