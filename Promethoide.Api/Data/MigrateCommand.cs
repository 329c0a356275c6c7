using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Promethoide.Api.Audit;
using Promethoide.Api.Officers;

namespace Promethoide.Api.Data;

/// <summary><c>Promethoide.Api migrate</c>: applies the migrations that are missing, as the database's owner, and ends.</summary>
internal static partial class MigrateCommand
{
    /// <summary>The setting that says how long to wait for a server that does not respond, in seconds; default 30.</summary>
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
    /// Waits for the server, looks for the role that the migrations give rights to, and waits for whoever else is migrating: Entity
    /// Framework's own lock ends with each migration, so that of two that start together one would find the work of the other half done.
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

        await using var wait = new NpgsqlCommand("SELECT pg_advisory_lock(hashtext('Promethoide.Api migrate'))", connection)
        {
            CommandTimeout = 0,
        };
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
        // A table with millions of rows is not rewritten within the time that a request may take.
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
    /// A role may change its own settings (<c>ALTER ROLE</c>), so that whoever has once got hold of it could keep the service from working
    /// again. What <c>postgres/roles.sql</c> has set stays.
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
