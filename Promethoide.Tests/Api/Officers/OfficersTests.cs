using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api.Officers;

/// <summary>How supervisors manage officers.</summary>
[Collection("Api")]
public sealed class OfficersTests(AccessFixture fixture, PostgresServer server) : IClassFixture<AccessFixture>
{
    private ApiClient Supervisor => fixture.Supervisor;

    [Fact]
    public async Task A_new_officer_signs_in_with_the_password_that_was_shown_once()
    {
        var answer = await Supervisor.PostAsync("/officers", new { user_name = " Ada.Lovelace " });

        Assert.Equal((HttpStatusCode.Created, "ada.lovelace"), (answer.Status, answer.Json.GetProperty("user_name").GetString()));
        var password = answer.Json.GetProperty("password").GetString()!;
        Assert.Matches("^[a-z2-9]{4}(-[a-z2-9]{4}){3}$", password);
        await fixture.SignInAsync("ada.lovelace", password);
        var listed = await ListedAsync("ada.lovelace");
        Assert.Equal(("officer", true), (listed.GetProperty("role").GetString(), listed.GetProperty("must_change_password").GetBoolean()));
        Assert.DoesNotContain(password, (await Supervisor.GetAsync("/officers")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_told_whatever_its_case()
    {
        var name = await fixture.AddOfficerAsync();

        (await Supervisor.PostAsync("/officers", new { user_name = name.ToUpperInvariant() }))
            .IsProblem(HttpStatusCode.Conflict, "officer-exists");
    }

    [Fact]
    public async Task Of_many_who_add_the_same_name_at_once_one_succeeds_and_the_others_are_told_that_it_is_taken()
    {
        var name = $"o{Guid.NewGuid():N}";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Supervisor.PostAsync("/officers", new { user_name = name })));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.All(
            answers.Where(answer => answer.Status != HttpStatusCode.Created),
            answer => answer.IsProblem(HttpStatusCode.Conflict, "officer-exists"));
    }

    [Theory]
    [InlineData("", "officer", "user_name")]
    [InlineData("a b", "officer", "user_name")]
    [InlineData("-ada", "officer", "user_name")]
    [InlineData("key/smoke", "officer", "user_name")]
    [InlineData("аda", "officer", "user_name")]
    [InlineData("ada", "admin", "role")]
    [InlineData("a'; DROP TABLE officers; --", "Supervisor", "user_name", "role")]
    public async Task What_cannot_be_a_name_or_a_role_is_named(string name, string role, params string[] fields) =>
        (await Supervisor.PostAsync("/officers", new { user_name = name, role })).NamesFields(fields);

    [Fact]
    public async Task A_locked_officer_is_out_at_once_and_in_again_when_unlocked()
    {
        var name = await fixture.AddOfficerAsync();
        var officer = await fixture.SignInAsync(name);

        Assert.Equal(HttpStatusCode.NoContent, (await Supervisor.PostAsync($"/officers/{name}/lock", new { })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await officer.GetAsync("/sessions/current")).Status);
        Assert.True((await ListedAsync(name)).GetProperty("locked").GetBoolean());

        Assert.Equal(HttpStatusCode.NoContent, (await Supervisor.PostAsync($"/officers/{name}/unlock", new { })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await officer.GetAsync("/sessions/current")).Status);
        await fixture.SignInAsync(name);
    }

    [Fact]
    public async Task A_reset_gives_a_new_first_password_and_takes_the_old_one()
    {
        var name = await fixture.AddOfficerAsync();
        var officer = await fixture.SignInAsync(name);

        var password = (await Supervisor.PostAsync($"/officers/{name}/reset", new { })).Json.GetProperty("password").GetString()!;

        Assert.Equal(HttpStatusCode.Unauthorized, (await officer.GetAsync("/sessions/current")).Status);
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await fixture.Nobody.PostAsync("/sessions", new { user_name = name, password = AccessFixture.Password })).Status);
        (await (await fixture.SignInAsync(name, password)).GetAsync("/immigration"))
            .IsProblem(HttpStatusCode.Forbidden, "password-change-required");
    }

    [Fact]
    public async Task What_a_removed_officer_decided_stays()
    {
        var name = await fixture.AddOfficerAsync();
        await (await fixture.SignInAsync(name)).PostAsync("/immigration", Travellers.Body(("dni", "REMOVED1")));

        Assert.Equal(HttpStatusCode.NoContent, (await Supervisor.DeleteAsync($"/officers/{name}")).Status);

        Assert.Equal(
            name, (await Supervisor.GetAsync("/immigration?dni=REMOVED1")).Json.GetProperty("items")[0].GetProperty("officer").GetString());
        (await Supervisor.DeleteAsync($"/officers/{name}")).IsProblem(HttpStatusCode.NotFound, "officer-not-found");
    }

    [Fact]
    public async Task The_last_supervisor_stays_though_two_try_to_remove_each_other_at_once()
    {
        await using var host = new ApiHost(
            (await (await server.CreateDatabaseAsync()).MigrateAsync()) is var database ? database.AsApi : "");
        await host.ReadyAsync();
        await database.ChangeAsync("UPDATE officers SET must_change_password = false");
        var one = host.Public.As(await AccessFixture.TokenAsync(host.Public.As(null), "supervisor", TestDatabase.SupervisorPassword));
        (await one.DeleteAsync("/officers/supervisor")).IsProblem(HttpStatusCode.Conflict, "last-supervisor");
        (await one.PostAsync("/officers/supervisor/lock", new { })).IsProblem(HttpStatusCode.Conflict, "last-supervisor");

        var added = await one.PostAsync("/officers", new { user_name = "other", role = "supervisor" });
        await database.ChangeAsync("UPDATE officers SET must_change_password = false");
        var other = host.Public.As(
            await AccessFixture.TokenAsync(host.Public.As(null), "other", added.Json.GetProperty("password").GetString()!));
        await Task.WhenAll(one.DeleteAsync("/officers/other"), other.DeleteAsync("/officers/supervisor"));

        Assert.Equal(1, await database.ReadAsync<long>("SELECT count(*) FROM officers"));
    }

    private async Task<System.Text.Json.JsonElement> ListedAsync(string name) =>
        (await Supervisor.GetAsync("/officers")).Json.GetProperty("items")
            .EnumerateArray()
            .Single(officer => officer.GetProperty("user_name").GetString() == name);
}
