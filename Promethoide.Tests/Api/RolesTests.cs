using Npgsql;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class RolesTests(ApiFixture fixture, PostgresServer server) : IClassFixture<ApiFixture>
{
    private TestDatabase Database => fixture.Database;

    [Theory]
    [InlineData("SELECT FROM interpol, flights, immigration, refusals")]
    [InlineData("INSERT INTO immigration (name, dni, lodging, declared_money, flight_number) VALUES ('Ana', 'ROLES1', 'Hotel', 1, 'AA123')")]
    [InlineData("INSERT INTO refusals (name, dni, declared_money, flight_number, reason) VALUES ('Ana', 'ROLES1', 1, 'AA123', 'lodging-required')")]
    public Task The_API_may_read_everything_and_add_decisions(string sql) => TestDatabase.ExecuteAsync(Database.AsApi, sql);

    [Theory]
    [InlineData("UPDATE immigration SET name = 'x'")]
    [InlineData("DELETE FROM immigration")]
    [InlineData("TRUNCATE refusals")]
    [InlineData("DELETE FROM refusals")]
    [InlineData("INSERT INTO interpol (name, dni) VALUES ('x', 'X1')")]
    [InlineData("DELETE FROM interpol")]
    [InlineData("INSERT INTO flights (flight_number, airline, origin, destination, departure_date, arrival_date) VALUES ('X1', 'x', 'x', 'x', now(), now())")]
    [InlineData("UPDATE flights SET origin = 'x'")]
    [InlineData("DROP TABLE immigration")]
    [InlineData("CREATE TABLE mine (x int)")]
    [InlineData("CREATE TEMP TABLE mine (x int)")]
    [InlineData("CREATE SCHEMA mine")]
    [InlineData("CREATE ROLE mine")]
    [InlineData("SELECT pg_read_file('/etc/passwd')")]
    [InlineData("SELECT * FROM pg_authid")]
    public async Task The_API_may_do_nothing_else(string sql) => await AssertDeniedAsync(Database.AsApi, sql);

    [Theory]
    [InlineData("SELECT FROM public.interpol")]
    [InlineData("SELECT FROM public.immigration")]
    [InlineData("SELECT FROM public.refusals")]
    [InlineData("SELECT FROM public.flights")]
    [InlineData("CREATE TEMP TABLE mine (x int)")]
    [InlineData("CREATE TABLE public.mine (x int)")]
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
