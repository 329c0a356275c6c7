using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Promethoide.Api.Access;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;

namespace Promethoide.Api.Interpol;

/// <summary>
/// Keeps that somebody has looked up a wanted person's document, before the answer goes out. One who looks the same document up again within a minute
/// has the same traveller before the desk: that is one hit.
/// </summary>
internal sealed class Hits(DatabaseAccess database) : IDisposable
{
    private const int MostKept = 10_000;
    private static readonly TimeSpan SameTraveller = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _recent = new(new MemoryCacheOptions { SizeLimit = MostKept });

    public async ValueTask KeepAsync(Caller caller, string dni, CancellationToken requestAborted)
    {
        var encounter = (caller.Name, dni);
        if (_recent.TryGetValue(encounter, out _))
        {
            return;
        }

        await database.AskAsync(
            (db, _, stop) => db.Database.ExecuteSqlAsync(
                $"""
                WITH hit AS (INSERT INTO hits (officer, dni, decision) VALUES ({caller.Name}, {dni}, false))
                INSERT INTO audit (actor, action, subject, outcome) VALUES ({caller.Name}, {Actions.LookUp}, {dni}, {Outcomes.Wanted})
                """,
                stop),
            requestAborted);
        _recent.Set(encounter, true, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = SameTraveller, Size = 1 });
    }

    public void Dispose() => _recent.Dispose();
}
