using System.Net;
using Npgsql;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>
/// The connection breaks after the commit but before the reply. The decision stands: it must be neither lost nor made twice.
/// </summary>
[Collection("Api")]
public sealed class LostReplyTests(PostgresServer server)
{
    [Fact]
    public async Task An_admission_whose_reply_was_lost_is_answered_as_an_admission()
    {
        await using var network = await NetworkAsync();
        var body = Travellers.Body();

        network.Proxy.LoseNextReply();
        var answer = await network.Host.Public.PostAsync("/immigration", body);

        Assert.Equal(1, network.Proxy.Lost);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(
            answer.Json.GetProperty("id").GetInt64(),
            await network.Database.ReadAsync<long>($"SELECT id FROM immigration WHERE dni = '{body["dni"]}'"));
    }

    [Fact]
    public async Task A_refusal_whose_reply_was_lost_is_kept_once()
    {
        await using var network = await NetworkAsync();
        var body = Travellers.Body(("declared_money", 1));

        network.Proxy.LoseNextReply();
        var answer = await network.Host.Public.PostAsync("/immigration", body);

        Assert.Equal(1, network.Proxy.Lost);
        answer.IsProblem(HttpStatusCode.BadRequest, "insufficient-money");
        Assert.Equal(1, await network.Database.ReadAsync<long>($"SELECT count(*) FROM refusals WHERE dni = '{body["dni"]}'"));
    }

    [Fact]
    public async Task A_look_up_whose_reply_was_lost_is_made_again()
    {
        await using var network = await NetworkAsync();

        network.Proxy.LoseNextReply();
        var answer = await network.Host.Public.GetAsync("/dni/12345678A");

        Assert.Equal(1, network.Proxy.Lost);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    private async Task<Network> NetworkAsync()
    {
        var database = await (await server.CreateDatabaseAsync()).MigrateAsync();
        var proxy = new LossyProxy(server.Port);
        var host = await new ApiHost(new NpgsqlConnectionStringBuilder(database.AsApi) { Port = proxy.Port }.ConnectionString).ReadyAsync();
        return new Network(database, proxy, host);
    }

    private sealed record Network(TestDatabase Database, LossyProxy Proxy, ApiHost Host) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await Proxy.DisposeAsync();
        }
    }
}
