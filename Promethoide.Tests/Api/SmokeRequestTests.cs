using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class SmokeRequestTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private ApiClient Api => fixture.Api;

    [Fact]
    public async Task A_smoke_request_goes_all_the_way_and_leaves_nothing()
    {
        var before = await fixture.ScrapeAsync();
        var rows = await CountRowsAsync();
        var dni = Travellers.NewDni();

        var answer = await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("smoke", true)));
        var again = await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("smoke", true)));

        Assert.All([answer, again], smoke =>
        {
            Assert.Equal(HttpStatusCode.Created, smoke.Status);
            smoke.HasJson("""{ "message": "Test passed" }""");
            Assert.Null(smoke.Headers.Location);
        });
        await AssertNothingLeftAsync(before, rows);
    }

    [Theory]
    [InlineData("dni", "12345678A", HttpStatusCode.Forbidden, "interpol-match")]
    [InlineData("flight_number", "ZZ1", HttpStatusCode.NotFound, "flight-not-found")]
    [InlineData("lodging", null, HttpStatusCode.BadRequest, "lodging-required")]
    [InlineData("declared_money", 1, HttpStatusCode.BadRequest, "insufficient-money")]
    public async Task A_smoke_request_is_refused_like_any_other_and_leaves_nothing(
        string field, object? value, HttpStatusCode status, string code)
    {
        var before = await fixture.ScrapeAsync();
        var rows = await CountRowsAsync();

        (await Api.PostAsync("/immigration", Travellers.Body((field, value), ("smoke", true)))).IsProblem(status, code);

        await AssertNothingLeftAsync(before, rows);
    }

    [Fact]
    public async Task A_smoke_request_really_inserts_since_a_document_that_is_registered_conflicts()
    {
        var body = Travellers.Body();
        await Api.PostAsync("/immigration", body);

        body["smoke"] = true;
        (await Api.PostAsync("/immigration", body)).IsProblem(HttpStatusCode.Conflict, "already-registered");
    }

    private Task<long> CountRowsAsync() =>
        fixture.Database.ReadAsync<long>("SELECT (SELECT count(*) FROM immigration) + (SELECT count(*) FROM refusals)");

    private async Task AssertNothingLeftAsync(IReadOnlyDictionary<string, double> before, long rows)
    {
        Assert.Equal(rows, await CountRowsAsync());
        var after = await fixture.ScrapeAsync();
        Assert.All(Series.Business, sample => Assert.Equal(before[sample], after[sample]));
    }
}
