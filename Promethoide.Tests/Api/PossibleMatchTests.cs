using System.Net;
using Promethoide.Tests.Fixtures;

namespace Promethoide.Tests.Api;

/// <summary>Wanted persons found by name and date of birth.</summary>
[Collection("Api")]
public sealed class PossibleMatchTests(ApiFixture fixture) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await fixture.Database.ChangeAsync(
        """
        INSERT INTO interpol (name, dni, birth_date) VALUES
            ('GARCÍA LÓPEZ, José', 'MATCH1', '1970-05-04'), ('Someone Else', 'MATCH2', '1970-05-04'),
            ('José García López', 'MATCH3', '1971-05-04'), ('José García López', 'MATCH4', NULL)
        ON CONFLICT DO NOTHING
        """);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Name_and_day_of_birth_together_find_a_person_and_the_log_says_who_looked()
    {
        var found = (await fixture.Api.GetAsync("/wanted?name=Jose%20Garcia&birth_date=1970-05-04")).Json.GetProperty("items");

        var person = Assert.Single(found.EnumerateArray());
        Assert.Equal(("MATCH1", "1970-05-04"), (person.GetProperty("dni").GetString(), person.GetProperty("birth_date").GetString()));
        Assert.Equal(
            1,
            await fixture.Database.ReadAsync<int>(
                "SELECT count(*)::int FROM audit WHERE action = 'look-up' AND subject = 'MATCH1' AND outcome = 'possible-match'"));
    }

    [Fact]
    public async Task Nobody_is_stopped_by_a_name()
    {
        var body = Travellers.Body(("name", "José García López"), ("birth_date", "1970-05-04"), ("nationality", "esp"));

        var id = (await fixture.Api.PostAsync("/immigration", body)).Json.GetProperty("id").GetInt64();

        var entry = (await fixture.Api.GetAsync($"/immigration/{id}")).Json;
        Assert.Equal(("1970-05-04", "ESP"), (entry.GetProperty("birth_date").GetString(), entry.GetProperty("nationality").GetString()));
    }

    [Fact]
    public async Task A_refusal_keeps_who_it_was_about()
    {
        var dni = Travellers.NewDni();
        await fixture.Api.PostAsync(
            "/immigration", Travellers.Body(("dni", dni), ("birth_date", "1970-05-04"), ("nationality", "D"), ("lodging", null)));

        var refusal = (await fixture.Api.GetAsync($"/refusals?dni={dni}")).Json.GetProperty("items")[0];

        Assert.Equal(("1970-05-04", "D"), (refusal.GetProperty("birth_date").GetString(), refusal.GetProperty("nationality").GetString()));
    }

    [Theory]
    [InlineData("birth_date", "1899-12-31")]
    [InlineData("birth_date", "2999-01-01")]
    [InlineData("nationality", "SPAIN")]
    [InlineData("nationality", "E5")]
    // The Kelvin sign looks like a K but is not in A-Z.
    [InlineData("nationality", "\u212A")]
    public async Task Particulars_that_cannot_be_are_refused(string field, string value) =>
        (await fixture.Api.PostAsync("/immigration", Travellers.Body((field, value)))).NamesFields(field);

    [Theory]
    [InlineData("", "name")]
    [InlineData("?name=%20&birth_date=1970-05-04", "name")]
    [InlineData("?name=Jose", "birth_date")]
    [InlineData("?name=Jose&birth_date=4/5/1970", "birth_date")]
    [InlineData("?name=Jose&birth_date=2999-01-01", "birth_date")]
    public async Task What_is_missing_or_unreadable_is_named(string query, string field)
    {
        var answer = await fixture.Api.GetAsync($"/wanted{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.NamesFields(field);
    }
}
