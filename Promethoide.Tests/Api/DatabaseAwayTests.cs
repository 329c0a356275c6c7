using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>Uses its own server, because the tests stop it.</summary>
[Collection("Api")]
public sealed class DatabaseAwayTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task While_the_database_is_away_requests_are_told_so_and_afterwards_they_succeed_again()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await using var host = await new ApiHost(database.AsApi).ReadyAsync();

        await server.StopAsync();
        Assert.All(
            [
                await WithinAsync(2, host.Public.GetAsync("/dni/12345678A")),
                await WithinAsync(2, host.Public.GetAsync("/flights/AA123")),
                await WithinAsync(2, host.Public.GetAsync("/immigration")),
                await WithinAsync(2, host.Public.PostAsync("/immigration", Travellers.Body())),
                await WithinAsync(2, host.Public.PostAsync("/immigration", Travellers.Body(("smoke", true)))),
            ],
            answer =>
            {
                answer.IsProblem(HttpStatusCode.ServiceUnavailable, "database-unavailable");
                Assert.Equal(TimeSpan.FromSeconds(5), answer.Headers.RetryAfter?.Delta);
            });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await WithinAsync(3, host.Ops.GetAsync("/health"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.Ops.GetAsync("/alive")).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.Public.GetAsync("/")).Status);

        await server.ResumeAsync();
        Assert.Equal(HttpStatusCode.Created, (await host.Public.PostAsync("/immigration", Travellers.Body())).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.Ops.GetAsync("/health")).Status);
    }

    private static Task<Answer> WithinAsync(int seconds, Task<Answer> answer) => answer.WaitAsync(TimeSpan.FromSeconds(seconds));

    [Fact]
    public async Task Started_without_its_database_it_answers_and_gets_ready_when_the_database_comes()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        await server.StopAsync();

        await using var host = new ApiHost(database.AsApi);
        Assert.Equal(HttpStatusCode.OK, (await host.Public.GetAsync("/")).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Ops.GetAsync("/health")).Status);
        (await host.Public.GetAsync("/dni/12345678A")).IsProblem(HttpStatusCode.ServiceUnavailable, "database-unavailable");

        await server.ResumeAsync();
        await host.ReadyAsync();
        Assert.Equal(HttpStatusCode.OK, (await host.Public.GetAsync("/dni/12345678A")).Status);
    }

    [Fact]
    public async Task Before_the_first_migration_it_is_not_ready()
    {
        var database = await server.CreateDatabaseAsync();
        await using var host = new ApiHost(database.AsApi);
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Ops.GetAsync("/health")).Status);

        await database.MigrateAsync();
        await host.ReadyAsync();
    }
}
