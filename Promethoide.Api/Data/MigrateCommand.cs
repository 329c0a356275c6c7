using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Promethoide.Api.Audit;
using Promethoide.Api.Officers;

namespace Promethoide.Api.Data;

/// <summary><c>Promethoide.Api migrate</c>: applies the pending migrations as the database's owner, and exits.</summary>
internal static partial class MigrateCommand
{
    /// <summary>The setting for how long to wait for an unresponsive server, in seconds; default 30.</summary>
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
            var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(MigrateCommand));
            await MigrateAsync(db, logger);
            await ResetRolesAsync(alone, logger);
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
    /// Waits for the server, checks the role that the migrations grant rights to, and waits for other migrators. Entity Framework's own
    /// lock ends with each migration, so two that start together could each find the other's work half done.
    /// </summary>
    /// <returns>The lock; other migrators wait until it is disposed.</returns>
    private static async Task<NpgsqlConnection> PrepareAsync(string connectionString, TimeSpan patience)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await OpenAsync(connection, patience);

        await using var roles = new NpgsqlCommand($"SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '{Grants.ApiRole}')", connection);
        if (await roles.ExecuteScalarAsync() is not true)
        {
            throw new InvalidOperationException($"The role {Grants.ApiRole} does not exist: run postgres/roles.sql first.");
        }

        await using var wait = new NpgsqlCommand("SELECT pg_advisory_lock(hashtext('Promethoide.Api migrate'))", connection)
        {
            CommandTimeout = 0,
        };
        await wait.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Waits while the server is unreachable or starting; no other failure goes away by waiting.</summary>
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
        // Rewriting a table with millions of rows takes longer than a request may.
        db.Database.SetCommandTimeout(TimeSpan.Zero);
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

    /// <summary>
    /// A role may change its own settings (<c>ALTER ROLE</c>), so an attacker who once gained access could disable the service permanently.
    /// The settings from <c>postgres/roles.sql</c> stay.
    /// </summary>
    private static async Task ResetRolesAsync(NpgsqlConnection connection, ILogger logger)
    {
        await using var find = new NpgsqlCommand(
            $"""
            SELECT rolname, setting, format(
                'ALTER ROLE %I%s RESET %s',
                rolname,
                COALESCE(' IN DATABASE ' || quote_ident(datname), ''),
                quote_ident(split_part(setting, '=', 1)))
            FROM pg_db_role_setting JOIN pg_roles r ON r.oid = setrole LEFT JOIN pg_database d ON d.oid = setdatabase,
                unnest(setconfig) AS setting
            WHERE rolname IN ('{Grants.ApiRole}', '{Grants.MonitorRole}')
                AND (rolname, setting) <> ('{Grants.MonitorRole}', 'statement_timeout=8s')
                AND (setdatabase = 0 OR datname = current_database())
            """,
            connection);
        var resets = new List<(string Role, string Setting, string Statement)>();
        await using (var row = await find.ExecuteReaderAsync())
        {
            while (await row.ReadAsync())
            {
                resets.Add((row.GetString(0), row.GetString(1), row.GetString(2)));
            }
        }

        foreach (var (role, setting, statement) in resets)
        {
            await using var reset = new NpgsqlCommand(statement, connection);
            await reset.ExecuteNonQueryAsync();
            LogReset(logger, role, setting);
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

    [LoggerMessage(LogLevel.Warning, "The role {Role} had the setting {Setting}, which postgres/roles.sql does not give it: reset")]
    private static partial void LogReset(ILogger logger, string role, string setting);

    [LoggerMessage(LogLevel.Information, "The database {Database} is up to date")]
    private static partial void LogUpToDate(ILogger logger, string database);
}
