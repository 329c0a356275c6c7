using Npgsql;

namespace Promethoide.AppHost;

/// <summary>
/// How <c>run.sh psql</c> finds the running network's database: libpq's own service file in the network's state, readable only by its
/// owner. It exists while the network runs.
/// </summary>
internal static class PsqlService
{
    public const string File = "pg_service.conf";

    /// <summary>Writes the file once the connection string is known.</summary>
    public static IResourceBuilder<ConnectionStringResource> WithPsqlService(this IResourceBuilder<ConnectionStringResource> owner)
    {
        var state = owner.ApplicationBuilder.State();
        return owner.OnConnectionStringAvailable(async (resource, _, cancellationToken) =>
        {
            var login = new NpgsqlConnectionStringBuilder(await resource.ConnectionStringExpression.GetValueAsync(cancellationToken));
            await using var file = new StreamWriter(state.Combine(File), StateFolder.Private(FileMode.Create));
            await file.WriteAsync(
                $"[promethoide]\nhost={login.Host}\nport={login.Port}\ndbname={login.Database}\n"
                + $"user={login.Username}\npassword={login.Password}\n");
        });
    }
}
