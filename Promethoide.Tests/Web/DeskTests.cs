using Promethoide.Tests.Api;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>The desk for an officer whose browser runs no scripts.</summary>
public sealed class DeskTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Fact]
    public async Task Document_flight_and_stay_lead_to_an_admission()
    {
        using var officer = await desk.OfficerAsync();
        var dni = Travellers.NewDni();

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", $" {dni[..3]}.{dni[3..]}-".ToLowerInvariant()));
        Assert.Contains(dni, officer.Page, StringComparison.Ordinal);
        await officer.PressAsync("check-flight", ("flight_number", "aa 123"));
        Assert.Contains("American Airlines", officer.Page, StringComparison.Ordinal);
        await officer.DecideAsync();

        Assert.Equal("admitted", officer.Outcome);
        Assert.Equal($"{desk.Api.Entries}", officer.Entry);
        Assert.Contains("1.500,00", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wanted_person_stops_everything()
    {
        using var officer = await desk.OfficerAsync();

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", StubApi.Wanted));

        Assert.Equal("wanted", officer.Outcome);
        Assert.Contains("John Doe", officer.Page, StringComparison.Ordinal);
        Assert.Null(officer.Value("flight_number"));
        foreach (var action in (string[])["check-flight", "decide", "edit-document", "edit-flight", "edit-stay"])
        {
            await officer.PressAsync(
                action, ("dni", Travellers.NewDni()), ("flight_number", "AA123"), ("name", "X"), ("declared_money", "9999"));
            Assert.Equal("wanted", officer.Outcome);
        }
    }

    [Theory]
    [InlineData("es", "Llame a: ext. 4410")]
    [InlineData("en", "Call: ext. 4410")]
    public async Task The_stop_screen_says_whom_to_call_and_stays_until_it_is_acknowledged(string language, string call)
    {
        using var officer = await desk.OfficerAsync(language);

        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", StubApi.Wanted));
        Assert.Contains(call, officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("new-traveller", officer.Page, StringComparison.Ordinal);
        await officer.PressAsync("acknowledge");

        Assert.Equal("wanted", officer.Outcome);
        Assert.Contains("id=\"new-traveller\"", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_has_a_form_in_both_languages_to_print()
    {
        using var officer = await desk.OfficerAsync("en");
        var dni = Travellers.NewDni();

        await (await (await officer.OpenAsync()).ToStayAsync(dni)).DecideAsync(money: "20");

        var form = officer.Text[officer.Text.IndexOf("<div class=\"printed\">", StringComparison.Ordinal)..];
        Assert.All(
            (string[])
            [
                "Denegación de entrada", "Refusal of entry", "Exigidos 500,00", "Required €500.00, declared €20.00, missing €480.00", dni,
                "Zoë O'Núñez", "Firma del viajero · Traveller’s signature",
            ],
            text => Assert.Contains(text, form, StringComparison.Ordinal));
        await (await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni())).DecideAsync();
        Assert.DoesNotContain("class=\"printed\"", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_forged_form_leads_past_the_check_of_the_document()
    {
        using var officer = await desk.OfficerAsync();
        var before = desk.Api.Entries;

        await (await officer.OpenAsync()).PressAsync("check-flight", ("dni", StubApi.Wanted), ("flight_number", "AA123"));
        await officer.PressAsync(
            "decide", ("dni", StubApi.Wanted), ("flight_number", "AA123"), ("name", "X"), ("lodging", "Y"), ("declared_money", "9999"));

        Assert.Null(officer.Outcome);
        Assert.NotNull(officer.Value("dni"));
        Assert.Equal(before, desk.Api.Entries);
    }

    [Theory]
    [InlineData("edit-document", "dni")]
    [InlineData("edit-flight", "flight_number")]
    public async Task Who_goes_back_has_to_check_again_before_deciding(string back, string field)
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());
        await officer.PressAsync(back, ("name", "Ana"), ("lodging", "X"), ("declared_money", "900"));
        var before = desk.Api.Requests.Count;

        await officer.PressAsync("decide", (field, StubApi.Wanted));

        Assert.Null(officer.Outcome);
        Assert.NotNull(officer.Value(field));
        Assert.Equal(before, desk.Api.Requests.Count);
    }

    [Fact]
    public async Task A_document_sent_with_a_later_step_does_not_replace_the_checked_one()
    {
        using var officer = await desk.OfficerAsync();
        var dni = Travellers.NewDni();

        await (await officer.OpenAsync()).ToStayAsync(dni);
        await officer.PressAsync("decide", ("dni", StubApi.Wanted), ("name", "Ana"), ("lodging", "X"), ("declared_money", "900"));

        Assert.Equal("admitted", officer.Outcome);
        Assert.Contains(dni, officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_was_tampered_with_starts_again_and_asks_the_API_nothing()
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());
        var state = officer.Value("state")!;
        var asked = desk.Api.Requests.Count;

        await officer.PressAsync(
            "decide", ("state", state[..40] + (state[40] == 'A' ? 'B' : 'A') + state[41..]), ("name", "Ana"), ("declared_money", "900"));

        Assert.Contains("caducado", officer.Page, StringComparison.Ordinal);
        Assert.NotNull(officer.Value("dni"));
        Assert.Equal(asked, desk.Api.Requests.Count);
    }

    [Fact]
    public async Task The_same_form_sent_twice_shows_the_first_entry()
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());
        var state = officer.Value("state")!;

        await officer.DecideAsync();
        var (entry, entries) = (officer.Entry, desk.Api.Entries);
        // As after a reload: the old form is sent again.
        await officer.PressAsync(
            "decide", ("state", state), ("name", "Zoë O'Núñez"), ("lodging", "Hotel Arts"), ("declared_money", "1500"), ("stay_days", "3"));

        Assert.Equal(("admitted", entry), (officer.Outcome, officer.Entry));
        Assert.Equal(entries, desk.Api.Entries);
        Assert.DoesNotContain("Ya registrado", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_form_sent_twice_asks_for_one_decision_and_a_corrected_one_for_another()
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());
        var state = officer.Value("state")!;

        await officer.DecideAsync(money: "1");
        await officer.PressAsync(
            "decide", ("state", state), ("name", "Zoë O'Núñez"), ("lodging", "Hotel Arts"), ("declared_money", "1"), ("stay_days", "3"));
        await officer.PressAsync("edit-stay");
        await officer.DecideAsync(money: "1");
        await officer.PressAsync(
            "decide", ("state", state), ("name", "Zoë O'Núñez"), ("lodging", "Hotel Arts"), ("declared_money", "2"), ("stay_days", "3"));

        var keys = desk.Api.Keys.TakeLast(4).ToList();
        Assert.Equal(keys[0], keys[1]);
        Assert.Equal(3, keys.Distinct().Count());
        Assert.All(keys, key => Assert.Matches("^[0-9a-f]{64}$", key));
    }

    [Theory]
    [InlineData("es", "Ya registrado", "Mismo documento, otros datos", "Selle")]
    [InlineData("en", "Already entered", "Same document, other particulars", "Stamp")]
    public async Task A_document_that_was_admitted_before_is_known_and_with_other_particulars_it_is_no_admission(
        string language, string known, string conflict, string letPass)
    {
        using var officer = await desk.OfficerAsync(language);
        var dni = Travellers.NewDni();
        await (await (await officer.OpenAsync()).ToStayAsync(dni)).DecideAsync();
        var entry = officer.Entry;

        await (await (await officer.OpenAsync()).ToStayAsync(dni)).DecideAsync();
        Assert.Equal(("admitted", entry), (officer.Outcome, officer.Entry));
        Assert.Contains(known, officer.Page, StringComparison.Ordinal);
        Assert.Contains(StubApi.Officer, officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain(letPass, officer.Page, StringComparison.Ordinal);

        await (await (await officer.OpenAsync()).ToStayAsync(dni)).DecideAsync(lodging: "Another hotel");
        Assert.Equal(("conflict", entry), (officer.Outcome, officer.Entry));
        Assert.Contains(conflict, officer.Page, StringComparison.Ordinal);
        Assert.Contains("Another hotel", officer.Page, StringComparison.Ordinal);
        Assert.Contains("<mark>Hotel Arts</mark>", officer.Page, StringComparison.Ordinal);
        Assert.DoesNotContain(letPass, officer.Page, StringComparison.Ordinal);

        // A typing mistake, corrected.
        await officer.PressAsync("edit-stay");
        await officer.DecideAsync();
        Assert.Contains(known, officer.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1500", "", "No declara alojamiento")]
    [InlineData("499,99", "Hotel Arts", "no llegan al mínimo para esta estancia. Exigidos 500,00 €, declarados 499,99 €, faltan 0,01 €.")]
    public async Task A_refusal_says_why_and_can_be_corrected(string money, string lodging, string reason)
    {
        using var officer = await desk.OfficerAsync();

        await (await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni())).DecideAsync(money, lodging);
        Assert.Equal("refused", officer.Outcome);
        Assert.Contains(reason, System.Net.WebUtility.HtmlDecode(officer.Page).Replace('\u00A0', ' '), StringComparison.Ordinal);

        await officer.PressAsync("edit-stay");
        Assert.Equal(("Zoë O'Núñez", lodging, money), (officer.Value("name"), officer.Value("lodging"), officer.Value("declared_money")));
        await officer.DecideAsync();
        Assert.Equal("admitted", officer.Outcome);
    }

    [Fact]
    public async Task Going_back_keeps_what_was_typed_in_later_steps()
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync("AAAA1");

        await officer.PressAsync("edit-document", ("name", "Ana Torres"), ("declared_money", "700"));
        Assert.Equal("AAAA1", officer.Value("dni"));
        await officer.PressAsync("check-document", ("dni", Travellers.NewDni()));

        Assert.Equal(("Ana Torres", "700"), (officer.Value("name"), officer.Value("declared_money")));
    }

    [Fact]
    public async Task Fields_that_cannot_be_read_are_named_and_kept()
    {
        using var officer = await desk.OfficerAsync();

        await (await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni())).DecideAsync(money: "mucho", name: " ", days: "0");

        Assert.Null(officer.Outcome);
        Assert.Equal(("mucho", "0"), (officer.Value("declared_money"), officer.Value("stay_days")));
        Assert.All(
            (string[])["name-error", "declared_money-error", "stay_days-error"],
            id => Assert.Contains($"id=\"{id}\"", officer.Page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Ana \u202Eserrot", "Hotel Arts", "name-error")]
    [InlineData("Ana Torres", "Hotel\u200B Arts", "lodging-error")]
    public async Task A_text_with_what_nobody_sees_is_refused_and_said_at_its_field(string name, string lodging, string error)
    {
        using var officer = await desk.OfficerAsync();
        var before = desk.Api.Entries;

        await (await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni())).DecideAsync(name: name, lodging: lodging);

        Assert.Contains($"id=\"{error}\"", officer.Page, StringComparison.Ordinal);
        Assert.Contains("carácter invisible", officer.Text, StringComparison.Ordinal);
        Assert.Equal(before, desk.Api.Entries);
    }

    [Fact]
    public async Task Nothing_personal_is_in_logs_or_telemetry()
    {
        using var officer = await desk.SupervisorAsync();
        var (dni, name) = (Travellers.NewDni(), $"Nobody{Random.Shared.Next()}");
        await (await (await officer.OpenAsync()).ToStayAsync(dni)).DecideAsync(name: name);
        // The search term is in the address for the officer; it must appear nowhere else.
        await (await officer.OpenAsync("/entries")).SearchAsync(("search", dni));
        Assert.Contains(name, officer.Page, StringComparison.Ordinal);
        var link = desk.Api.NewLink(StubApi.Supervisor);
        using var newcomer = desk.Nobody();
        Assert.Equal("/", (await newcomer.OpenAsync($"/sign-in?link={link}")).Path);

        desk.Api.Fault = Fault.DatabaseUnavailable;
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", dni));
        desk.Api.Fault = Fault.None;
        // Telemetry is exported in order: once the trace of a later page has arrived, all earlier ones have too.
        var marks = Marks();
        await officer.OpenAsync("/refusals");
        await Eventually.GetAsync(() => Task.FromResult(Marks()), now => now > marks);

        Assert.Contains($"{desk.Api.Address}/dni", desk.Telemetry.Received, StringComparison.Ordinal);
        Assert.All((string[])[desk.Log, desk.Telemetry.Received], text =>
        {
            Assert.NotEmpty(text);
            Assert.DoesNotContain(dni, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(link, text, StringComparison.Ordinal);
            Assert.DoesNotContain(StubApi.Password, text, StringComparison.Ordinal);
        });

        int Marks() => desk.Telemetry.Received.Split($"{desk.Api.Address}/refusals").Length;
    }
}
