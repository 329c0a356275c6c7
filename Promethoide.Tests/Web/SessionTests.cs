using System.Net;
using Promethoide.Tests.Api;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>What happens to an officer's work when sessions end and start.</summary>
public sealed class SessionTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    [Fact]
    public async Task Who_has_been_idle_is_led_to_the_sign_in_page_and_back()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        desk.Api.EndSessions(name);

        await officer.OpenAsync("/entries");
        Assert.Equal(("/sign-in?returnUrl=%2Fentries&notice=Ended", "Ended", false), (officer.Path, officer.Notice, officer.HasSession));

        await officer.SignInAsync(name);
        Assert.Equal("/entries", officer.Path);
    }

    [Fact]
    public async Task What_was_typed_at_the_desk_survives_the_end_of_the_session_and_nothing_is_decided_by_signing_in()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        var dni = Travellers.NewDni();
        await (await officer.OpenAsync()).ToStayAsync(dni);
        desk.Api.EndSessions(name);
        var posts = Posts();

        await officer.DecideAsync("1.234,5", "Hotel <Arts>");
        Assert.Equal((HttpStatusCode.Forbidden, "Ended", false), (officer.Response.StatusCode, officer.Notice, officer.HasSession));
        Assert.NotNull(officer.Value("password"));

        await officer.SignInAsync(name, "wrong");
        Assert.Equal("Failed", officer.Notice);
        await officer.SignInAsync(name);
        Assert.Equal(HttpStatusCode.OK, officer.Response.StatusCode);
        await officer.PressAsync("");
        Assert.Equal(
            ("Zoë O'Núñez", "Hotel <Arts>", "1.234,5", "3"),
            (officer.Value("name"), officer.Value("lodging"), officer.Value("declared_money"), officer.Value("stay_days")));
        Assert.Contains(dni, officer.Page, StringComparison.Ordinal);
        // One request was rejected; none has been sent since.
        Assert.InRange(Posts() - posts, 0, 1);

        await officer.PressAsync("decide");
        Assert.Equal("admitted", officer.Outcome);
    }

    [Fact]
    public async Task What_was_typed_survives_too_when_the_web_knows_that_the_session_has_ended()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", Travellers.NewDni()));
        desk.Api.EndSessions(name);
        // The browser's other tab has found out.
        using var tab = new DeskClient(desk.Address, "es", officer.Cookies);
        await tab.OpenAsync("/entries");
        Assert.False(officer.HasSession);

        await officer.PressAsync("check-flight", ("flight_number", "AA 123"));
        Assert.Equal(HttpStatusCode.Forbidden, officer.Response.StatusCode);
        await (await officer.SignInAsync(name)).PressAsync("");

        Assert.Equal("AA 123", officer.Value("flight_number"));
    }

    [Fact]
    public async Task A_form_that_is_open_works_again_once_the_same_officer_has_signed_in_in_another_tab()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());
        desk.Api.EndSessions(name);
        using var tab = new DeskClient(desk.Address, "es", officer.Cookies);
        await (await tab.OpenAsync("/entries")).SignInAsync(name);

        await officer.DecideAsync();

        Assert.Equal("admitted", officer.Outcome);
    }

    [Fact]
    public async Task Another_officers_open_form_is_turned_away()
    {
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).ToStayAsync(Travellers.NewDni());
        using var tab = new DeskClient(desk.Address, "es", officer.Cookies);
        await (await tab.OpenAsync()).PressElsewhereAsync("sign-out");
        await tab.SignInAsync(StubApi.Supervisor);

        await officer.DecideAsync();

        Assert.Equal((HttpStatusCode.BadRequest, null), (officer.Response.StatusCode, officer.Outcome));
    }

    [Fact]
    public async Task A_search_leads_to_the_sign_in_page_and_back_to_itself()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        await officer.OpenAsync("/entries");
        desk.Api.EndSessions(name);

        await officer.OpenAsync("/entries?search=A1&after=7");

        Assert.Equal("/sign-in?returnUrl=%2Fentries%3Fsearch%3DA1%26after%3D7&notice=Ended", officer.Path);
    }

    [Fact]
    public async Task A_locked_officer_cannot_go_on()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        desk.Api.Lock(name);

        Assert.Equal("Ended", (await officer.OpenAsync("/entries")).Notice);
        Assert.Equal("Failed", (await officer.SignInAsync(name)).Notice);
    }

    [Fact]
    public async Task The_API_is_asked_about_a_session_at_most_once_in_20_seconds_and_soon_after()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        var before = desk.Api.SessionChecks;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            using var response = await officer.SendAsync(HttpMethod.Get, "/");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }));
        Assert.InRange(desk.Api.SessionChecks - before, 0, 1);

        // The desk's first page makes no other API calls.
        desk.Api.EndSessions(name);
        var waited = System.Diagnostics.Stopwatch.StartNew();
        await Eventually.GetAsync(
            async () => (await officer.OpenAsync()).Path, path => path.StartsWith("/sign-in", StringComparison.Ordinal));
        Assert.InRange(waited.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task Sessions_and_open_forms_survive_a_restart_of_the_web_and_work_at_every_replica()
    {
        var dni = Travellers.NewDni();
        using var officer = await desk.OfficerAsync();
        await (await officer.OpenAsync()).PressAsync("check-document", ("dni", dni));
        await using var replica = await desk.StartReplicaAsync();
        using var there = replica.Nobody(cookies: officer.Cookies);

        Assert.NotNull((await there.OpenAsync()).Value("dni"));
        using var form = officer.Form(("flight_number", "AA123"), ("action", "check-flight"));
        using var response = await there.SendAsync(HttpMethod.Post, "/", form);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Contains(dni, (await there.OpenAsync($"{response.Headers.Location}")).Page, StringComparison.Ordinal);
    }

    private int Posts() => desk.Api.Requests.Count(request => request == "POST /immigration");
}
