using System.Collections.Concurrent;

namespace Promethoide.Api;

/// <summary>Runs concurrent identical work once and shares the result: separate runs would use up every connection.</summary>
internal sealed class SingleFlight<TKey, TResult> where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<Task<TResult>>> _underWay = [];

    /// <summary>Starts the work, or joins the run in progress, which continues when a waiting caller gives up.</summary>
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
