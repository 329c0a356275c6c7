using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Promethoide.Tests.Fixtures;
using Promethoide.Tests.Network;

namespace Promethoide.Tests.Web;

/// <summary>Sign-in at an existing OpenID provider.</summary>
public sealed class SingleSignOnTests(SingleSignOnTests.DeskAndProvider at, Chromium chromium)
    : IClassFixture<SingleSignOnTests.DeskAndProvider>, IDisposable
{
    private const string Link = "/sign-in/single-sign-on";

    private readonly StubApi _api = at.Api;
    private readonly OpenIdProvider _provider = at.Provider;
    private readonly RunningDesk _desk = at.Desk;

    public void Dispose() => (_api.Fault, _provider.Refuses, _provider.Roles) = (Fault.None, false, ["officer"]);

    [Theory]
    [InlineData("officer", "Agente")]
    [InlineData("supervisor", "Supervisor")]
    public async Task Whom_the_provider_knows_comes_to_the_page_that_was_asked_for(string role, string shown)
    {
        _provider.Roles = [role];
        using var officer = _desk.Nobody();
        await officer.OpenAsync("/entries");
        Assert.Contains("Entrar con Frontera", officer.Text, StringComparison.Ordinal);
        Assert.NotNull(officer.Value("password"));

        await officer.OpenAsync($"{Link}?returnUrl=%2Fentries");

        Assert.Equal("/entries", officer.Path);
        Assert.Contains($"<strong>lucia</strong> <span>{shown}</span>", officer.Text, StringComparison.Ordinal);
        await (await (await officer.OpenAsync()).ToStayAsync($"P{role}")).DecideAsync();
        Assert.Contains("decidida por lucia", officer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_provider_is_asked_for_a_code_with_a_proof_key()
    {
        using var officer = _desk.Nobody();

        using var response = await officer.SendAsync(HttpMethod.Get, Link);
        var asked = QueryHelpers.ParseQuery(response.Headers.Location!.Query);

        Assert.StartsWith(_provider.Address, response.Headers.Location.OriginalString, StringComparison.Ordinal);
        Assert.Equal(
            ("code", "S256", $"{_desk.Address}/sign-in/callback"),
            (asked["response_type"].ToString(), asked["code_challenge_method"].ToString(), asked["redirect_uri"].ToString()));
        Assert.All((string[])["state", "nonce", "code_challenge"], name => Assert.NotEmpty(asked[name].ToString()));
        Assert.False(
            asked.ContainsKey("response_mode"), "The answer to a code flow comes in the query unless something else is asked for.");
        var cookies = response.Headers.GetValues("Set-Cookie").ToArray();
        Assert.Equal(2, cookies.Length);
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("traveller")]
    public async Task Who_has_no_role_is_told_so(string role)
    {
        _provider.Roles = role.Length == 0 ? [] : [role];
        using var officer = _desk.Nobody();

        await officer.OpenAsync(Link);

        Assert.Equal(("NoRole", false), (officer.Notice, officer.HasSession));
    }

    [Fact]
    public async Task Who_changes_their_mind_at_the_provider_is_back_at_the_sign_in_page()
    {
        _provider.Refuses = true;
        using var officer = _desk.Nobody();

        await officer.OpenAsync(Link);

        Assert.Equal(("ProviderFailed", false), (officer.Notice, officer.HasSession));
        Assert.Contains("No se pudo entrar con Frontera", officer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_provider_is_away_officers_sign_in_by_password()
    {
        await using var alone = new DeskAndProvider();
        await alone.InitializeAsync();
        await alone.Provider.DisposeAsync();
        using var officer = alone.Desk.Nobody();

        await officer.OpenAsync(Link);
        Assert.Equal((HttpStatusCode.OK, "ProviderFailed"), (officer.Response.StatusCode, officer.Notice));

        Assert.Equal("/", (await officer.SignInAsync(StubApi.Officer)).Path);
    }

    [Fact]
    public async Task While_the_API_is_away_the_page_says_so()
    {
        using var officer = _desk.Nobody();
        _api.Fault = Fault.DatabaseUnavailable;

        await officer.OpenAsync(Link);

        Assert.Equal(("Unavailable", false), (officer.Notice, officer.HasSession));
    }

    [Fact]
    public async Task An_answer_that_this_browser_did_not_ask_for_signs_nobody_in()
    {
        using var attacker = _desk.Nobody();
        using var officer = _desk.Nobody();
        using var toProvider = await attacker.SendAsync(HttpMethod.Get, Link);
        using var back = await attacker.SendAsync(HttpMethod.Get, toProvider.Headers.Location!.OriginalString);
        Assert.Contains("code=", back.Headers.Location!.Query, StringComparison.Ordinal);

        // The attacker's own sign-in response, sent to the officer as a link.
        await officer.OpenAsync(back.Headers.Location.OriginalString);
        Assert.Equal(("ProviderFailed", false), (officer.Notice, officer.HasSession));

        foreach (var query in (string[])["", "?code=x&state=y", "?error=access_denied", "?state=%00"])
        {
            await officer.OpenAsync($"/sign-in/callback{query}");
            Assert.Equal(("ProviderFailed", false), (officer.Notice, officer.HasSession));
        }
    }

    [Theory]
    [InlineData("https://example.org/")]
    [InlineData("//example.org")]
    [InlineData(@"/\example.org")]
    public async Task Nobody_is_led_to_another_site(string address)
    {
        using var officer = _desk.Nobody();

        await officer.OpenAsync($"{Link}?returnUrl={Uri.EscapeDataString(address)}");

        Assert.Equal($"{_desk.Address}/", officer.Response.RequestMessage!.RequestUri!.AbsoluteUri);
        Assert.True(officer.HasSession);
    }

    [Fact]
    public async Task The_desk_keeps_no_password_of_theirs_and_signing_out_is_of_the_desk_only()
    {
        using var officer = _desk.Nobody();
        await officer.OpenAsync(Link);

        await officer.OpenAsync("/account");
        Assert.Null(officer.Value("new_password"));
        Assert.Contains("Su contraseña la guarda su organización", officer.Text, StringComparison.Ordinal);
        await officer.SwitchLanguageAsync("en");
        Assert.Contains("Your organisation keeps your password", officer.Text, StringComparison.Ordinal);
        Assert.True(officer.HasSession);

        await officer.PressElsewhereAsync("sign-out");
        Assert.Contains(
            "You are signed out of this desk only; you are still signed in with Frontera.", officer.Text, StringComparison.Ordinal);
        Assert.False(officer.HasSession);
    }

    [Theory]
    [InlineData("/signout-oidc")]
    [InlineData("/signout-callback-oidc")]
    public async Task No_link_of_another_site_signs_an_officer_out(string path)
    {
        using var officer = _desk.Nobody();
        await officer.OpenAsync(Link);

        Assert.Equal(HttpStatusCode.NotFound, (await officer.OpenAsync(path)).Response.StatusCode);

        Assert.True(officer.HasSession);
    }

    [Fact]
    public async Task In_a_browser_the_button_leads_through_the_provider()
    {
        var page = await chromium.NewPageAsync();
        await page.GotoAsync($"{_desk.Address}/entries");

        await page.ClickAsync("#single-sign-on");

        await page.WaitForURLAsync($"{_desk.Address}/entries");
        await page.WaitForSelectorAsync("#sign-out");
    }

    [Theory]
    [InlineData("http://provider.example.org")]
    [InlineData("provider")]
    public async Task A_provider_that_is_not_asked_by_HTTPS_is_refused_at_the_start(string authority)
    {
        var port = Loopback.FreePort();
        await using var web = RunningProgram.Start(
            "dotnet",
            [Repository.Assembly("Promethoide.Web")],
            Repository.Combine("Promethoide.Web"),
            new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                ["Authentication__Authority"] = authority,
                ["Authentication__ClientId"] = OpenIdProvider.Client,
            });

        Assert.NotEqual(0, await web.EndsAsync());
        Assert.Contains("Authentication:Authority", web.Output, StringComparison.Ordinal);
        Assert.Contains("https://", web.Output, StringComparison.Ordinal);
    }

    /// <summary>The desk and its provider.</summary>
    public sealed class DeskAndProvider : IAsyncLifetime
    {
        public StubApi Api { get; private set; } = null!;

        public OpenIdProvider Provider { get; private set; } = null!;

        public RunningDesk Desk { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Api = await StubApi.StartAsync();
            Provider = await OpenIdProvider.StartAsync();
            Desk = await RunningDesk.StartAsync([Api.Address], settings: new Dictionary<string, string>
            {
                ["Authentication__Authority"] = Provider.Address,
                ["Authentication__ClientId"] = OpenIdProvider.Client,
                ["Authentication__ClientSecret"] = OpenIdProvider.Secret,
                ["Authentication__DisplayName"] = "Frontera",
            });
        }

        public async ValueTask DisposeAsync()
        {
            await Desk.DisposeAsync();
            await Provider.DisposeAsync();
            await Api.DisposeAsync();
        }
    }
}
