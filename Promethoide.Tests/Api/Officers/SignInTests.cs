using System.Diagnostics;
using System.Net;
using Promethoide.Api.Access;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api.Officers;

[Collection("Api")]
public sealed class SignInTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task An_officer_signs_in_whatever_the_case_of_the_name()
    {
        var name = await fixture.AddOfficerAsync();

        var session = (await TryAsync($" {name.ToUpperInvariant()} ", AccessFixture.Password)).Json;

        Assert.StartsWith("pms_", session.GetProperty("token").GetString(), StringComparison.Ordinal);
        Assert.Equal((name, "officer"), (session.GetProperty("user_name").GetString(), session.GetProperty("role").GetString()));
        Assert.False(session.GetProperty("must_change_password").GetBoolean());
        Assert.InRange(session.GetProperty("ends_at").GetDateTime(), DateTime.UtcNow.AddHours(11.9), DateTime.UtcNow.AddHours(12.1));
    }

    [Fact]
    public async Task Whoever_is_refused_is_told_the_same_whatever_the_reason()
    {
        var (locked, lockedOut, officer) = (
            await fixture.AddOfficerAsync(),
            await fixture.AddOfficerAsync(),
            await fixture.AddOfficerAsync());
        await fixture.Supervisor.PostAsync($"/officers/{locked}/lock", new { });
        await FailAsync(lockedOut, times: 5);

        Answer[] answers =
        [
            await TryAsync("nobody-of-this-name", "wrong"), await TryAsync(officer, "wrong"),
            await TryAsync(locked, AccessFixture.Password), await TryAsync(lockedOut, AccessFixture.Password),
            await TryAsync("' OR 1=1 --", "' OR 1=1 --"),
        ];

        Assert.All(answers, answer => answer.IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed"));
        Assert.Single(answers.Select(answer => answer.Json.GetProperty("detail").GetString()).Distinct());
    }

    [Fact]
    public async Task The_answer_takes_as_long_for_a_name_that_nobody_has()
    {
        var officers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => fixture.AddOfficerAsync()));
        var (known, unknown) = (new List<double>(), new List<double>());
        for (var i = 0; i < 9; i++)
        {
            known.Add(await TimeAsync(officers[i % 3]));
            unknown.Add(await TimeAsync($"nobody-{i}"));
        }

        // Without the dummy comparison for unknown names, the ratio would be a tenth.
        Assert.InRange(unknown.Order().ElementAt(4) / known.Order().ElementAt(4), 0.4, 2.5);

        async Task<double> TimeAsync(string name)
        {
            var started = Stopwatch.GetTimestamp();
            await TryAsync(name, "wrong");
            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }
    }

    [Fact]
    public async Task Five_wrong_passwords_in_a_row_lock_out_for_a_quarter_of_an_hour()
    {
        var name = await fixture.AddOfficerAsync();
        await FailAsync(name, times: 4);
        Assert.Equal(HttpStatusCode.Created, (await TryAsync(name, AccessFixture.Password)).Status);

        await FailAsync(name, times: 5);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync(name, AccessFixture.Password)).Status);
        Assert.InRange(
            await fixture.Database.ReadAsync<TimeSpan>($"SELECT lockout_end - now() FROM officers WHERE user_name = '{name}'"),
            TimeSpan.FromMinutes(14),
            TimeSpan.FromMinutes(15));

        await fixture.Database.ChangeAsync($"UPDATE officers SET lockout_end = now() - interval '1 second' WHERE user_name = '{name}'");
        Assert.Equal(HttpStatusCode.Created, (await TryAsync(name, AccessFixture.Password)).Status);
    }

    [Fact]
    public async Task Guesses_at_the_same_time_all_count()
    {
        var name = await fixture.AddOfficerAsync();

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => TryAsync(name, "wrong")));

        Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync(name, AccessFixture.Password)).Status);
    }

    [Fact]
    public async Task Too_many_attempts_are_turned_away_by_name_and_by_address_before_they_are_looked_at()
    {
        await using var host = await fixture.StartAsync(new("Limits:SignInsPerClient", "6"), new("Limits:SignInsPerName", "3"));
        var api = host.Public.As(null);

        var byName = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => api.PostAsync("/sessions", new { user_name = "One.Name", password = "wrong" })));
        Assert.Equal(1, byName.Count(answer => answer.Status == HttpStatusCode.TooManyRequests));

        var byAddress = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(i => api.PostAsync("/sessions", new { user_name = $"name-{i}", password = "wrong" })));
        var refused = byAddress.Where(answer => answer.Status == HttpStatusCode.TooManyRequests).ToList();
        Assert.Equal(2, refused.Count);
        refused[0].IsProblem(HttpStatusCode.TooManyRequests, "too-many-requests");
        Assert.Equal(TimeSpan.FromMinutes(1), refused[0].Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync("/")).Status);

        var elsewhere = await api.SendAsync(
            HttpMethod.Post,
            "/sessions",
            System.Net.Http.Json.JsonContent.Create(new { user_name = "another", password = "wrong" }),
            ("X-Forwarded-For", "192.0.2.7"));
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.Status);
    }

    [Theory]
    [InlineData(null, "x", "user_name")]
    [InlineData("ada", null, "password")]
    [InlineData(null, null, "user_name", "password")]
    public async Task What_is_missing_is_named(string? name, string? password, params string[] fields) =>
        (await fixture.Nobody.PostAsync("/sessions", new { user_name = name, password })).NamesFields(fields);

    [Fact]
    public async Task A_link_signs_in_once_though_many_use_it_at_once()
    {
        await AddLinkAsync("the-link", "now() + interval '1 hour'");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => fixture.Nobody.PostAsync("/sessions/link", new { token = "the-link" })));

        var session = Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created).Json;
        Assert.Equal("supervisor", session.GetProperty("user_name").GetString());
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.Created),
            answer => answer.IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed"));
    }

    [Fact]
    public async Task A_link_that_has_expired_signs_nobody_in()
    {
        await AddLinkAsync("the-old-link", "now() - interval '1 second'");

        (await fixture.Nobody.PostAsync("/sessions/link", new { token = "the-old-link" }))
            .IsProblem(HttpStatusCode.Unauthorized, "sign-in-failed");
    }

    [Fact]
    public async Task Whoever_comes_by_the_link_may_work_before_the_first_password_is_changed()
    {
        var (name, first) = await fixture.AddWithFirstPasswordAsync("supervisor");
        await AddLinkAsync("a-link", "now() + interval '1 hour'", name);

        var session = (await fixture.Nobody.PostAsync("/sessions/link", new { token = "a-link" })).Json;

        Assert.False(session.GetProperty("must_change_password").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await fixture.Nobody.As(session.GetProperty("token").GetString()).GetAsync("/refusals")).Status);
        (await (await fixture.SignInAsync(name, first)).GetAsync("/refusals"))
            .IsProblem(HttpStatusCode.Forbidden, "password-change-required");
    }

    private Task<Answer> TryAsync(string name, string password) =>
        fixture.Nobody.PostAsync("/sessions", new { user_name = name, password });

    private async Task FailAsync(string name, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await TryAsync(name, "wrong")).Status);
        }
    }

    private Task AddLinkAsync(string token, string expires, string officer = "supervisor") => fixture.Database.ChangeAsync(
        $"INSERT INTO sign_in_links SELECT '\\x{Convert.ToHexString(Secret.Hash(token))}', id, {expires} "
        + $"FROM officers WHERE user_name = '{officer}'");
}
