using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api.Officers;

/// <summary>What services may do with a key and, where allowed, without one.</summary>
[Collection("Api")]
public sealed class ServicesTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task The_smoke_tests_key_rehearses_with_documents_that_nobody_has_and_does_nothing_else()
    {
        var smoke = (await fixture.KeyAsync("smoke")).Client;

        Assert.Equal(HttpStatusCode.NotFound, (await smoke.GetAsync("/dni/SMOKE0001")).Status);
        Assert.Equal(HttpStatusCode.OK, (await smoke.GetAsync("/flights/AA123")).Status);
        Assert.Equal(
            HttpStatusCode.Created,
            (await smoke.PostAsync("/immigration", Travellers.Body(("dni", "smoke-0001"), ("smoke", true)))).Status);

        (await smoke.GetAsync("/dni/12345678A")).IsProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await smoke.PostAsync("/immigration", Travellers.Body(("dni", "12345678A"), ("smoke", true))))
            .IsProblem(HttpStatusCode.Forbidden, "not-allowed");
        (await smoke.PostAsync("/immigration", Travellers.Body(("dni", "SMOKE0001")))).IsProblem(HttpStatusCode.Forbidden, "not-allowed");
        Assert.Equal(0, await fixture.Database.ReadAsync<long>("SELECT count(*) FROM immigration WHERE dni LIKE 'SMOKE%'"));
    }

    [Fact]
    public async Task The_originals_clients_go_on_where_nobody_has_to_sign_in()
    {
        await using var host = await fixture.StartAsync(new KeyValuePair<string, string?>("Api:AllowAnonymous", "true"));
        var anybody = host.Public.As(null);

        Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync("/dni/12345678A")).Status);
        Assert.Equal(HttpStatusCode.OK, (await anybody.GetAsync("/flights/AA123")).Status);
        Assert.Equal(HttpStatusCode.Created, (await anybody.PostAsync("/immigration", Travellers.Body(("dni", "ANYBODY1")))).Status);
        Assert.Equal(
            HttpStatusCode.Created,
            (await anybody.PostAsync("/immigration", Travellers.Body(("dni", "ANYBODY2"), ("smoke", true)))).Status);

        foreach (var closed in (string[])["/immigration", "/immigration/1", "/refusals", "/hits", "/officers", "/sessions/current"])
        {
            (await anybody.GetAsync(closed)).IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");
        }

        (await host.Public.As("pmk_wrong").GetAsync("/dni/12345678A")).IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Theory]
    [InlineData("Basic YWRhOmFkYQ==")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("pmk_tests")]
    [InlineData("Bearer pmk_tests, Bearer pmk_tests")]
    public async Task A_header_that_shows_no_key_opens_nothing(string header) =>
        (await fixture.Nobody.GetAsync("/dni/NOBODY1", ("Authorization", header)))
            .IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");

    [Fact]
    public async Task A_second_header_does_not_hide_behind_the_first()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/dni/NOBODY1");
        request.Headers.TryAddWithoutValidation("Authorization", ["Bearer pmk_tests", "Bearer pmk_wrong"]);
        using var http = new HttpClient { BaseAddress = fixture.Nobody.Address };

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task No_more_than_eight_wait_at_the_slow_address()
    {
        var waiting = Enumerable.Range(0, 8).Select(_ => fixture.Nobody.GetAsync("/delay?seconds=10")).ToList();
        Answer answer;
        do
        {
            answer = await fixture.Nobody.GetAsync("/delay?seconds=0");
        }
        while (answer.Status == HttpStatusCode.OK && !waiting.TrueForAll(wait => wait.IsCompleted));

        answer.IsProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.NotNull(answer.Headers.RetryAfter);
        // One of the eight may have arrived while another request was in progress.
        Assert.InRange((await Task.WhenAll(waiting)).Count(wait => wait.Status == HttpStatusCode.OK), 7, 8);
    }

    [Fact]
    public async Task On_a_developers_machine_anybody_reads_the_description()
    {
        await using var host = await fixture.StartAsync(new KeyValuePair<string, string?>("environment", "Development"));

        Assert.Equal(HttpStatusCode.OK, (await host.Public.As(null).GetAsync("/openapi/v1.json")).Status);
    }
}
