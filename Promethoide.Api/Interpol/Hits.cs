using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Memory;
using Promethoide.Api.Access;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;

namespace Promethoide.Api.Interpol;

/// <summary>
/// Records the look-up of a wanted person's document before the answer is sent. Repeated look-ups by the same officer within a minute
/// concern the same traveller and count as one hit.
/// </summary>
internal sealed class Hits(DatabaseAccess database) : IDisposable
{
    private const int MostKept = 10_000;
    private static readonly TimeSpan SameTraveller = TimeSpan.FromMinutes(1);

    private readonly SingleFlight<(string? Officer, string Dni), int> _insertions = new();
    private readonly MemoryCache _recent = new(new MemoryCacheOptions { SizeLimit = MostKept });

    public ValueTask KeepAsync(Caller caller, string dni, CancellationToken requestAborted)
    {
        var encounter = (caller.Name, dni);
        return _recent.TryGetValue(encounter, out _)
            ? ValueTask.CompletedTask
            : new(_insertions.RunAsync(encounter, () => InsertAsync(encounter)).WaitAsync(requestAborted));
    }

    public void Dispose() => _recent.Dispose();

    private async Task<int> InsertAsync((string? Officer, string Dni) encounter)
    {
        var (officer, dni) = encounter;
        var rows = await database.LookUpAsync(
            (db, stop) => db.Database.ExecuteSqlAsync(
                $"""
                WITH hit AS (INSERT INTO hits (officer, dni, decision) VALUES ({officer}, {dni}, false))
                INSERT INTO audit (actor, action, subject, outcome) VALUES ({officer}, {Actions.LookUp}, {dni}, {Outcomes.Wanted})
                """,
                stop),
            CancellationToken.None);
        _recent.Set(encounter, true, new MemoryCacheEntryOptions { AbsoluteExpirationRelativeToNow = SameTraveller, Size = 1 });
        return rows;
    }
}
