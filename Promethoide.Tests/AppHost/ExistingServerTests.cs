using Npgsql;
using Promethoide.AppHost;
using Promethoide.Network;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.AppHost;

/// <summary>The network on a PostgreSQL server that others run; another network's server stands in for it.</summary>
public sealed class ExistingServerTests(PostgresServer server) : IAsyncDisposable
{
    private readonly AppHostProgram _program = new();

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    [Fact]
    public async Task It_is_prepared_and_used_and_roles_that_others_made_keep_their_passwords()
    {
        await using var others = await RunningNetwork.StartAsync(builder => builder.StartOnly("postgres"));
        var owner = new NpgsqlConnectionStringBuilder(await others.ConnectionStringAsync("promethoide")) { Pooling = false };
        string[] arguments =
        [
            "--POSTGRES_HOST=127.0.0.1", $"--POSTGRES_PORT={owner.Port}", $"--POSTGRES_USER={owner.Username}",
            $"--POSTGRES_PASSWORD={owner.Password}", "--POSTGRES_DB=border", "--ephemeral", "--until-healthy",
        ];

        var refused = await _program.RunAsync(arguments: arguments);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("postgres-roles did not start", refused.Output, StringComparison.Ordinal);
        Assert.Contains(
            "has the role promethoide_api with another password. Give both roles' passwords as PROMETHOIDE_API_PASSWORD and",
            refused.Output,
            StringComparison.Ordinal);

        await ExecuteAsync(owner, "DROP OWNED BY promethoide_api, promethoide_monitor");
        await ExecuteAsync(owner, "DROP ROLE promethoide_api, promethoide_monitor");
        var used = await _program.RunAsync(arguments: arguments);
        Assert.True(used.ExitCode == 0, used.Output + used.Error);
        owner.Database = "border";
        Assert.Equal(5L, await ExecuteAsync(owner, "SELECT count(*) FROM interpol"));
    }

    [Fact]
    public async Task A_second_database_on_a_server_that_has_the_roles_is_prepared_as_the_first_was()
    {
        const string name = "it's a \"second\" one";
        var first = await server.CreateDatabaseAsync();
        var (owner, api, monitor) = (
            new NpgsqlConnectionStringBuilder(first.AsOwner),
            new NpgsqlConnectionStringBuilder(first.AsApi),
            new NpgsqlConnectionStringBuilder(first.AsMonitor));

        var refused = await PrepareAsync(owner, name, api.Password!, "of another network");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("has the role promethoide_monitor with another password", refused.Error, StringComparison.Ordinal);

        var prepared = await PrepareAsync(owner, name, api.Password!, monitor.Password!);
        Assert.True(prepared.ExitCode == 0, prepared.Error);

        // Both can log in with the passwords they already had; nobody else can.
        owner.Database = api.Database = monitor.Database = name;
        Assert.Equal((true, false), (
            (bool)(await ExecuteAsync(api, "SELECT has_schema_privilege('public', 'USAGE')"))!,
            (bool)(await ExecuteAsync(api, "SELECT has_schema_privilege('public', 'CREATE')"))!));
        Assert.Equal(name, await ExecuteAsync(monitor, "SELECT current_database()"));
        Assert.Equal(
            0L,
            await ExecuteAsync(
                owner, "SELECT count(*) FROM pg_database, aclexplode(datacl) WHERE datname = current_database() AND grantee = 0"));
    }

    private static Task<ToolResult> PrepareAsync(
        NpgsqlConnectionStringBuilder owner, string name, string apiPassword, string monitorPassword) =>
        Tool.RunAsync(
            "sh",
            ["-c", ExistingServer.Prepare],
            [
                new("PGHOST", owner.Host),
                new("PGPORT", $"{owner.Port}"),
                new("PGUSER", owner.Username),
                new("PGPASSWORD", owner.Password),
                new("PGDATABASE", name),
                new("API_ROLE", Database.ApiRole),
                new("MONITOR_ROLE", Database.MonitorRole),
                new("PROMETHOIDE_API_PASSWORD", apiPassword),
                new("PROMETHOIDE_MONITOR_PASSWORD", monitorPassword),
                new("ROLES", Repository.Combine("postgres", "roles.sql")),
            ]);

    private static async Task<object?> ExecuteAsync(NpgsqlConnectionStringBuilder login, string statement)
    {
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
