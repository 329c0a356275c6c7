using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.SignIn;

/// <summary>
/// An officer's session at the desk: a cookie with the token of the API's session, which only this application can read. The API ends the
/// session; the cookie only stores it, so that it works at every replica and survives a restart.
/// </summary>
internal static class DeskSession
{
    public const string Scheme = "session";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = Scheme;
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = false;
        options.Events.OnValidatePrincipal = context =>
            context.HttpContext.RequestServices.GetRequiredService<SessionCheck>().ValidateAsync(context);
        // SignInGate leads to the page that resolves these.
        options.Events.OnRedirectToLogin = context => Answer(context.HttpContext, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => Answer(context.HttpContext, StatusCodes.Status403Forbidden);
    }

    /// <summary>Signs this session's officer in, for the browser and for the rest of this request.</summary>
    public static async Task StartAsync(HttpContext context, Session session)
    {
        context.User = CurrentOfficer.Principal(session.Token, session.State);
        await context.SignInAsync(Scheme, context.User, Until(session.EndsAt));
    }

    /// <summary>Records in the cookie that the password has been changed.</summary>
    public static Task KeepChangedPasswordAsync(HttpContext context, CurrentOfficer officer)
    {
        var role = officer.IsSupervisor ? Roles.Supervisor : Roles.Officer;
        var end = officer.EndsAt ?? TimeProvider.System.GetUtcNow();
        return StartAsync(context, new Session(officer.Token!, officer.UserName!, role, MustChangePassword: false, HasPassword: true, end));
    }

    public static AuthenticationProperties Until(DateTimeOffset end, string? redirect = null) =>
        new() { ExpiresUtc = end, AllowRefresh = false, RedirectUri = redirect };

    private static Task Answer(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
