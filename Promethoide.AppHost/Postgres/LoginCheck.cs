using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Promethoide.AppHost;

/// <summary>
/// PostgreSQL is healthy when the owner can log in. The password is always tried: if the server rejects it, the start fails.
/// </summary>
internal sealed class LoginCheck(string server, ReferenceExpression login, string refusal, StartFailure failure) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var connection = new NpgsqlConnection($"{await login.GetValueAsync(cancellationToken)};Pooling=false;Timeout=5");
            await connection.OpenAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword)
        {
            failure.Report(server, refusal);
            return HealthCheckResult.Unhealthy(e.MessageText);
        }
        catch (NpgsqlException e)
        {
            return HealthCheckResult.Unhealthy(e.InnerException?.Message ?? e.Message);
        }
    }
}

internal static class LoginCheckExtensions
{
    /// <param name="server">The server.</param>
    /// <param name="login">The owner's connection string.</param>
    /// <param name="refusal">What a rejected password means, and what to do.</param>
    public static void WithLoginCheck(this IResourceBuilder<IResource> server, ReferenceExpression login, string refusal)
    {
        var name = server.Resource.Name;
        var key = $"{name}_login";
        server.ApplicationBuilder.Services.AddHealthChecks().Add(new(
            key,
            services => new LoginCheck(name, login, refusal, services.GetRequiredService<StartFailure>()),
            failureStatus: null,
            tags: null));
        server.WithHealthCheck(key);
    }
}
