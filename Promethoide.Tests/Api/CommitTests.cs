using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

// In its own class: a second host in the same class would stop the first one's meters.
[Collection("Api")]
public sealed class CommitTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("immigration", "admitted", 750)]
    [InlineData("refusals", "refused", 1)]
    public async Task A_decision_that_cannot_be_kept_is_not_taken(string table, string outcome, int money)
    {
        var dni = Travellers.NewDni();
        // Fails at commit, after all statements have succeeded.
        await fixture.Database.ChangeAsync(
            $"""
            CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no room''; END';
            CREATE CONSTRAINT TRIGGER fail AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail();
            """);
        var before = await fixture.ScrapeAsync();
        try
        {
            (await fixture.Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("declared_money", money))))
                .IsProblem(HttpStatusCode.InternalServerError, "internal-error");
        }
        finally
        {
            await fixture.Database.ChangeAsync($"DROP TRIGGER fail ON {table}; DROP FUNCTION fail()");
        }

        Assert.Equal(0, await fixture.Database.ReadAsync<long>(
            $"SELECT (SELECT count(*) FROM immigration WHERE dni = '{dni}') + (SELECT count(*) FROM refusals WHERE dni = '{dni}')"));
        var after = await fixture.ScrapeAsync();
        Assert.All(
            Series.Decisions.Where(decision => decision.Contains(outcome, StringComparison.Ordinal)),
            decision => Assert.Equal(before[decision], after[decision]));
    }
}
