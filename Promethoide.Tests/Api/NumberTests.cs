using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>Entry numbers: none is wasted, and they do not run out.</summary>
[Collection("Api")]
public sealed class NumberTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private ApiClient Api => fixture.Api;

    [Theory]
    [InlineData("immigration", 750)]
    [InlineData("refusals", 1)]
    public async Task What_is_rehearsed_or_registered_already_draws_no_number(string table, int money)
    {
        var registered = Travellers.Body();
        await Api.PostAsync("/immigration", registered);
        var before = await LastAsync(table);

        (await Api.PostAsync("/immigration", registered)).IsProblem(HttpStatusCode.Conflict, "already-registered");
        await Api.PostAsync("/immigration", Travellers.Body(("smoke", true), ("declared_money", money)));

        Assert.Equal(before, await LastAsync(table));
    }

    [Fact]
    public async Task After_two_billion_decisions_there_is_a_next_one()
    {
        foreach (var table in (string[])["immigration", "refusals", "hits", "sessions"])
        {
            await fixture.Database.ChangeAsync($"ALTER TABLE {table} ALTER COLUMN id RESTART WITH {(long)int.MaxValue + 1}");
        }

        var admitted = await Api.PostAsync("/immigration", Travellers.Body());
        Assert.Equal((long)int.MaxValue + 1, admitted.Json.GetProperty("id").GetInt64());
        Assert.Equal(HttpStatusCode.OK, (await Api.GetAsync(admitted.Headers.Location!.OriginalString)).Status);
        await Api.PostAsync("/immigration", Travellers.Body());
        (await Api.PostAsync("/immigration", Travellers.Body(("declared_money", 1))))
            .IsProblem(HttpStatusCode.BadRequest, "insufficient-money");
        Assert.Equal(HttpStatusCode.OK, (await Api.GetAsync("/dni/12345678A")).Status);

        foreach (var path in (string[])["/immigration?limit=1", "/refusals", "/hits"])
        {
            Assert.Equal(
                (long)int.MaxValue + (path.StartsWith("/immigration", StringComparison.Ordinal) ? 2 : 1),
                (await Api.GetAsync(path)).Json.GetProperty("items")[0].GetProperty("id").GetInt64());
        }

        Assert.Equal(HttpStatusCode.OK, (await Api.GetAsync($"/immigration?after={(long)int.MaxValue + 2}")).Status);
    }

    private Task<long> LastAsync(string table) =>
        fixture.Database.ReadAsync<long>($"SELECT COALESCE(last_value, 0) FROM pg_sequences WHERE sequencename = '{table}_id_seq'");
}
