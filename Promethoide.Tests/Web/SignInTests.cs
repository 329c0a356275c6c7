using System.Net;

namespace Promethoide.Tests.Web;

/// <summary>How an officer signs in at the desk and signs out.</summary>
public sealed class SignInTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>, IDisposable
{
    public void Dispose() => desk.Api.TooMany = false;

    [Theory]
    [InlineData("es", "Iniciar sesión")]
    [InlineData("en", "Sign in")]
    public async Task Whoever_opens_a_page_signs_in_and_is_at_that_page(string language, string title)
    {
        using var officer = desk.Nobody(language);

        await officer.OpenAsync("/entries");
        Assert.Equal("/sign-in?returnUrl=%2Fentries", officer.Path);
        Assert.Contains($"<h1>{title}</h1>", officer.Text, StringComparison.Ordinal);
        Assert.Null(officer.Notice);

        await officer.SignInAsync(StubApi.Officer);
        Assert.Equal("/entries", officer.Path);
        Assert.Contains(
            $"<strong>{StubApi.Officer}</strong> <span>{(language == "es" ? "Agente" : "Officer")}</span>",
            officer.Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_form_is_one_that_password_managers_know()
    {
        using var officer = desk.Nobody();

        await officer.OpenAsync("/sign-in");

        Assert.Matches("<input id=\"user_name\"[^>]*type=\"text\"[^>]*autocomplete=\"username\"[^>]*autofocus", officer.Page);
        Assert.Matches("<input id=\"password\"[^>]*type=\"password\"[^>]*autocomplete=\"current-password\"", officer.Page);
        Assert.Contains("<label for=\"user_name\">", officer.Page, StringComparison.Ordinal);
        Assert.Contains("<label for=\"password\">", officer.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_an_unknown_name_and_a_locked_officer_are_told_the_same()
    {
        var locked = desk.Api.NewOfficer();
        desk.Api.Lock(locked);
        var answers = new List<(HttpStatusCode, string)>();
        foreach (var (name, password) in (IEnumerable<(string, string)>)
        [
            (StubApi.Officer, "wrong"), ("nobody", StubApi.Password), (locked, StubApi.Password), (StubApi.Officer, ""), ("", ""),
        ])
        {
            using var officer = desk.Nobody();
            await (await officer.OpenAsync("/sign-in")).SignInAsync(name, password);
            Assert.Equal((name, ""), (officer.Value("user_name"), officer.Value("password")));
            Assert.False(officer.HasSession);
            answers.Add((
                officer.Response.StatusCode,
                System.Text.RegularExpressions.Regex.Match(officer.Page, "<p class=\"notice\".*?</p>").Value));
        }

        Assert.Single(answers.Distinct());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answers[0].Item1);
        Assert.Contains("data-notice=\"Failed\"", answers[0].Item2, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_wrong_password_the_way_back_is_kept()
    {
        using var officer = desk.Nobody();
        await officer.OpenAsync("/entries");

        await officer.SignInAsync(StubApi.Officer, "wrong");
        await officer.SignInAsync(StubApi.Officer);

        Assert.Equal("/entries", officer.Path);
    }

    [Fact]
    public async Task Too_many_attempts_are_told_to_wait()
    {
        using var officer = desk.Nobody();
        desk.Api.TooMany = true;

        await (await officer.OpenAsync("/sign-in")).SignInAsync(StubApi.Officer);

        Assert.Equal((HttpStatusCode.TooManyRequests, "TooMany"), (officer.Response.StatusCode, officer.Notice));
    }

    // The client's circuit breaker counts failures; a password guesser must not make the desk stop calling the API.
    [Fact]
    public async Task Many_attempts_of_somebody_do_not_keep_the_officers_from_the_API()
    {
        using var officer = await desk.OfficerAsync();
        using var stranger = desk.Nobody();
        desk.Api.TooMany = true;
        for (var i = 0; i < 40; i++)
        {
            await stranger.SignInAsync("x", "y");
        }

        await officer.OpenAsync("/entries");

        Assert.Equal(HttpStatusCode.OK, officer.Response.StatusCode);
    }

    [Fact]
    public async Task The_API_is_told_where_an_attempt_comes_from()
    {
        using var officer = desk.Nobody();
        await officer.OpenAsync("/sign-in");
        using var form = officer.Form(("user_name", "x"), ("password", "y"), ("action", "sign-in"));

        // As Apache forwards it.
        using var response = await officer.SendAsync(HttpMethod.Post, "/sign-in", form, ("X-Forwarded-For", "203.0.113.7"));

        Assert.Contains("203.0.113.7", desk.Api.SignIns);
    }

    [Fact]
    public async Task A_link_signs_in_once()
    {
        var link = desk.Api.NewLink(StubApi.Supervisor);
        using var newcomer = desk.Nobody();
        using var second = desk.Nobody();

        await newcomer.OpenAsync($"/sign-in?link={link}");
        await second.OpenAsync($"/sign-in?link={link}");

        Assert.Equal("/", newcomer.Path);
        Assert.Contains($"<strong>{StubApi.Supervisor}</strong>", newcomer.Page, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Gone, "LinkUsed"), (second.Response.StatusCode, second.Notice));
        Assert.False(second.HasSession);
        await second.SignInAsync(StubApi.Officer);
        Assert.NotNull(second.Value("dni"));
    }

    [Fact]
    public async Task Who_only_looks_whether_a_link_is_there_does_not_use_it_up()
    {
        var link = desk.Api.NewLink(StubApi.Supervisor);
        using var officer = desk.Nobody();

        using var head = await officer.SendAsync(HttpMethod.Head, $"/sign-in?link={link}");
        using var prefetch = await officer.SendAsync(HttpMethod.Get, $"/sign-in?link={link}", null, ("Sec-Purpose", "prefetch;prerender"));
        Assert.False(officer.HasSession);

        await officer.OpenAsync($"/sign-in?link={link}");
        Assert.True(officer.HasSession);
    }

    [Fact]
    public async Task Who_is_signed_in_is_led_on_from_the_sign_in_page()
    {
        using var officer = await desk.OfficerAsync();

        Assert.Equal("/entries", (await officer.OpenAsync("/sign-in?returnUrl=/entries")).Path);
        Assert.Equal("/", (await officer.OpenAsync("/sign-in")).Path);
    }

    [Fact]
    public async Task A_second_tabs_sign_in_page_still_works_after_the_first_one_has_been_used()
    {
        using var first = desk.Nobody();
        using var second = new DeskClient(desk.Address, "es", first.Cookies);
        await first.OpenAsync("/sign-in");
        await second.OpenAsync("/sign-in");

        await first.SignInAsync(StubApi.Officer);
        await second.SignInAsync(StubApi.Supervisor);

        Assert.Equal((HttpStatusCode.OK, "/"), (second.Response.StatusCode, second.Path));
        Assert.Contains($"<strong>{StubApi.Supervisor}</strong>", second.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_at_the_API_and_deletes_the_cookie()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        using var stolen = new DeskClient(desk.Address, "es");
        stolen.Cookies.Add(new Uri(desk.Address), new Cookie("session", officer.Cookie("session")));
        await officer.OpenAsync();

        await officer.PressElsewhereAsync("sign-out");

        Assert.Equal(("SignedOut", false, false), (officer.Notice, officer.HasSession, desk.Api.HasSession(name)));
        Assert.Contains("/sign-in", (await officer.OpenAsync("/entries")).Path, StringComparison.Ordinal);
        Assert.Contains("/sign-in", (await stolen.OpenAsync("/entries")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_language_can_be_switched_on_the_sign_in_page_and_keeps_the_name()
    {
        using var officer = desk.Nobody();
        await officer.OpenAsync("/entries");

        await officer.SwitchLanguageAsync("en", ("user_name", StubApi.Officer), ("password", "typed"));

        Assert.Contains("<h1>Sign in</h1>", officer.Page, StringComparison.Ordinal);
        Assert.Equal(
            (StubApi.Officer, "", "/entries"), (officer.Value("user_name"), officer.Value("password"), officer.Value("return_url")));
        Assert.Null(officer.Notice);
    }

    [Fact]
    public async Task Every_page_says_at_its_foot_when_the_API_is_open()
    {
        await using var open = await desk.StartReplicaAsync(("Api__AllowAnonymous", "true"));
        using var officer = await open.SignedInAsync(StubApi.Officer, "en");
        using var nobody = open.Nobody("en");
        using var elsewhere = await desk.OfficerAsync("en");
        const string Sentence = "On this machine the API is open without sign-in.";

        Assert.Contains(Sentence, (await nobody.OpenAsync()).Page, StringComparison.Ordinal);
        foreach (var path in (string[])["/", "/entries", "/account", "/nowhere", "/hits"])
        {
            Assert.Contains(Sentence, (await officer.OpenAsync(path)).Page, StringComparison.Ordinal);
            Assert.DoesNotContain(Sentence, (await elsewhere.OpenAsync(path)).Page, StringComparison.Ordinal);
        }
    }
}
