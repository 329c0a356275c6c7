using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Data;
using Promethoide.Api.Immigration;
using Promethoide.Api.Officers;

namespace Promethoide.Api.Audit;

/// <summary>
/// Runs hourly at each replica. Removes expired sessions, links and idempotency keys, and audit lines older than
/// <c>Audit:RetentionDays</c>. The API's role cannot delete audit lines itself: it calls a function of the owner's, and cannot choose the
/// age.
/// </summary>
internal sealed partial class Housekeeping(DatabaseAccess database, TimeProvider time, ILogger<Housekeeping> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    private static readonly string Statement =
        $"""
        DELETE FROM sessions s WHERE NOT ({Sessions.IsAlive("s")});
        DELETE FROM sign_in_links WHERE expires_at < now();
        DELETE FROM decision_requests WHERE created_at < now() - interval '{IdempotencyKey.KeptFor}';
        SELECT prune_audit();
        """;

    /// <summary>Runs the housekeeping now.</summary>
    public Task CleanAsync(CancellationToken stoppingToken) =>
        database.ExecuteAsync((db, _, stop) => db.Database.ExecuteSqlRawAsync(Statement, stop), stoppingToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var period = new PeriodicTimer(Period, time);
        while (await period.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CleanAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogLater(exception.GetBaseException().Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "What has expired could not be removed, and will be in an hour: {Reason}")]
    private partial void LogLater(string reason);
}
