using System.Net;
using System.Text.RegularExpressions;

namespace Promethoide.Tests.Web;

/// <summary>How supervisors manage officers.</summary>
public sealed partial class OfficersPageTests(DeskUnderTest desk) : IClassFixture<DeskUnderTest>
{
    private static string NewName => $"n{Random.Shared.NextInt64(10_000_000_000):D10}";

    [Fact]
    public async Task A_new_officer_gets_a_password_that_is_shown_once_and_has_to_be_changed()
    {
        var name = NewName;
        using var supervisor = await desk.SupervisorAsync();

        await (await supervisor.OpenAsync("/officers"))
            .PressAsync("add", ("user_name", $" {name.ToUpperInvariant()} "), ("role", "officer"));
        var password = PasswordPattern().Match(supervisor.Page).Groups["password"].Value;

        Assert.NotEmpty(password);
        Assert.Equal("/officers", supervisor.Path);
        Assert.True(supervisor.Response.Headers.CacheControl!.NoStore);
        Assert.Contains("Solo se muestra ahora", supervisor.Text, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(supervisor.Page, Regex.Escape(password)));
        Assert.DoesNotContain(password, string.Concat(supervisor.Cookies.GetAllCookies()), StringComparison.Ordinal);
        Assert.DoesNotContain(password, (await supervisor.OpenAsync("/officers")).Page, StringComparison.Ordinal);
        Assert.Contains($"<th scope=\"row\">{name}</th>", supervisor.Page, StringComparison.Ordinal);
        using var officer = desk.Nobody();
        Assert.Equal("/account", (await officer.SignInAsync(name, password)).Path);
    }

    [Theory]
    [InlineData("Ana Torres", "No puede ser un nombre de usuario")]
    [InlineData("", "No puede ser un nombre de usuario")]
    [InlineData(StubApi.Officer, "Ya hay alguien")]
    public async Task A_name_that_cannot_be_one_or_is_taken_is_said_at_the_field_and_kept(string name, string text)
    {
        using var supervisor = await desk.SupervisorAsync();

        await (await supervisor.OpenAsync("/officers")).PressAsync("add", ("user_name", name), ("role", "supervisor"));

        Assert.Equal((HttpStatusCode.UnprocessableEntity, name), (supervisor.Response.StatusCode, supervisor.Value("user_name")));
        Assert.Contains(text, supervisor.Text, StringComparison.Ordinal);
        Assert.Matches("<option value=\"supervisor\" selected", supervisor.Page);
    }

    [Fact]
    public async Task A_locked_officer_is_signed_out_and_can_be_unlocked()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        using var supervisor = await desk.SupervisorAsync();

        await (await supervisor.OpenAsync("/officers")).PressAsync($"lock:{name}");
        Assert.Contains($"value=\"unlock:{name}\"", supervisor.Page, StringComparison.Ordinal);
        Assert.Equal("Ended", (await officer.OpenAsync("/entries")).Notice);
        Assert.Equal("Failed", (await officer.SignInAsync(name)).Notice);

        await supervisor.PressAsync($"unlock:{name}");
        Assert.Equal("/entries", (await officer.SignInAsync(name)).Path);
    }

    [Fact]
    public async Task Removing_asks_first()
    {
        var name = desk.Api.NewOfficer();
        using var officer = await desk.SignedInAsync(name);
        using var supervisor = await desk.SupervisorAsync();

        await (await supervisor.OpenAsync("/officers")).PressAsync($"remove:{name}");
        Assert.Contains($"¿Eliminar a {name}?", supervisor.Text, StringComparison.Ordinal);
        Assert.True(desk.Api.HasSession(name));

        await supervisor.PressAsync($"sure-remove:{name}");
        Assert.DoesNotContain($"<th scope=\"row\">{name}</th>", supervisor.Page, StringComparison.Ordinal);
        Assert.Equal("Ended", (await officer.OpenAsync("/entries")).Notice);
    }

    [Fact]
    public async Task A_reset_asks_first_and_shows_a_new_password()
    {
        var name = desk.Api.NewOfficer();
        using var supervisor = await desk.SupervisorAsync();

        await (await supervisor.OpenAsync("/officers")).PressAsync($"reset:{name}");
        Assert.DoesNotContain("issued-password", supervisor.Page, StringComparison.Ordinal);
        await supervisor.PressAsync($"sure-reset:{name}");

        using var officer = desk.Nobody();
        Assert.Equal("Failed", (await officer.SignInAsync(name)).Notice);
        Assert.Equal("/account", (await officer.SignInAsync(name, PasswordPattern().Match(supervisor.Page).Groups["password"].Value)).Path);
    }

    [Theory]
    [InlineData("lock", StubApi.Supervisor, "último supervisor")]
    [InlineData("sure-remove", StubApi.Supervisor, "último supervisor")]
    [InlineData("lock", "nobody", "no existe, o ya no")]
    [InlineData("sure-reset", "nobody", "no existe, o ya no")]
    public async Task What_the_API_does_not_do_is_said(string action, string name, string text)
    {
        using var supervisor = await desk.SupervisorAsync();

        await (await supervisor.OpenAsync("/officers")).PressAsync($"{action}:{name}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, supervisor.Response.StatusCode);
        Assert.Contains(text, supervisor.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_offered_to_lock_out_themselves()
    {
        using var supervisor = await desk.SupervisorAsync();

        await supervisor.OpenAsync("/officers");

        Assert.DoesNotContain($":{StubApi.Supervisor}\"", supervisor.Page, StringComparison.Ordinal);
        Assert.Contains($"lock:{StubApi.Officer}\"", supervisor.Page, StringComparison.Ordinal);
    }

    [GeneratedRegex("id=\"issued-password\">(?<password>[^<]+)<")]
    private static partial Regex PasswordPattern();
}
