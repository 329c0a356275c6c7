using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Promethoide.Api.Data;

/// <summary>
/// A replica is ready when it reaches the database. The check uses the same path as requests, so it fails when they fail.
/// </summary>
internal sealed class DatabaseCheck(DatabaseAccess database) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await database.LookUpAsync((db, stop) => db.Database.ExecuteSqlRawAsync("SELECT", stop), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception: exception);
        }
    }
}
