using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Data;

namespace Promethoide.Api.Audit;

/// <summary>
/// Records who looked up which document, in batches of one second: a statement per look-up would cost more than the look-up itself. A
/// repeated look-up within that second only raises the count. Killing the process loses the last two seconds; stopping it loses nothing. A
/// wanted person's document is recorded immediately: <see cref="Interpol.Hits"/>.
/// </summary>
internal sealed partial class LookUpLog(DatabaseAccess database, TimeProvider time, ILogger<LookUpLog> logger) : BackgroundService
{
    private const int MostWaiting = 100_000;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private ConcurrentDictionary<(string? Actor, string Document), int> _lookUps = [];
    private ConcurrentDictionary<(string? Actor, string Document), int> _resting = [];
    private bool _failing;

    /// <summary>Records the look-up of a document whose holder is not wanted.</summary>
    public void Add(Caller caller, string dni) => _lookUps.AddOrUpdate((caller.Name, dni), 1, static (_, times) => times + 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await KeepAsync();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await KeepAsync();
        await KeepAsync();
    }

    private async Task KeepAsync()
    {
        // These entries have rested for a whole period, so no thread is still adding to them.
        var entries = _resting.ToArray();
        _resting = Interlocked.Exchange(ref _lookUps, []);
        if (entries.Length == 0)
        {
            return;
        }

        try
        {
            var actors = Array.ConvertAll(entries, entry => entry.Key.Actor);
            var documents = Array.ConvertAll(entries, entry => entry.Key.Document);
            var times = Array.ConvertAll(entries, entry => entry.Value);
            await database.ExecuteAsync(
                (db, _, stop) => db.Database.ExecuteSqlAsync(
                    $"""
                    INSERT INTO audit (actor, action, subject, outcome, times)
                    SELECT actor, {Actions.LookUp}, document, {Outcomes.NotWanted}, times
                    FROM unnest({actors}, {documents}, {times}) AS look_up (actor, document, times)
                    """,
                    stop),
                CancellationToken.None);
            _failing = false;
        }
        catch (ObjectDisposedException)
        {
            // The host was disposed of without being stopped.
        }
        catch (Exception exception)
        {
            // Retried next time. While the database is unavailable there are no look-ups, so the backlog does not grow; if only these
            // inserts fail, it may.
            foreach (var (key, times) in entries.Take(MostWaiting))
            {
                _lookUps.AddOrUpdate(key, times, (_, more) => more + times);
            }

            if (!_failing)
            {
                LogWaiting(exception.GetBaseException().Message);
            }

            _failing = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The audit log waits for the database: {Reason}")]
    private partial void LogWaiting(string reason);
}
