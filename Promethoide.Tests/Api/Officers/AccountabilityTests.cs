using System.Net;
using Npgsql;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api.Officers;

/// <summary>Who decided, who looked up whom, and who may see it.</summary>
[Collection("Api")]
public sealed class AccountabilityTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    private const string Wanted = "12345678A";

    [Fact]
    public async Task An_entry_and_a_refusal_say_who_decided()
    {
        var (name, officer) = await AddAsync();
        await officer.PostAsync("/immigration", Travellers.Body(("dni", "DECIDED1")));
        await officer.PostAsync("/immigration", Travellers.Body(("dni", "DECIDED2"), ("declared_money", 1)));
        var (key, service) = await fixture.KeyAsync("decide");
        await service.PostAsync("/immigration", Travellers.Body(("dni", "DECIDED3")));

        Assert.Equal(name, await OfficerOfAsync("/immigration?dni=DECIDED1"));
        Assert.Equal(name, await OfficerOfAsync("/refusals?dni=DECIDED2"));
        Assert.Equal($"key/{key}", await OfficerOfAsync("/immigration?dni=DECIDED3"));
        Assert.Null(await OfficerOfAsync("/immigration?dni=56789012F"));
    }

    [Fact]
    public async Task Officers_see_their_own_entries_of_the_shift_and_supervisors_everybodys()
    {
        var ((ada, adas), (_, bobs)) = (await AddAsync(), await AddAsync());
        var entry = (await adas.PostAsync("/immigration", Travellers.Body(("dni", "SHIFT1")))).Json.GetProperty("id").GetInt32();
        await bobs.PostAsync("/immigration", Travellers.Body(("dni", "SHIFT2")));

        await AssertDocumentsAsync(adas, "/immigration", "SHIFT1");
        await AssertDocumentsAsync(bobs, "/immigration", "SHIFT2");
        await AssertDocumentsAsync(bobs, $"/immigration?officer={ada}");
        await AssertDocumentsAsync(fixture.Supervisor, $"/immigration?officer={ada.ToUpperInvariant()}", "SHIFT1");
        Assert.Equal(HttpStatusCode.OK, (await adas.GetAsync($"/immigration/{entry}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await fixture.Supervisor.GetAsync($"/immigration/{entry}")).Status);
        (await bobs.GetAsync($"/immigration/{entry}")).IsProblem(HttpStatusCode.NotFound, "entry-not-found");

        await fixture.Database.ChangeAsync($"UPDATE immigration SET created_at = now() - interval '12 hours' WHERE id = {entry}");
        await AssertDocumentsAsync(adas, "/immigration");
        (await adas.GetAsync($"/immigration/{entry}")).IsProblem(HttpStatusCode.NotFound, "entry-not-found");
    }

    [Fact]
    public async Task An_officer_is_shown_the_entry_that_exists_and_a_service_only_its_number()
    {
        var ((_, adas), (_, bobs)) = (await AddAsync(), await AddAsync());
        var id = (await adas.PostAsync("/immigration", Travellers.Body(("dni", "TWICE1"), ("name", "Grace Hopper")))).Json.GetProperty("id")
            .GetInt32();

        var officer = (await bobs.PostAsync("/immigration", Travellers.Body(("dni", "TWICE1"))))
            .IsProblem(HttpStatusCode.Conflict, "already-registered");
        var service = (await (await fixture.KeyAsync("decide")).Client.PostAsync("/immigration", Travellers.Body(("dni", "TWICE1"))))
            .IsProblem(HttpStatusCode.Conflict, "already-registered");

        Assert.Equal(
            (id, "Grace Hopper"), (officer.GetProperty("id").GetInt32(), officer.GetProperty("entry").GetProperty("name").GetString()));
        Assert.Equal((id, false), (service.GetProperty("id").GetInt32(), service.TryGetProperty("entry", out _)));
    }

    [Fact]
    public async Task A_look_up_of_a_wanted_person_is_kept_before_its_answer_and_once_for_the_traveller_before_the_desk()
    {
        var (name, officer) = await AddAsync();

        await officer.GetAsync($"/dni/{Wanted}");
        Assert.Equal(1, await HitsAsync(name));
        await officer.GetAsync("/dni/12345678a");
        await officer.GetAsync("/dni/87654321B");
        await officer.GetAsync("/dni/NOBODY1");

        var hits = (await fixture.Supervisor.GetAsync($"/hits?officer={name}")).Json.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(
            [("87654321B", "Jane Smith"), (Wanted, "John Doe")],
            hits.Select(hit => (hit.GetProperty("dni").GetString()!, hit.GetProperty("name").GetString()!)));
        Assert.All(hits, hit => Assert.False(hit.GetProperty("decision").GetBoolean()));
        Assert.InRange(hits[0].GetProperty("at").GetDateTime(), DateTime.UtcNow.AddMinutes(-1), DateTime.UtcNow.AddMinutes(1));
    }

    [Fact]
    public async Task A_wanted_person_who_is_refused_is_a_hit_too_and_the_person_stays_known_by_the_document()
    {
        var (name, officer) = await AddAsync();
        await fixture.Database.ChangeAsync("INSERT INTO interpol (name, dni) VALUES ('Off The List', 'GONE1') ON CONFLICT DO NOTHING");

        (await officer.PostAsync("/immigration", Travellers.Body(("dni", "GONE1")))).IsProblem(HttpStatusCode.Forbidden, "interpol-match");
        (await officer.PostAsync("/immigration", Travellers.Body(("dni", "GONE1"), ("smoke", true))))
            .IsProblem(HttpStatusCode.Forbidden, "interpol-match");
        await fixture.Database.ChangeAsync("DELETE FROM interpol WHERE dni = 'GONE1'");

        var hit = Assert.Single(
            (await fixture.Supervisor.GetAsync($"/hits?officer={name}&dni=gone-1")).Json.GetProperty("items").EnumerateArray());
        Assert.True(hit.GetProperty("decision").GetBoolean());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, hit.GetProperty("name").ValueKind);
    }

    [Fact]
    public async Task Hits_are_listed_by_parts()
    {
        var (name, _) = await AddAsync();
        await fixture.Database.ChangeAsync(
            $"INSERT INTO hits (officer, dni, decision) SELECT '{name}', 'PAGE' || n, false FROM generate_series(1, 5) n");

        var first = (await fixture.Supervisor.GetAsync($"/hits?officer={name}&limit=3")).Json;
        var second = (await fixture.Supervisor.GetAsync($"/hits?officer={name}&limit=3&after={first.GetProperty("next").GetInt32()}")).Json;

        Assert.Equal(["PAGE5", "PAGE4", "PAGE3"], Documents(first));
        Assert.Equal(["PAGE2", "PAGE1"], Documents(second));
        Assert.Equal(System.Text.Json.JsonValueKind.Null, second.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task The_audit_log_has_who_did_what()
    {
        var (name, officer) = await AddAsync();
        await officer.GetAsync("/dni/AUDIT1");
        await officer.GetAsync("/dni/AUDIT1");
        await officer.GetAsync($"/dni/{Wanted}");
        await officer.PostAsync("/immigration", Travellers.Body(("dni", "AUDIT2")));
        await officer.PostAsync("/immigration", Travellers.Body(("dni", "AUDIT2")));
        await officer.PostAsync("/immigration", Travellers.Body(("dni", "AUDIT3"), ("declared_money", 1)));
        await officer.PostAsync("/immigration", Travellers.Body(("dni", "AUDIT4"), ("smoke", true)));
        await officer.DeleteAsync("/sessions/current");
        await fixture.Nobody.PostAsync("/sessions", new { user_name = name, password = "wrong" });
        await fixture.Nobody.PostAsync("/sessions", new { user_name = "my-secret-typed-in-the-wrong-field", password = "wrong" });

        await EventuallyAsync(async () => (await LinesAsync($"actor = '{name}' AND action = 'look-up'")).Length == 2);
        await AssertLinesAsync($"actor = '{name}' AND action = 'look-up'", $"{Wanted} wanted 1", "AUDIT1 not-wanted 2");
        await AssertLinesAsync(
            $"actor = '{name}' AND action = 'decision'", "AUDIT2 admitted 1", "AUDIT2 already-registered 1", "AUDIT3 insufficient-money 1");
        await AssertLinesAsync($"actor = '{name}' AND action = 'sign-out'", $"{name} done 1");
        await AssertLinesAsync($"subject = '{name}' AND action = 'sign-in' AND outcome = 'refused'", $"{name} refused 1");
        await AssertLinesAsync($"actor = 'supervisor' AND subject = '{name}' AND action = 'officer-added'", $"{name} officer 1");
        await AssertLinesAsync("audit::text LIKE '%my-secret%'");
        Assert.Equal(
            "127.0.0.1",
            await fixture.Database.ReadAsync<string>($"SELECT client FROM audit WHERE subject = '{name}' AND outcome = 'refused'"));
    }

    [Fact]
    public async Task What_was_looked_up_is_kept_when_the_API_is_stopped()
    {
        var name = await fixture.AddOfficerAsync();
        await using (var host = await fixture.StartAsync())
        {
            var officer = host.Public.As(await AccessFixture.TokenAsync(host.Public.As(null), name));
            await officer.GetAsync("/dni/STOPPED1");
        }

        await AssertLinesAsync($"actor = '{name}' AND action = 'look-up'", "STOPPED1 not-wanted 1");
    }

    [Theory]
    [InlineData("UPDATE audit SET actor = 'somebody else'")]
    [InlineData("DELETE FROM audit")]
    [InlineData("TRUNCATE audit")]
    [InlineData("SELECT FROM audit")]
    [InlineData("INSERT INTO audit (id, action, outcome) OVERRIDING SYSTEM VALUE SELECT id, action, outcome FROM audit")]
    [InlineData("UPDATE audit_retention SET days = 30")]
    [InlineData("CREATE OR REPLACE FUNCTION prune_audit() RETURNS void LANGUAGE sql AS 'DELETE FROM audit'")]
    [InlineData("ALTER TABLE audit DISABLE TRIGGER ALL")]
    [InlineData("UPDATE hits SET officer = 'somebody else'")]
    [InlineData("DELETE FROM hits")]
    [InlineData("UPDATE sessions SET officer_id = 1")]
    [InlineData("UPDATE sessions SET created_at = now()")]
    [InlineData("INSERT INTO sign_in_links SELECT 'x', id, now() FROM officers")]
    [InlineData("UPDATE api_keys SET scopes = '{read}'")]
    [InlineData("DELETE FROM api_keys")]
    public async Task The_APIs_role_cannot_change_what_was_done(string sql)
    {
        var denied = await Assert.ThrowsAsync<PostgresException>(() => TestDatabase.ExecuteAsync(fixture.Database.AsApi, sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, denied.SqlState);
    }

    [Fact]
    public async Task The_audit_log_loses_what_is_older_than_its_owner_says_and_nothing_else()
    {
        await fixture.Database.ChangeAsync(
            "INSERT INTO audit (action, subject, outcome, at) "
            + "SELECT 'decision', 'AGE' || days, 'admitted', now() - make_interval(days => days) "
            + "FROM unnest(ARRAY[29, 59, 61, 364, 366]) days");

        await TestDatabase.ExecuteAsync(fixture.Database.AsApi, "SELECT prune_audit()");
        await AssertLinesAsync("subject LIKE 'AGE%'", "AGE29 admitted 1", "AGE364 admitted 1", "AGE59 admitted 1", "AGE61 admitted 1");

        await fixture.Database.MigrateAsync("--Audit:RetentionDays=60");
        await AssertLinesAsync("subject LIKE 'AGE%'", "AGE29 admitted 1", "AGE59 admitted 1");
    }

    private static IEnumerable<string?> Documents(System.Text.Json.JsonElement page) =>
        page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("dni").GetString());

    private static async Task AssertDocumentsAsync(ApiClient client, string path, params string[] documents) =>
        Assert.Equal(documents, Documents((await client.GetAsync(path)).Json));

    private static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        var ends = DateTime.UtcNow.AddSeconds(30);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < ends, "It is not so after 30 s.");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<string?> OfficerOfAsync(string path) =>
        (await fixture.Supervisor.GetAsync(path)).Json.GetProperty("items")[0].GetProperty("officer").GetString();

    private Task<long> HitsAsync(string officer) =>
        fixture.Database.ReadAsync<long>($"SELECT count(*) FROM hits WHERE officer = '{officer}'");

    private async Task AssertLinesAsync(string where, params string[] lines) => Assert.Equal(lines, await LinesAsync(where));

    private Task<string[]> LinesAsync(string where) => fixture.Database.ReadAsync<string[]>(
        $"SELECT ARRAY(SELECT subject || ' ' || outcome || ' ' || sum(times) FROM audit WHERE {where} "
        + "GROUP BY subject, outcome ORDER BY 1)");

    private async Task<(string Name, ApiClient Officer)> AddAsync()
    {
        var name = await fixture.AddOfficerAsync();
        return (name, await fixture.SignInAsync(name));
    }
}
