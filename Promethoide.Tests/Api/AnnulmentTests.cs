using System.Net;
using Npgsql;
using Promethoide.Tests.Api.Officers;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>Entries that a supervisor annuls.</summary>
public sealed class AnnulmentTests(AccessFixture fixture) : IClassFixture<AccessFixture>
{
    private static readonly object Reason = new { reason = "  Wrong traveller  " };

    private ApiClient Supervisor => fixture.Supervisor;

    [Fact]
    public async Task An_annulled_entry_stays_on_record_and_the_traveller_may_be_decided_on_again()
    {
        var body = Travellers.Body();
        var id = await AdmitAsync(body);

        var annulled = (await Supervisor.PostAsync($"/immigration/{id}/annulment", Reason)).Json;
        Assert.Equal(
            ("supervisor", "Wrong traveller"),
            (annulled.GetProperty("annulled_by").GetString(), annulled.GetProperty("annulment_reason").GetString()));
        var again = await AdmitAsync(body);

        Assert.NotEqual(id, again);
        Assert.True((await Supervisor.GetAsync($"/immigration/{id}")).Json.TryGetProperty("annulled_at", out _));
        Assert.False((await Supervisor.GetAsync($"/immigration/{again}")).Json.TryGetProperty("annulled_at", out _));
        (await Supervisor.PostAsync("/immigration", body)).IsProblem(HttpStatusCode.Conflict, "already-registered");
        Assert.Equal(
            1,
            await fixture.Database.ReadAsync<int>(
                $"SELECT count(*)::int FROM audit WHERE action = 'annulment' AND actor = 'supervisor' AND subject = '{body["dni"]}'"));
    }

    [Fact]
    public async Task The_same_again_gets_the_same_answer_and_another_reason_does_not_replace_the_first()
    {
        var path = $"/immigration/{await AdmitAsync(Travellers.Body())}/annulment";
        var first = (await Supervisor.PostAsync(path, Reason)).Json.ToString();

        Assert.Equal(first, (await Supervisor.PostAsync(path, Reason)).Json.ToString());
        (await Supervisor.PostAsync(path, new { reason = "Another" })).IsProblem(HttpStatusCode.Conflict, "already-annulled");
    }

    [Fact]
    public async Task Of_many_who_annul_at_once_one_is_on_record_and_the_log_has_one_line()
    {
        var body = Travellers.Body();
        var path = $"/immigration/{await AdmitAsync(body)}/annulment";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Supervisor.PostAsync(path, new { reason = $"Reason {i}" })));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.OK);
        Assert.Equal(
            1,
            await fixture.Database.ReadAsync<int>(
                $"SELECT count(*)::int FROM audit WHERE action = 'annulment' AND subject = '{body["dni"]}'"));
    }

    [Fact]
    public async Task The_API_can_neither_undo_an_annulment_nor_change_its_reason()
    {
        var id = await AdmitAsync(Travellers.Body());
        await Supervisor.PostAsync($"/immigration/{id}/annulment", Reason);

        await Assert.ThrowsAsync<PostgresException>(() =>
            TestDatabase.ExecuteAsync(fixture.Database.AsApi, $"UPDATE immigration SET annulled_at = NULL WHERE id = {id}"));
        await TestDatabase.ExecuteAsync(fixture.Database.AsApi, $"SELECT annul_entry({id}, 'x', 'x')");
        Assert.Equal(
            "Wrong traveller", await fixture.Database.ReadAsync<string>($"SELECT annulment_reason FROM immigration WHERE id = {id}"));
    }

    [Fact]
    public async Task A_refusal_is_not_called_admitted_later_by_an_entry_that_is_annulled()
    {
        var dni = Travellers.NewDni();
        await Supervisor.PostAsync("/immigration", Travellers.Body(("dni", dni), ("lodging", null)));
        var id = await AdmitAsync(Travellers.Body(("dni", dni)));
        Assert.Equal(id, await AdmittedLaterAsync());

        await Supervisor.PostAsync($"/immigration/{id}/annulment", Reason);

        Assert.Null(await AdmittedLaterAsync());

        async Task<long?> AdmittedLaterAsync() =>
            (await Supervisor.GetAsync($"/refusals?dni={dni}")).Json.GetProperty("items")[0].GetProperty("admitted_later")
                is { ValueKind: System.Text.Json.JsonValueKind.Number } id
                ? id.GetInt64()
                : null;
    }

    private async Task<long> AdmitAsync(Dictionary<string, object?> body) =>
        (await Supervisor.PostAsync("/immigration", body)).Json.GetProperty("id").GetInt64();
}
