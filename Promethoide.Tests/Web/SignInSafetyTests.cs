using System.Net;
using PlaywrightException = Microsoft.Playwright.PlaywrightException;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>Attacks on signing in at the desk, from outside.</summary>
public sealed class SignInSafetyTests(DeskUnderTest desk, Chromium chromium) : IClassFixture<DeskUnderTest>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> ForeignAddresses =>
    [
        "https://example.org", "//example.org", "///example.org", @"/\example.org", @"\\example.org", @"\/example.org", "/\t/example.org",
        "/\n/example.org", "\t//example.org", " //example.org", "javascript:alert(1)", "example.org", "@example.org",
        "/entries\r\nSet-Cookie: x=y", "/ñ", "",
    ];

    [Theory]
    [MemberData(nameof(ForeignAddresses))]
    public async Task Nobody_is_led_to_another_site_after_signing_in(string address)
    {
        using var officer = desk.Nobody();
        await officer.OpenAsync($"/sign-in?returnUrl={Uri.EscapeDataString(address)}");

        Assert.Equal("/", officer.Value("return_url"));
        using var form = officer.Form(
            ("return_url", address), ("user_name", StubApi.Officer), ("password", StubApi.Password), ("action", "sign-in"));
        using var response = await officer.SendAsync(HttpMethod.Post, "/sign-in", form);
        using var again = await officer.SendAsync(HttpMethod.Get, $"/sign-in?returnUrl={Uri.EscapeDataString(address)}");

        Assert.Equal((HttpStatusCode.Redirect, "/"), (response.StatusCode, response.Headers.Location?.OriginalString));
        Assert.Equal((HttpStatusCode.Redirect, "/"), (again.StatusCode, again.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task A_path_of_the_desk_comes_back_as_it_was()
    {
        using var officer = desk.Nobody();

        await officer.OpenAsync("/sign-in?returnUrl=%2Fentries%3Fa%3Db%26c%3D%252F");
        await officer.SignInAsync(StubApi.Officer);

        Assert.Equal("/entries?a=b&c=%2F", officer.Path);
    }

    [Fact]
    public async Task A_session_cookie_from_before_is_never_kept()
    {
        using var officer = desk.Nobody();
        using var attacker = await desk.SignedInAsync(desk.Api.NewOfficer());
        await officer.OpenAsync("/sign-in");
        // Cookies that an attacker might plant: an invented one and their own.
        foreach (var planted in (string[])["planted", attacker.Cookie("session")!])
        {
            officer.Cookies.Add(new Uri(desk.Address), new Cookie("session", planted));
            await (await officer.OpenAsync("/account")).PressElsewhereAsync("sign-out");
            officer.Cookies.Add(new Uri(desk.Address), new Cookie("session", planted));
            await officer.SignInAsync(StubApi.Officer);

            Assert.NotEqual(planted, officer.Cookie("session"));
            Assert.Contains($"<strong>{StubApi.Officer}</strong>", officer.Page, StringComparison.Ordinal);
        }

        var first = officer.Cookie("session");
        await officer.PressElsewhereAsync("sign-out");
        await officer.SignInAsync(StubApi.Officer);
        Assert.NotEqual(first, officer.Cookie("session"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_cookie_that_the_desk_did_not_make_is_no_session(string value)
    {
        using var officer = await desk.OfficerAsync();
        var session = officer.Cookie("session")!;
        foreach (var forged in (string[])[value, session[..^3] + (session[^3] == 'A' ? "B" : "A") + session[^2..], session[..60]])
        {
            officer.Cookies.Add(new Uri(desk.Address), new Cookie("session", forged));
            Assert.Contains("/sign-in", (await officer.OpenAsync()).Path, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/sign-in", "user_name=ana&password=x&action=sign-in&_handler=sign-in", false)]
    [InlineData("/sign-out", "", true)]
    [InlineData("/account", "action=sign-out-everywhere&_handler=sessions", true)]
    [InlineData("/officers", "action=add&user_name=evil&role=supervisor&_handler=officers", true)]
    public async Task A_form_of_another_site_does_nothing(string path, string body, bool signedIn)
    {
        using var officer = signedIn ? await desk.SupervisorAsync() : desk.Nobody();
        using var form = new StringContent(body, null, "application/x-www-form-urlencoded");
        var before = desk.Api.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal));

        using var response = await officer.SendAsync(HttpMethod.Post, path, form, ("Origin", "http://evil.example"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(signedIn, officer.HasSession);
        Assert.Equal(before, desk.Api.Requests.Count(request => request.StartsWith("POST", StringComparison.Ordinal)));
        if (signedIn)
        {
            Assert.Equal("/entries", (await officer.OpenAsync("/entries")).Path);
        }
    }

    // It arrives without the officer's cookies, which are Lax: it must neither sign the officer out nor fill in the desk's form.
    [Theory]
    [InlineData("/", "http://evil.example")]
    [InlineData("/", "null")]
    [InlineData("/sign-out", "http://evil.example")]
    public async Task A_form_of_another_site_without_cookies_leaves_everything_as_it_is(string path, string origin)
    {
        using var stranger = desk.Nobody();
        using var form = new FormUrlEncodedContent([new("state", "x"), new("dni", "PLANTED1")]);

        using var response = await stranger.SendAsync(HttpMethod.Post, path, form, ("Origin", origin));

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.StartsWith("/sign-in", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task The_desks_own_form_is_kept_when_the_browser_says_where_it_comes_from()
    {
        using var officer = desk.Nobody();
        using var form = new FormUrlEncodedContent([new("state", "x"), new("dni", "\"><script>")]);

        using var response = await officer.SendAsync(HttpMethod.Post, "/", form, ("Origin", desk.Address));
        var page = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("name=\"unfinished-dni\" value=\"&quot;&gt;&lt;script&gt;\"", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/sign-in", 200)]
    [InlineData("/entries", 302)]
    [InlineData("/sign-in/callback", 302)]
    [InlineData("/error", 404)]
    public async Task What_everybody_may_see_has_the_security_headers_and_is_kept_by_no_cache(string path, int status)
    {
        using var nobody = desk.Nobody();

        using var response = await nobody.SendAsync(HttpMethod.Get, path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore, $"{response.Headers.CacheControl}");
        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("form-action 'self'", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Referrer-Policy").Single());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/entries")]
    [InlineData("/refusals")]
    [InlineData("/hits")]
    [InlineData("/officers")]
    [InlineData("/account")]
    [InlineData("/nowhere")]
    public async Task No_page_with_something_personal_is_kept_by_a_cache(string path)
    {
        using var supervisor = await desk.SupervisorAsync();

        Assert.True((await supervisor.OpenAsync(path)).Response.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cookies_are_closed_to_scripts_and_other_sites_and_go_by_HTTPS_only_where_there_is_HTTPS(bool https)
    {
        using var officer = desk.Nobody();
        // As forwarded from loopback by Apache or the proxy in front of it.
        (string, string)[] forwarded = https ? [("X-Forwarded-Proto", "https")] : [];
        using var page = await officer.SendAsync(HttpMethod.Get, "/sign-in", null, forwarded);
        var token = System.Text.RegularExpressions.Regex.Match(
            await page.Content.ReadAsStringAsync(Cancellation),
            "__RequestVerificationToken\" value=\"(?<token>[^\"]+)").Groups["token"].Value;
        // Over plain HTTP the cookie container does not return Secure cookies, so they are read from the headers.
        var antiforgery = page.Headers.GetValues("Set-Cookie").Single();
        using var form = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", token), new("_handler", "sign-in"), new("action", "sign-in"),
            new("user_name", StubApi.Officer), new("password", StubApi.Password), new("language", "en"),
        ]);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(desk.Address),
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in") { Content = form };
        request.Headers.Add("Cookie", antiforgery.Split(';')[0]);
        foreach (var (name, value) in forwarded)
        {
            request.Headers.Add(name, value);
        }

        using var signedIn = await client.SendAsync(request, Cancellation);
        string[] cookies = [antiforgery, .. signedIn.Headers.GetValues("Set-Cookie")];

        Assert.Equal(["antiforgery", "language", "session"], cookies.Select(cookie => cookie.Split('=')[0]).Order());
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("; samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(https, cookie.Contains("; secure", StringComparison.OrdinalIgnoreCase));
        });
        // It ends with the browser, and only the desk can read it.
        var session = cookies.Single(cookie => cookie.StartsWith("session=", StringComparison.Ordinal));
        Assert.DoesNotMatch("(?i)expires|max-age", session);
        Assert.DoesNotContain("pms_", session, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_not_the_desks_is_not_served()
    {
        await using var named = await desk.StartReplicaAsync(("AllowedHosts", "desk.example.org;127.0.0.1"));
        using var nobody = named.Nobody();

        foreach (var (host, status) in (IEnumerable<(string, HttpStatusCode)>)
        [
            ("desk.example.org", HttpStatusCode.OK),
            ("127.0.0.1:80", HttpStatusCode.OK),
            ("evil.example", HttpStatusCode.BadRequest),
            ("desk.example.org.evil.example", HttpStatusCode.BadRequest),
        ])
        {
            using var response = await nobody.SendAsync(HttpMethod.Get, "/sign-in", null, ("Host", host));
            Assert.Equal((host, status), (host, response.StatusCode));
        }
    }

    [Fact]
    public async Task A_second_tab_opened_from_another_sites_link_leaves_the_open_form_as_it_is()
    {
        var page = await chromium.NewPageAsync();
        await page.Context.RouteAsync("http://other.example/", route =>
            route.FulfillAsync(new() { ContentType = "text/html", Body = $"<a href='{desk.Address}/'>The desk</a>" }));
        await page.GotoAsync($"{desk.Address}/sign-in");
        await page.FillAsync("#user_name", StubApi.Officer);
        await page.FillAsync("#password", StubApi.Password);
        await page.ClickAsync("#sign-in");
        await page.WaitForSelectorAsync("#check-document");
        await page.FillAsync("#dni", $"L{Random.Shared.Next(1_000_000_000):D9}");

        var second = await page.Context.NewPageAsync();
        await second.GotoAsync("http://other.example/");
        await second.ClickAsync("a");
        await second.WaitForSelectorAsync("#check-document");
        await page.ClickAsync("#check-document");

        await page.WaitForSelectorAsync("#check-flight");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task In_a_browser_signing_in_again_leads_back_to_what_was_typed(bool javaScript)
    {
        var page = await chromium.NewPageAsync(javaScript: javaScript);
        var name = desk.Api.NewOfficer();
        await page.GotoAsync($"{desk.Address}/entries");
        await page.WaitForSelectorAsync("#user_name:focus");
        await SignInAsync();
        await page.WaitForSelectorAsync("#search");
        Assert.Equal($"{desk.Address}/entries", page.Url);
        await page.ClickAsync("nav a[href='/']");
        await page.WaitForSelectorAsync("#check-document");
        await page.FillAsync("#dni", $"L{Random.Shared.Next(1_000_000_000):D9}");
        await page.ClickAsync("#check-document");
        await page.FillAsync("#flight_number", "ZZ 999");
        desk.Api.EndSessions(name);

        await page.ClickAsync("#check-flight");
        await page.WaitForSelectorAsync("[data-notice=Ended]");
        await SignInAsync();
        await page.WaitForSelectorAsync("#continue:focus");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#check-flight");
        Assert.Equal("ZZ 999", await page.InputValueAsync("#flight_number"));
        Assert.StartsWith($"{desk.Address}/?view=", page.Url, StringComparison.Ordinal);

        page.Dialog += (_, leaving) => _ = leaving.AcceptAsync();
        await page.ClickAsync("#sign-out");
        await page.WaitForSelectorAsync("[data-notice=SignedOut]");
        Assert.StartsWith($"{desk.Address}/sign-in", page.Url, StringComparison.Ordinal);
        try
        {
            await page.GoBackAsync();
            await page.WaitForSelectorAsync("#user_name");
        }
        catch (PlaywrightException e) when (!javaScript && e.Message.Contains("ERR_CACHE_MISS", StringComparison.Ordinal))
        {
            // Without scripts that page was the response to a form, which the browser does not cache.
        }

        Assert.Equal(0, await page.Locator("#flight_number").CountAsync());

        async Task SignInAsync()
        {
            await page.FillAsync("#user_name", name);
            await page.FillAsync("#password", StubApi.Password);
            await page.Keyboard.PressAsync("Enter");
        }
    }
}
