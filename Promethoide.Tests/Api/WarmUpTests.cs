using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class WarmUpTests(PostgresServer server)
{
    [Fact]
    public async Task Before_it_is_ready_everything_has_run_once_and_nobody_is_told()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        using var log = new Recorder();
        await using var host = await new ApiHost(
            database.AsApi, log: log, settings: [
                new("Logging:LogLevel:Default", "Debug"), new("Logging:Console:LogLevel:Default", "None"), new("Limits:RequestBurst", "1")]).ReadyAsync();

        var told = log.Lines.ToList();
        Assert.All(
            ["FROM interpol", "FROM flights", "WHERE i.id = @", "ORDER BY i.id DESC", "ORDER BY r.id DESC", "Rolling back transaction"],
            statement => Assert.Contains(told, line => line.Text.Contains(statement, StringComparison.Ordinal)));
        Assert.Empty(log.Problems);
        Assert.Equal(5, await database.ReadAsync<long>("SELECT (SELECT count(*) FROM immigration) + (SELECT count(*) FROM refusals)"));
    }
}
