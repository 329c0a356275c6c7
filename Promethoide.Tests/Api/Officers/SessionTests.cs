using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Promethoide.Api.Audit;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api.Officers;

[Collection("Api")]
public sealed class SessionTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    [Fact]
    public async Task A_session_is_good_at_every_replica_and_outlives_them()
    {
        string token;
        await using (var one = await fixture.StartAsync())
        {
            token = await AccessFixture.TokenAsync(one.Public.As(null), await fixture.AddOfficerAsync());
        }

        await using var another = await fixture.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await another.Public.As(token).GetAsync("/sessions/current")).Status);
    }

    [Fact]
    public async Task Work_keeps_a_session_alive_until_the_shift_ends()
    {
        var (name, officer) = await AddAsync();
        await ChangeAsync(name, "last_seen_at = now() - interval '29 minutes'");
        Assert.Equal(HttpStatusCode.OK, (await officer.GetAsync("/flights/AA123")).Status);
        await ChangeAsync(name, "last_seen_at = last_seen_at - interval '29 minutes'");
        Assert.Equal(HttpStatusCode.OK, (await officer.GetAsync("/flights/AA123")).Status);

        await ChangeAsync(name, "created_at = now() - interval '12 hours'");
        (await officer.GetAsync("/flights/AA123")).IsProblem(HttpStatusCode.Unauthorized, "sign-in-required");
    }

    [Fact]
    public async Task What_is_over_is_noticed_within_the_time_that_a_token_is_kept()
    {
        await using var host = await fixture.StartAsync(new KeyValuePair<string, string?>("Api:TokenCache", "00:00:02"));
        var (name, officer) = await AddAsync();
        var elsewhere = host.Public.As(await AccessFixture.TokenAsync(host.Public.As(null), name));
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/flights/AA123")).Status);

        await officer.DeleteAsync("/sessions");

        var ended = DateTime.UtcNow.AddSeconds(30);
        while ((await elsewhere.GetAsync("/flights/AA123")).Status != HttpStatusCode.Unauthorized)
        {
            Assert.True(DateTime.UtcNow < ended, "The session is still good after 30 s.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Many_requests_at_once_look_their_session_up_once()
    {
        var (name, officer) = await AddAsync();
        await using var connection = new Npgsql.NpgsqlConnection(fixture.Database.AsOwner);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var hold = new Npgsql.NpgsqlCommand(
            $"SELECT FROM sessions WHERE officer_id = (SELECT id FROM officers WHERE user_name = '{name}') FOR UPDATE",
            connection,
            transaction);
        await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        var answers = Enumerable.Range(0, 40).Select(_ => officer.GetAsync("/sessions/current")).ToList();
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var waiting = await fixture.Database.ReadAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%UPDATE sessions%'");
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);

        Assert.InRange(waiting, 1, 3);
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task Signing_out_ends_this_session_and_signing_out_everywhere_ends_all_of_the_officers()
    {
        var (name, one) = await AddAsync();
        var (two, three, somebody) = (await fixture.SignInAsync(name), await fixture.SignInAsync(name), (await AddAsync()).Officer);

        Assert.Equal(HttpStatusCode.NoContent, (await one.DeleteAsync("/sessions/current")).Status);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await StatusAsync(one), await StatusAsync(two)));

        Assert.Equal(HttpStatusCode.NoContent, (await two.DeleteAsync("/sessions")).Status);
        Assert.Equal(
            (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK),
            (await StatusAsync(two), await StatusAsync(three), await StatusAsync(somebody)));
    }

    [Fact]
    public async Task A_new_password_ends_the_officers_other_sessions()
    {
        var (name, here) = await AddAsync();
        var elsewhere = await fixture.SignInAsync(name);

        Assert.Equal(
            HttpStatusCode.NoContent, (await ChangePasswordAsync(here, AccessFixture.Password, "another long phrase of mine")).Status);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (await StatusAsync(here), await StatusAsync(elsewhere)));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await fixture.Nobody.PostAsync("/sessions", new { user_name = name, password = AccessFixture.Password })).Status);
        await fixture.SignInAsync(name, "another long phrase of mine");
    }

    [Fact]
    public async Task The_first_password_has_to_be_changed_before_anything_else()
    {
        var (name, first) = await fixture.AddWithFirstPasswordAsync();
        var officer = await fixture.SignInAsync(name, first);
        (await officer.GetAsync("/dni/NOBODY1")).IsProblem(HttpStatusCode.Forbidden, "password-change-required");
        Assert.True((await officer.GetAsync("/sessions/current")).Json.GetProperty("must_change_password").GetBoolean());

        await ChangePasswordAsync(officer, first, AccessFixture.Password);

        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/dni/NOBODY1")).Status);
    }

    [Fact]
    public async Task Whoever_has_changed_the_first_password_at_one_replica_works_on_at_another_at_once()
    {
        await using var other = await fixture.StartAsync(new KeyValuePair<string, string?>("Api:TokenCache", "00:01:00"));
        var (name, first) = await fixture.AddWithFirstPasswordAsync();
        var officer = await fixture.SignInAsync(name, first);
        var elsewhere = other.Public.As(await AccessFixture.TokenAsync(other.Public.As(null), name, first));
        (await elsewhere.GetAsync("/dni/NOBODY1")).IsProblem(HttpStatusCode.Forbidden, "password-change-required");

        await fixture.Database.ChangeAsync($"UPDATE officers SET must_change_password = false WHERE user_name = '{name}'");

        Assert.Equal(HttpStatusCode.NotFound, (await elsewhere.GetAsync("/dni/NOBODY1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await officer.GetAsync("/dni/NOBODY1")).Status);
    }

    [Fact]
    public async Task Whoever_cleans_up_ends_what_is_over_and_leaves_the_rest()
    {
        var ((over, _), (alive, stays)) = (await AddAsync(), await AddAsync());
        await ChangeAsync(over, "last_seen_at = now() - interval '31 minutes'");
        await fixture.Database.ChangeAsync(
            """
            INSERT INTO sign_in_links SELECT 'old', id, now() - interval '1 second' FROM officers LIMIT 1;
            INSERT INTO sign_in_links SELECT 'new', id, now() + interval '1 hour' FROM officers LIMIT 1;
            INSERT INTO audit (action, subject, outcome, at) VALUES ('decision', 'OLD1', 'admitted', now() - interval '366 days')
            """);

        await fixture.Host.Services.GetRequiredService<Housekeeping>().CleanAsync(TestContext.Current.CancellationToken);

        Assert.Equal([alive], await fixture.Database.ReadAsync<string[]>(
            "SELECT ARRAY(SELECT DISTINCT user_name FROM sessions JOIN officers ON officers.id = officer_id "
            + $"WHERE user_name IN ('{over}', '{alive}'))"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(stays));
        Assert.Equal(
            ["new"],
            await fixture.Database.ReadAsync<string[]>(
                "SELECT ARRAY(SELECT convert_from(token_hash, 'UTF8') FROM sign_in_links WHERE token_hash IN ('old', 'new'))"));
        Assert.Equal(0, await fixture.Database.ReadAsync<long>("SELECT count(*) FROM audit WHERE subject = 'OLD1'"));
    }

    [Theory]
    [InlineData("wrong", "another long phrase", "current_password")]
    [InlineData(AccessFixture.Password, "short", "new_password")]
    [InlineData(AccessFixture.Password, AccessFixture.Password, "new_password")]
    [InlineData(AccessFixture.Password, "123456789012", "new_password")]
    [InlineData(AccessFixture.Password, "passwordpassword", "new_password")]
    [InlineData(AccessFixture.Password, "", "new_password")]
    public async Task A_password_that_will_not_do_is_named(string current, string next, string field)
    {
        var (name, officer) = await AddAsync();

        (await ChangePasswordAsync(officer, current, next)).NamesFields(field);

        await fixture.SignInAsync(name);
    }

    [Fact]
    public async Task A_password_may_not_hold_the_user_name()
    {
        var (name, officer) = await AddAsync();

        (await ChangePasswordAsync(officer, AccessFixture.Password, $"my {name} is it")).NamesFields("new_password");
    }

    [Fact]
    public async Task A_token_is_nowhere_kept()
    {
        var token = await AccessFixture.TokenAsync(fixture.Nobody, await fixture.AddOfficerAsync());

        Assert.Equal(
            0,
            await fixture.Database.ReadAsync<long>(
                $"SELECT count(*) FROM sessions WHERE sessions::text LIKE '%{token[4..]}%' "
                + $"OR position('{token[4..]}'::bytea IN token_hash) > 0"));
    }

    [Fact]
    public async Task While_the_database_is_away_nobody_is_told_to_sign_in_again()
    {
        await using var host = new ApiHost(
            "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing",
            settings: new KeyValuePair<string, string?>("Api:TokenCache", "00:00:00"));

        (await host.Public.As("pms_some-token").GetAsync("/sessions/current"))
            .IsProblem(HttpStatusCode.ServiceUnavailable, "database-unavailable");
    }

    private static async Task<HttpStatusCode> StatusAsync(ApiClient client) => (await client.GetAsync("/sessions/current")).Status;

    private static Task<Answer> ChangePasswordAsync(ApiClient officer, string current, string next) =>
        officer.PutAsync("/sessions/current/password", new { current_password = current, new_password = next });

    private async Task<(string Name, ApiClient Officer)> AddAsync()
    {
        var name = await fixture.AddOfficerAsync();
        return (name, await fixture.SignInAsync(name));
    }

    private Task ChangeAsync(string name, string set) =>
        fixture.Database.ChangeAsync($"UPDATE sessions SET {set} WHERE officer_id = (SELECT id FROM officers WHERE user_name = '{name}')");
}
