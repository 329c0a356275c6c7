using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Promethoide.Api.Data;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>The program as started in production.</summary>
public sealed class MigrateTests(PostgresServer server)
{
    [Fact]
    public async Task An_empty_database_gets_its_tables_and_the_seed_data()
    {
        var database = await server.CreateDatabaseAsync();

        var result = await RunAsync(database.AsOwner);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Applied the migration", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
        Assert.Equal(
            "interpol 5, flights 50, immigration 5, refusals 0",
            await database.ReadAsync<string>(
                """
                SELECT format('interpol %s, flights %s, immigration %s, refusals %s',
                    (SELECT count(*) FROM interpol), (SELECT count(*) FROM flights),
                    (SELECT count(*) FROM immigration JOIN flights USING (flight_number, arrival_date)), (SELECT count(*) FROM refusals))
                """));
    }

    [Fact]
    public async Task Migrating_again_changes_nothing_and_brings_nothing_back()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await database.ChangeAsync("DELETE FROM interpol WHERE id = 1; UPDATE flights SET origin = 'XXX' WHERE id = 1");

        var result = await RunAsync(database.AsOwner);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("up to date", result.Output, StringComparison.Ordinal);
        Assert.Equal(4, await database.ReadAsync<long>("SELECT count(*) FROM interpol"));
        Assert.Equal("XXX", await database.ReadAsync<string>("SELECT origin FROM flights WHERE id = 1"));
    }

    [Fact]
    public async Task Decisions_of_when_a_flight_had_no_days_get_the_day_of_their_flight_and_own_flights_stay_as_they_were()
    {
        var database = await server.CreateDatabaseAsync();
        await MigrateToAsync(database, "DecisionRequests");
        await database.ChangeAsync(
            """
            DELETE FROM flights;
            INSERT INTO flights (flight_number, airline, origin, destination, departure_date, arrival_date)
            VALUES ('XX1', 'A', 'B', 'C', '2026-05-01', '2026-05-02');
            INSERT INTO immigration (name, dni, lodging, declared_money, flight_number, created_at)
            VALUES ('A', 'X1', 'L', 1, 'XX1', '2026-05-03 10:00Z'), ('B', 'X2', 'L', 1, 'GONE1', '2026-06-03 23:30Z');
            INSERT INTO refusals (name, dni, declared_money, flight_number, reason)
            VALUES ('A', 'X3', 1, 'XX1', 'insufficient-money'), ('B', 'X4', 1, 'GONE1', 'flight-not-found');
            """);

        var result = await RunAsync(database.AsOwner);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            "X1 2026-05-02, X2 2026-06-03, X3 2026-05-02, X4 ",
            await database.ReadAsync<string>(
                """
                SELECT string_agg(concat(dni, ' ', arrival_date), ', ' ORDER BY dni)
                FROM (SELECT dni, arrival_date FROM immigration UNION ALL SELECT dni, arrival_date FROM refusals) AS decisions
                WHERE dni LIKE 'X_'
                """));
        Assert.Equal(
            "XX1 2026-05-02",
            await database.ReadAsync<string>("SELECT string_agg(concat(flight_number, ' ', arrival_date), ', ') FROM flights"));
    }

    [Fact]
    public async Task A_migration_takes_the_time_that_it_needs()
    {
        var database = await server.CreateDatabaseAsync();
        await MigrateToAsync(database, "DecisionRequests");
        await using var source = NpgsqlDataSource.Create(database.AsOwner);
        await using var somebody = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await somebody.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("LOCK TABLE immigration", somebody, transaction);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var migrating = RunAsync($"{database.AsOwner};Command Timeout=1");
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        Assert.False(migrating.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, (await migrating).ExitCode);
    }

    [Fact]
    public async Task What_the_roles_have_set_for_themselves_is_reset()
    {
        await using var own = new PostgresServer();
        var database = await (await own.CreateDatabaseAsync()).MigrateAsync();
        await TestDatabase.ExecuteAsync(
            database.AsApi,
            $"DO $$ BEGIN EXECUTE format('ALTER ROLE promethoide_api IN DATABASE %I SET search_path = x', current_database()); END $$");
        await TestDatabase.ExecuteAsync(database.AsApi, "ALTER ROLE promethoide_api SET statement_timeout = '1ms'");
        await TestDatabase.ExecuteAsync(database.AsMonitor, "ALTER ROLE promethoide_monitor SET search_path = x");

        var result = await RunAsync(database.AsOwner);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("promethoide_api had the setting statement_timeout=1ms", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            "statement_timeout=8s",
            await database.ReadAsync<string>("SELECT string_agg(setting, ' ') FROM pg_db_role_setting, unnest(setconfig) AS setting"));
    }

    [Fact]
    public async Task Several_at_once_do_not_disturb_each_other()
    {
        var database = await server.CreateDatabaseAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunAsync(database.AsOwner)));

        Assert.All(results, result => Assert.Equal((0, ""), (result.ExitCode, result.Error)));
        Assert.Equal(5, await database.ReadAsync<long>("SELECT count(*) FROM interpol"));
    }

    [Fact]
    public async Task Without_the_roles_it_says_what_to_run_first()
    {
        await using var bare = new PostgresServer();
        var database = await bare.CreateDatabaseAsync(withRoles: false);

        await AssertFailsAsync(database.AsOwner, "role promethoide_api does not exist: run postgres/roles.sql first");
    }

    [Fact]
    public async Task Somebody_who_is_not_the_owner_is_told_so() =>
        await AssertFailsAsync((await server.CreateDatabaseAsync()).AsApi, "run by the owner of the database");

    [Fact]
    public async Task A_wrong_password_is_told_at_once()
    {
        var database = await server.CreateDatabaseAsync();
        var started = TimeProvider.System.GetTimestamp();

        await AssertFailsAsync(
            new NpgsqlConnectionStringBuilder(database.AsOwner) { Password = "wrong" }.ConnectionString, "password authentication failed");

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task A_missing_connection_string_is_told() => await AssertFailsAsync("", "ConnectionStrings:promethoide");

    [Fact]
    public async Task A_server_that_does_not_answer_is_waited_for_but_not_for_ever()
    {
        var started = TimeProvider.System.GetTimestamp();

        await AssertFailsAsync(
            $"Host=127.0.0.1;Port={Loopback.FreePort()};Username=x;Password=x;Database=x",
            "did not answer within 3 s",
            "--Migrate:WaitSeconds=3");

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 3, 15);
    }

    [Fact]
    public async Task A_server_that_is_still_starting_is_waited_for()
    {
        await using var late = new PostgresServer();
        var database = await late.CreateDatabaseAsync();
        await late.StopAsync();

        var migrating = RunAsync(database.AsOwner);
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.False(migrating.IsCompleted);
        await late.ResumeAsync();

        Assert.Equal(0, (await migrating).ExitCode);
    }

    private static async Task MigrateToAsync(TestDatabase database, string migration)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Configuration["ConnectionStrings:promethoide"] = database.AsOwner;
        builder.AddDatabase();
        using var host = builder.Build();
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PromethoideContext>()
            .GetService<IMigrator>()
            .MigrateAsync(migration, TestContext.Current.CancellationToken);
    }

    private static string ApiProgram => Path.Combine(AppContext.BaseDirectory, "Promethoide.Api.dll");

    private static Task<ToolResult> RunAsync(string connectionString, params string[] settings) => Tool.RunAsync(
        "dotnet", [ApiProgram, "migrate", .. settings], [new("ConnectionStrings__promethoide", connectionString)]);

    /// <summary>The program exits with 1 and gives the reason in one line.</summary>
    private static async Task AssertFailsAsync(string connectionString, string why, params string[] settings)
    {
        var result = await RunAsync(connectionString, settings);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(why, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }
}
