using Npgsql;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class RolesTests(ApiFixture fixture, PostgresServer server) : IClassFixture<ApiFixture>
{
    private TestDatabase Database => fixture.Database;

    [Theory]
    [InlineData("SELECT FROM interpol, flights, immigration, refusals")]
    [InlineData(
        "INSERT INTO immigration (name, dni, lodging, declared_money, flight_number, arrival_date) "
        + "VALUES ('Ana', 'ROLES1', 'Hotel', 1, 'AA123', '2026-01-01')")]
    [InlineData(
        "INSERT INTO refusals (name, dni, declared_money, flight_number, reason) VALUES ('Ana', 'ROLES1', 1, 'AA123', 'lodging-required')")]
    public Task The_API_may_read_everything_and_add_decisions(string sql) => TestDatabase.ExecuteAsync(Database.AsApi, sql);

    [Theory]
    [InlineData("UPDATE immigration SET name = 'x'")]
    [InlineData("DELETE FROM immigration")]
    [InlineData("TRUNCATE refusals")]
    [InlineData("DELETE FROM refusals")]
    [InlineData("INSERT INTO interpol (name, dni) VALUES ('x', 'X1')")]
    [InlineData("DELETE FROM interpol")]
    [InlineData(
        "INSERT INTO flights (flight_number, airline, origin, destination, departure_date, arrival_date) "
        + "VALUES ('X1', 'x', 'x', 'x', now(), now())")]
    [InlineData("UPDATE flights SET origin = 'x'")]
    [InlineData("DROP TABLE immigration")]
    [InlineData("CREATE TABLE mine (x int)")]
    [InlineData("CREATE TEMP TABLE mine (x int)")]
    [InlineData("CREATE SCHEMA mine")]
    [InlineData("CREATE ROLE mine")]
    [InlineData("SELECT pg_read_file('/etc/passwd')")]
    [InlineData("SELECT * FROM pg_authid")]
    [InlineData("SELECT lo_create(0)")]
    [InlineData("SELECT lo_creat(-1)")]
    [InlineData("SELECT lo_from_bytea(0, 'x')")]
    [InlineData("ALTER ROLE promethoide_monitor PASSWORD 'x'")]
    [InlineData("ALTER ROLE promethoide_api CONNECTION LIMIT 0")]
    public async Task The_API_may_do_nothing_else(string sql) => await AssertDeniedAsync(Database.AsApi, sql);

    [Theory]
    [InlineData("SELECT FROM public.interpol")]
    [InlineData("SELECT FROM public.immigration")]
    [InlineData("SELECT FROM public.refusals")]
    [InlineData("SELECT FROM public.flights")]
    [InlineData("CREATE TEMP TABLE mine (x int)")]
    [InlineData("CREATE TABLE public.mine (x int)")]
    [InlineData("SELECT lo_create(0)")]
    [InlineData("SELECT lo_from_bytea(0, 'x')")]
    [InlineData("SELECT * FROM pg_authid")]
    [InlineData("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'promethoide_api'")]
    [InlineData("ALTER ROLE promethoide_api PASSWORD 'x'")]
    public async Task The_exporter_may_not_read_or_make_tables(string sql) => await AssertDeniedAsync(Database.AsMonitor, sql);

    [Theory]
    [InlineData("SELECT query FROM pg_stat_activity")]
    [InlineData("SELECT pg_database_size(current_database())")]
    [InlineData("SELECT name, setting FROM pg_settings")]
    public Task The_exporter_may_read_statistics(string sql) => TestDatabase.ExecuteAsync(Database.AsMonitor, sql);

    [Fact]
    public async Task The_exporter_has_few_connections_and_little_time()
    {
        Assert.Equal(5, await Database.ReadAsync<int>("SELECT rolconnlimit FROM pg_roles WHERE rolname = 'promethoide_monitor'"));
        await using var source = NpgsqlDataSource.Create(Database.AsMonitor);
        await using var command = source.CreateCommand("SHOW statement_timeout");
        Assert.Equal("8s", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_API_cannot_take_all_connections() => Assert.Equal(
        await Database.ReadAsync<int>("SELECT current_setting('max_connections')::int") - 15,
        await Database.ReadAsync<int>("SELECT rolconnlimit FROM pg_roles WHERE rolname = 'promethoide_api'"));

    [Fact]
    public async Task Neither_role_gets_into_another_database_of_the_networks_own_server()
    {
        await using var own = new PostgresServer();
        var database = await own.CreateDatabaseAsync();

        foreach (var role in (string[])[database.AsApi, database.AsMonitor])
        {
            foreach (var other in (string[])["postgres", "template1"])
            {
                var refused = await Assert.ThrowsAsync<PostgresException>(
                    () => TestDatabase.ExecuteAsync(
                        new NpgsqlConnectionStringBuilder(role) { Database = other }.ConnectionString, "SELECT 1"));
                Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
            }
        }
    }

    [Theory]
    [InlineData(null, "monitor", "PROMETHOIDE_API_PASSWORD")]
    [InlineData("", "monitor", "PROMETHOIDE_API_PASSWORD")]
    [InlineData("api", null, "PROMETHOIDE_MONITOR_PASSWORD")]
    [InlineData("api", "", "PROMETHOIDE_MONITOR_PASSWORD")]
    public async Task Roles_are_not_created_without_a_password(string? api, string? monitor, string named)
    {
        var result = await server.RunRolesScriptAsync(api, monitor);

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains($"{named} is not set or empty", result.Error, StringComparison.Ordinal);
    }

    private static async Task AssertDeniedAsync(string connectionString, string sql)
    {
        var denied = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.ExecuteAsync(connectionString, sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
    }
}
