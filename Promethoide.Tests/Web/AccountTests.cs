using System.Net;

namespace Promethoide.Tests.Web;

/// <summary>An officer's own password and sessions.</summary>
public sealed class AccountTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>, IDisposable
{
    private const string Next = "quite another sentence";

    public void Dispose() => desk.Api.TooMany = false;

    [Fact]
    public async Task Whoever_has_to_change_the_password_gets_no_further_before()
    {
        var name = desk.Api.NewOfficer(mustChange: true);
        using var officer = await desk.SignedInAsync(name);
        Assert.Equal("/account", officer.Path);
        foreach (var path in (string[])["/", "/entries", "/officers", "/nowhere"])
        {
            Assert.Equal("/account", (await officer.OpenAsync(path)).Path);
        }

        Assert.DoesNotContain("<nav", officer.Page, StringComparison.Ordinal);
        Assert.Contains("Al menos 12 caracteres", officer.Text, StringComparison.Ordinal);
        await officer.PressAsync("change-password", ("current_password", StubApi.Password), ("new_password", Next));

        Assert.Equal("/", officer.Path);
        Assert.NotNull(officer.Value("dni"));
        await using var replica = await desk.StartReplicaAsync();
        using var there = replica.Nobody(cookies: officer.Cookies);
        Assert.Equal("/", (await there.OpenAsync()).Path);
    }

    [Fact]
    public async Task A_replica_that_knew_the_old_password_lets_the_officer_go_on()
    {
        await using var replica = await desk.StartReplicaAsync();
        using var officer = await desk.SignedInAsync(desk.Api.NewOfficer(mustChange: true));
        using var there = replica.Nobody(cookies: officer.Cookies);
        Assert.Equal("/account", (await there.OpenAsync()).Path);

        await officer.PressAsync("change-password", ("current_password", StubApi.Password), ("new_password", Next));

        Assert.Equal("/", (await there.OpenAsync()).Path);
    }

    [Fact]
    public async Task A_change_that_is_required_while_the_officer_works_leads_to_the_account_page()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        await officer.OpenAsync();
        desk.Api.RequirePasswordChange(name);

        await officer.PressAsync("check-document", ("dni", "A1"));

        Assert.Equal("/account", officer.Path);
    }

    [Theory]
    [InlineData("", Next, "current_password-error", "Escriba la contraseña actual")]
    [InlineData("wrong", Next, "current_password-error", "No es la contraseña actual")]
    [InlineData(StubApi.Password, "eleven char", "new_password-error", "al menos 12")]
    [InlineData(StubApi.Password, "password12345", "new_password-error", "Elija otra")]
    [InlineData(StubApi.Password, StubApi.Password, "new_password-error", "Elija otra")]
    [InlineData(StubApi.Password, "", "new_password-error", "al menos 12")]
    [InlineData(StubApi.Password, "129", "new_password-error", "128")]
    public async Task A_change_that_is_refused_says_at_the_field_why_and_shows_no_password(
        string current, string next, string error, string text)
    {
        using var officer = await desk.SignedInAsync(desk.Api.NewOfficer());
        next = next == "129" ? new string('x', 129) : next;

        await (await officer.OpenAsync("/account")).PressAsync("change-password", ("current_password", current), ("new_password", next));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, officer.Response.StatusCode);
        Assert.Contains($"id=\"{error}\"", officer.Page, StringComparison.Ordinal);
        Assert.Contains(text, officer.Text, StringComparison.Ordinal);
        Assert.Equal(("", ""), (officer.Value("current_password"), officer.Value("new_password")));
        Assert.Matches("<input id=\"new_password\"[^>]*autocomplete=\"new-password\"", officer.Page);
    }

    [Fact]
    public async Task A_changed_password_is_the_one_that_signs_in()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);

        await (await officer.OpenAsync("/account"))
            .PressAsync("change-password", ("current_password", StubApi.Password), ("new_password", Next));
        Assert.Contains("La contraseña ha cambiado", officer.Text, StringComparison.Ordinal);
        Assert.NotNull((await officer.OpenAsync()).Value("dni"));

        using var again = desk.Nobody();
        Assert.Equal("Failed", (await again.SignInAsync(name)).Notice);
        Assert.Equal("/", (await again.SignInAsync(name, Next)).Path);
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_the_sessions_on_other_machines()
    {
        var name = desk.Api.NewOfficer();
        using var here = await desk.SignedInAsync(name);
        using var there = await desk.SignedInAsync(name);

        await (await here.OpenAsync("/account")).PressElsewhereAsync("sign-out-everywhere");

        Assert.Equal(("SignedOut", false, false), (here.Notice, here.HasSession, desk.Api.HasSession(name)));
        Assert.Equal("Ended", (await there.OpenAsync("/entries")).Notice);
    }

    [Fact]
    public async Task Switching_the_language_neither_changes_the_password_nor_signs_out()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);

        await (await officer.OpenAsync("/account"))
            .SwitchLanguageAsync("en", ("current_password", StubApi.Password), ("new_password", Next));

        Assert.Contains("Your account", officer.Page, StringComparison.Ordinal);
        using var again = desk.Nobody();
        Assert.Equal("/", (await again.SignInAsync(name)).Path);
    }
}
