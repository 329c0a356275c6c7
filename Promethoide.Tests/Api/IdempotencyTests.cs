using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>A request sent twice, because its response was lost or the user clicked twice.</summary>
[Collection("Api")]
public sealed class IdempotencyTests(ApiFixture fixture) : IClassFixture<ApiFixture>
{
    private ApiClient Api => fixture.Api;

    [Fact]
    public async Task A_refusal_that_is_sent_again_is_answered_again_and_kept_once()
    {
        var (key, body) = (NewKey(), Travellers.Body(("declared_money", 1)));

        (await SendAsync(key, body)).IsProblem(HttpStatusCode.BadRequest, "insufficient-money");
        (await SendAsync(key, body)).IsProblem(HttpStatusCode.BadRequest, "insufficient-money");

        Assert.Equal(1, await RefusalsAsync(body));
    }

    [Fact]
    public async Task An_admission_that_is_sent_again_is_answered_with_the_same_entry()
    {
        var (key, body) = (NewKey(), Travellers.Body());

        var first = await SendAsync(key, body);
        var again = await SendAsync(key, body);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.Status, again.Status));
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
    }

    [Theory]
    [InlineData(750, HttpStatusCode.Created)]
    [InlineData(1, HttpStatusCode.BadRequest)]
    public async Task Of_many_that_are_sent_at_once_one_is_decided_and_all_get_its_answer(int money, HttpStatusCode status)
    {
        var (key, body) = (NewKey(), Travellers.Body(("declared_money", money)));
        var before = await fixture.ScrapeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => SendAsync(key, body)));

        Assert.All(answers, answer => Assert.Equal(status, answer.Status));
        Assert.Single(answers.Select(answer => answer.Headers.Location?.OriginalString).Distinct());
        Assert.Equal(1, await RefusalsAsync(body) + await AdmissionsAsync(body));
        Assert.Equal(
            1,
            await fixture.Database.ReadAsync<long>($"SELECT count(*) FROM audit WHERE action = 'decision' AND subject = '{body["dni"]}'"));
        var after = await fixture.ScrapeAsync();
        Assert.Equal(1, Series.Decisions.Sum(decision => after[decision] - before[decision]));
    }

    [Fact]
    public async Task What_was_answered_stays_the_answer_when_the_flight_has_come_since()
    {
        var (key, body) = (NewKey(), Travellers.Body(("flight_number", "LATE1")));
        (await SendAsync(key, body)).IsProblem(HttpStatusCode.NotFound, "flight-not-found");
        await fixture.Database.ChangeAsync(
            "INSERT INTO flights (flight_number, airline, origin, destination, departure_date, arrival_date) "
            + "VALUES ('LATE1', 'x', 'x', 'x', now(), now())");

        (await SendAsync(key, body)).IsProblem(HttpStatusCode.NotFound, "flight-not-found");
        Assert.Equal(HttpStatusCode.Created, (await SendAsync(NewKey(), body)).Status);
    }

    [Fact]
    public async Task A_key_is_good_for_one_application_only()
    {
        var (key, body) = (NewKey(), Travellers.Body());
        await SendAsync(key, body);

        body["name"] = "Somebody Else";
        (await SendAsync(key, body)).IsProblem(HttpStatusCode.UnprocessableEntity, "idempotency-key-reused");
    }

    [Fact]
    public async Task Without_a_key_each_request_is_one_of_its_own()
    {
        var body = Travellers.Body(("declared_money", 1));

        await Api.PostAsync("/immigration", body);
        await Api.PostAsync("/immigration", body);

        Assert.Equal(2, await RefusalsAsync(body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("a b")]
    [InlineData(
        "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        + "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        + "01234567890123456789012345678901234567890123456789012345")]
    public async Task What_is_no_key_is_named(string key) => (await SendAsync(key, Travellers.Body())).NamesFields("Idempotency-Key");

    [Fact]
    public async Task A_key_in_quotes_is_the_same_as_without()
    {
        var (key, body) = (NewKey(), Travellers.Body(("declared_money", 1)));

        await SendAsync(key, body);
        await SendAsync($"\"{key}\"", body);

        Assert.Equal(1, await RefusalsAsync(body));
    }

    private static string NewKey() => Guid.NewGuid().ToString();

    private Task<Answer> SendAsync(string key, Dictionary<string, object?> body) =>
        Api.PostAsync("/immigration", body, ("Idempotency-Key", key));

    private Task<long> RefusalsAsync(Dictionary<string, object?> body) =>
        fixture.Database.ReadAsync<long>($"SELECT count(*) FROM refusals WHERE dni = '{body["dni"]}'");

    private Task<long> AdmissionsAsync(Dictionary<string, object?> body) =>
        fixture.Database.ReadAsync<long>($"SELECT count(*) FROM immigration WHERE dni = '{body["dni"]}'");
}
