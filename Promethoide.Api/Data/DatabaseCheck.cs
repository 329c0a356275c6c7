using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Promethoide.Api.Data;

/// <summary>Ready is who reaches the database. It asks the way requests do, so it fails in time when they fail.</summary>
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
