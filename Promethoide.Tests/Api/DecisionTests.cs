using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

[Collection("Api")]
public sealed class DecisionTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private ApiClient Api => fixture.Api;

    [Fact]
    public async Task A_traveller_is_admitted_and_the_entry_can_be_read_where_the_answer_says()
    {
        var before = DateTime.UtcNow;
        var answer = await Api.PostAsync(
            "/immigration",
            Travellers.Body(("dni", "1.234.567-z"), ("flight_number", "ba 456"), ("arrival_date", "2023-11-01"), ("stay_days", 7)));

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var id = answer.Json.GetProperty("id").GetInt32();
        answer.HasJson($$"""{ "message": "Immigration entry created successfully", "id": {{id}} }""");
        Assert.Equal($"/immigration/{id}", answer.Headers.Location?.OriginalString);

        var entry = await Api.GetAsync(answer.Headers.Location!.OriginalString);
        var createdAt = entry.Json.GetProperty("created_at");
        Assert.InRange(createdAt.GetDateTime(), before.AddMilliseconds(-1), DateTime.UtcNow);
        Assert.EndsWith("Z", createdAt.GetString(), StringComparison.Ordinal);
        entry.HasJson(
            $$"""
            {
              "id": {{id}}, "name": "José María O'Neill", "dni": "1234567Z", "lodging": "Hotel California", "declared_money": 750.50,
              "flight_number": "BA456", "arrival_date": "2023-11-01", "stay_days": 7, "created_at": {{createdAt.GetRawText()}},
              "officer": "key/tests"
            }
            """);
    }

    [Fact]
    public async Task The_address_of_an_entry_has_the_prefix_that_the_proxy_took_away()
    {
        var answer = await Api.PostAsync("/immigration", Travellers.Body(), ("X-Forwarded-Prefix", "/api"));

        Assert.Equal($"/api/immigration/{answer.Json.GetProperty("id")}", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_stay_lasts_one_day_when_it_is_not_said()
    {
        var answer = await Api.PostAsync("/immigration", Travellers.Body());

        Assert.Equal(
            1, await fixture.Database.ReadAsync<int>($"SELECT stay_days FROM immigration WHERE id = {answer.Json.GetProperty("id")}"));
    }

    [Fact]
    public async Task Wanted_persons_are_refused_whatever_else_is_wrong()
    {
        var answer = await Api.PostAsync("/immigration", Travellers.Body(
            ("dni", "87654321b"), ("flight_number", "ZZ1"), ("lodging", null), ("declared_money", 0)));

        answer.IsProblem(HttpStatusCode.Forbidden, "interpol-match");
        await AssertKeptAsync("87654321B", "interpol-match");
    }

    [Fact]
    public async Task An_unknown_flight_is_refused_before_lodging_and_money()
    {
        var dni = Travellers.NewDni();
        var answer = await Api.PostAsync("/immigration", Travellers.Body(
            ("dni", dni), ("flight_number", "ZZ1"), ("lodging", null), ("declared_money", 0)));

        answer.IsProblem(HttpStatusCode.NotFound, "flight-not-found");
        await AssertKeptAsync(dni, "flight-not-found");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    public async Task A_traveller_without_lodging_is_refused_before_money(string? lodging)
    {
        var dni = Travellers.NewDni();
        var answer = await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("lodging", lodging), ("declared_money", 0)));

        answer.IsProblem(HttpStatusCode.BadRequest, "lodging-required");
        await AssertKeptAsync(dni, "lodging-required");
    }

    [Fact]
    public async Task A_traveller_with_too_little_money_is_told_how_much_is_required()
    {
        var dni = Travellers.NewDni();
        var answer = await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("declared_money", 499.99m)));

        var problem = answer.IsProblem(HttpStatusCode.BadRequest, "insufficient-money");
        Assert.Contains("500.00", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        await AssertKeptAsync(dni, "insufficient-money");
    }

    [Fact]
    public async Task The_required_money_is_configured_and_grows_with_the_stay()
    {
        await using var host = new ApiHost(
            fixture.Database.AsApi, settings: [new("Immigration:MinimumMoney", "100"), new("Immigration:MinimumMoneyPerDay", "40.5")]);

        var refused = await host.Public.PostAsync("/immigration", Travellers.Body(("declared_money", 121.49m), ("stay_days", 3)));
        var admitted = await host.Public.PostAsync("/immigration", Travellers.Body(("declared_money", 121.5m), ("stay_days", 3)));

        var problem = refused.IsProblem(HttpStatusCode.BadRequest, "insufficient-money");
        Assert.Contains("121.50", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(121.5m, problem.GetProperty("required_money").GetDecimal());
        Assert.Equal(HttpStatusCode.Created, admitted.Status);
    }

    [Fact]
    public async Task A_document_is_registered_once_per_flight_and_that_is_no_refusal()
    {
        var dni = Travellers.NewDni();
        var first = await Api.PostAsync("/immigration", Travellers.Body(("dni", dni)));
        var again = await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("name", "Somebody Else")));
        var otherFlight = await Api.PostAsync("/immigration", Travellers.Body(("dni", dni), ("flight_number", "EK202")));

        var problem = again.IsProblem(HttpStatusCode.Conflict, "already-registered");
        Assert.Equal(first.Json.GetProperty("id").GetInt32(), problem.GetProperty("id").GetInt32());
        Assert.Equal(HttpStatusCode.Created, otherFlight.Status);
        Assert.Equal(0, await fixture.Database.ReadAsync<long>($"SELECT count(*) FROM refusals WHERE dni = '{dni}'"));
    }

    [Fact]
    public async Task Of_64_officers_who_register_the_same_traveller_at_once_exactly_one_succeeds()
    {
        var body = Travellers.Body();
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Api.PostAsync("/immigration", body)));

        var admitted = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        var id = admitted.Json.GetProperty("id").GetInt32();
        Assert.All(answers.Except([admitted]), answer =>
            Assert.Equal(id, answer.IsProblem(HttpStatusCode.Conflict, "already-registered").GetProperty("id").GetInt32()));
    }

    [Fact]
    public async Task Sixty_four_different_travellers_are_all_admitted_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Api.PostAsync("/immigration", Travellers.Body())));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.Status));
        Assert.Equal(64, answers.Select(answer => answer.Json.GetProperty("id").GetInt32()).Distinct().Count());
    }

    [Theory]
    [InlineData("/immigration/2147483647")]
    [InlineData("/immigration/99999999999")]
    [InlineData("/immigration/0")]
    [InlineData("/immigration/-1")]
    public async Task An_entry_that_does_not_exist_is_not_found(string path) =>
        (await Api.GetAsync(path)).IsProblem(HttpStatusCode.NotFound, "entry-not-found");

    /// <summary>One refusal was recorded with this reason, and nobody was admitted.</summary>
    private async Task AssertKeptAsync(string dni, string reason)
    {
        Assert.Equal(reason, await fixture.Database.ReadAsync<string>($"SELECT string_agg(reason, ',') FROM refusals WHERE dni = '{dni}'"));
        Assert.Equal(0, await fixture.Database.ReadAsync<long>($"SELECT count(*) FROM immigration WHERE dni = '{dni}'"));
    }
}
