using Npgsql;
using Promethoide.Network;

namespace Promethoide.Tests.AppHost;

/// <summary>The network on a PostgreSQL server that others run: another network's stands in for it.</summary>
public sealed class ExistingServerTests : IDisposable
{
    private readonly AppHostProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task It_is_prepared_and_used_and_roles_that_others_made_keep_their_passwords()
    {
        await using var others = await RunningNetwork.StartAsync(builder => builder.StartOnly("postgres"));
        var owner = new NpgsqlConnectionStringBuilder(await others.ConnectionStringAsync("promethoide")) { Pooling = false };
        string[] arguments =
        [
            "--POSTGRES_HOST=127.0.0.1", $"--POSTGRES_PORT={owner.Port}", $"--POSTGRES_USER={owner.Username}", $"--POSTGRES_PASSWORD={owner.Password}", "--POSTGRES_DB=border",
            "--ephemeral", "--until-healthy",
        ];

        var refused = await _program.RunAsync(arguments: arguments);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("postgres-roles did not start", refused.Output, StringComparison.Ordinal);
        Assert.Contains("has the role promethoide_api with another password. Give both roles' passwords as PROMETHOIDE_API_PASSWORD and", refused.Output, StringComparison.Ordinal);

        await ExecuteAsync(owner, "DROP OWNED BY promethoide_api, promethoide_monitor");
        await ExecuteAsync(owner, "DROP ROLE promethoide_api, promethoide_monitor");
        var used = await _program.RunAsync(arguments: arguments);
        Assert.True(used.ExitCode == 0, used.Output + used.Error);
        owner.Database = "border";
        Assert.Equal(5L, await ExecuteAsync(owner, "SELECT count(*) FROM flights"));
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnectionStringBuilder login, string statement)
    {
        await using var connection = new NpgsqlConnection(login.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
