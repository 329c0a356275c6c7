using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Promethoide.Api.Audit;
using Promethoide.Api.Officers;

namespace Promethoide.Api.Data;

/// <summary><c>Promethoide.Api migrate</c>: applies the migrations that are missing, as the database's owner, and ends.</summary>
internal static partial class MigrateCommand
{
    /// <summary>The setting that says how long to wait for a server that does not answer, in seconds; default 30.</summary>
    private const string WaitSetting = "Migrate:WaitSeconds";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <returns>0 when the database is up to date; 1 when not, with one sentence on standard error that says why.</returns>
    public static async Task<int> RunAsync(string[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = settings,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.AddDatabase();
        builder.AddOfficerRegister();
        var patience = TimeSpan.FromSeconds(builder.Configuration.GetValue(WaitSetting, defaultValue: 30));
        using var host = builder.Build();
        await using var scope = host.Services.CreateAsyncScope();

        try
        {
            var db = scope.ServiceProvider.GetRequiredService<PromethoideContext>();
            await using var alone = await PrepareAsync(db.Database.GetConnectionString()!, patience);
            await MigrateAsync(db, host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MigrateCommand)));
            await AuditRetention.SetAsync(db, builder.Configuration);
            await FirstSupervisor.EnsureAsync(scope.ServiceProvider, builder.Configuration);
            return 0;
        }
        catch (Exception exception)
        {
            await Console.Error.WriteLineAsync($"Promethoide.Api migrate: {Explain(exception, patience)}");
            return 1;
        }
    }

    /// <summary>
    /// Waits for the server, looks for the role that the migrations give rights to, and waits for whoever else is migrating: Entity Framework's own lock
    /// ends with each migration, so that of two that start together one would find the work of the other half done.
    /// </summary>
    /// <returns>Who else wants to migrate waits until this is closed.</returns>
    private static async Task<NpgsqlConnection> PrepareAsync(string connectionString, TimeSpan patience)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await OpenAsync(connection, patience);

        await using var roles = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{Grants.ApiRole}')", connection);
        if (await roles.ExecuteScalarAsync() is not true)
        {
            throw new InvalidOperationException($"The role {Grants.ApiRole} does not exist: run postgres/roles.sql first.");
        }

        await using var wait = new NpgsqlCommand("SELECT pg_advisory_lock(hashtext('Promethoide.Api migrate'))", connection) { CommandTimeout = 0 };
        await wait.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Waits while nobody answers or the server is starting; any other refusal will not change by waiting.</summary>
    private static async Task OpenAsync(NpgsqlConnection connection, TimeSpan patience)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException exception) when (exception.IsTransient && TimeProvider.System.GetElapsedTime(started) < patience)
            {
                await Task.Delay(Pause);
            }
        }
    }

    private static async Task MigrateAsync(PromethoideContext db, ILogger logger)
    {
        var missing = (await db.Database.GetPendingMigrationsAsync()).ToList();
        await db.Database.MigrateAsync();

        if (missing.Count == 0)
        {
            LogUpToDate(logger, db.Database.GetDbConnection().Database);
        }

        foreach (var migration in missing)
        {
            LogApplied(logger, migration, db.Database.GetDbConnection().Database);
        }
    }

    private static string Explain(Exception exception, TimeSpan patience) => exception.GetBaseException() switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } denied =>
            $"The database user may not do this: {denied.MessageText}. Migrations are run by the owner of the database.",
        PostgresException refused => $"PostgreSQL refused: {refused.MessageText}.",
        SocketException or TimeoutException =>
            $"PostgreSQL did not answer within {patience.TotalSeconds:0} s: {exception.GetBaseException().Message}.",
        var other => other.Message,
    };

    [LoggerMessage(LogLevel.Information, "Applied the migration {Migration} to the database {Database}")]
    private static partial void LogApplied(ILogger logger, string migration, string database);

    [LoggerMessage(LogLevel.Information, "The database {Database} is up to date")]
    private static partial void LogUpToDate(ILogger logger, string database);
}
