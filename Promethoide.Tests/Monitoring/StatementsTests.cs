using Npgsql;
using Promethoide.Monitoring.Alerting;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Monitoring;

/// <summary>
/// postgres-exporter's additional query. The dashboards' tests check its results on the running network, with the module loaded.
/// </summary>
public sealed class StatementsTests(PostgresServer server)
{
    [Theory]
    [InlineData("")]
    [InlineData("DROP EXTENSION pg_stat_statements")]
    [InlineData("REVOKE USAGE ON SCHEMA statements FROM promethoide_monitor")]
    public async Task A_server_that_counts_no_statements_answers_with_nothing_instead_of_an_error(string lacks)
    {
        var database = await server.CreateDatabaseAsync();
        if (lacks.Length > 0)
        {
            await database.ChangeAsync(lacks);
        }

        await using var source = NpgsqlDataSource.Create(database.AsMonitor);
        await using var command = source.CreateCommand(Query());
        await using var answer = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);

        Assert.False(await answer.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(["statement", "calls_total", "seconds_total"], Enumerable.Range(0, answer.FieldCount).Select(answer.GetName));
    }

    // A user who may not create the module can still create the roles.
    [Fact]
    public async Task The_exporter_may_ask_for_statements_where_the_module_is_and_for_no_table()
    {
        var database = await server.CreateDatabaseAsync();

        Assert.True(await database.ReadAsync<bool>("SELECT has_schema_privilege('promethoide_monitor', 'statements', 'USAGE')"));
        Assert.False(await database.ReadAsync<bool>("SELECT has_schema_privilege('promethoide_monitor', 'public', 'USAGE')"));
        Assert.False(await database.ReadAsync<bool>("SELECT has_schema_privilege('promethoide_monitor', 'statements', 'CREATE')"));
    }

    // Statements typed by hand may contain a person's name.
    [Fact]
    public void Only_the_APIs_statements_are_asked_for() =>
        Assert.Contains("rolname = 'promethoide_api'", Query(), StringComparison.Ordinal);

    private static string Query() =>
        Yaml.Read(Repository.Combine("monitoring", "postgres", "queries.yaml")).Child("pg_statements")!.Text("query")!;
}
