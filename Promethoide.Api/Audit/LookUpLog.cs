using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Data;

namespace Promethoide.Api.Audit;

/// <summary>
/// Keeps who looked up which document, a second's look-ups at once: a statement for each would cost more than the look-up. One who looks
/// the same document up again within that second gets no line more, but a higher count. When the process is killed, the last two seconds
/// are lost; when it is stopped, nothing. A wanted person's document does not wait: <see cref="Interpol.Hits"/>.
/// </summary>
internal sealed partial class LookUpLog(DatabaseAccess database, TimeProvider time, ILogger<LookUpLog> logger) : BackgroundService
{
    private const int MostWaiting = 100_000;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private ConcurrentDictionary<(string? Actor, string Document), int> _lookUps = [];
    private ConcurrentDictionary<(string? Actor, string Document), int> _resting = [];
    private bool _failing;

    /// <summary>Somebody has looked up a document that nobody is wanted with.</summary>
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
        // What is kept now has rested for a period: whoever was adding to it when it was exchanged is done.
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
            // Next time. While the database is away nothing is looked up, so there will be no more of them; where it refuses these lines
            // alone there may be.
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
