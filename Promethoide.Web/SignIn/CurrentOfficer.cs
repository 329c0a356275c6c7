using System.Globalization;
using System.Net;
using System.Security.Claims;
using Promethoide.Web.RestApi;

namespace Promethoide.Web.SignIn;

/// <summary>The officer who sent the request.</summary>
public sealed class CurrentOfficer(IHttpContextAccessor accessor)
{
    private const string TokenClaim = "token";
    private const string ChangeClaim = "must_change_password";
    private const string PasswordClaim = "has_password";
    private const string EndClaim = "ends_at";

    private ClaimsPrincipal? User => accessor.HttpContext?.User;

    public bool IsSignedIn => User?.Identity?.IsAuthenticated is true;

    public string? UserName => User?.Identity?.Name;

    public bool IsSupervisor => User?.IsInRole(Roles.Supervisor) is true;

    public bool MustChangePassword => User is not null && MustChange(User);

    /// <summary>False where an identity provider keeps it.</summary>
    public bool HasPassword => User?.HasClaim(PasswordClaim, bool.TrueString) is true;

    /// <summary>The token of the API's session.</summary>
    public string? Token => User is null ? null : TokenOf(User);

    /// <summary>When the session ends, whatever the officer does.</summary>
    public DateTimeOffset? EndsAt =>
        DateTimeOffset.TryParse(User?.FindFirstValue(EndClaim), CultureInfo.InvariantCulture, out var end) ? end : null;

    /// <summary>The address of the officer's machine.</summary>
    public IPAddress? Address => accessor.HttpContext?.Connection.RemoteIpAddress;

    internal static string? TokenOf(ClaimsPrincipal user) => user.FindFirstValue(TokenClaim);

    internal static bool MustChange(ClaimsPrincipal user) => user.HasClaim(ChangeClaim, bool.TrueString);

    // Forms are bound to NameIdentifier: a form opened before the same officer signed in again can still be sent.
    internal static ClaimsPrincipal Principal(string token, SessionState state) => new(new ClaimsIdentity(
        [
            new Claim(ClaimTypes.NameIdentifier, state.UserName),
            new Claim(ClaimTypes.Name, state.UserName),
            new Claim(ClaimTypes.Role, state.Role),
            new Claim(TokenClaim, token),
            new Claim(ChangeClaim, state.MustChangePassword.ToString()),
            new Claim(PasswordClaim, state.HasPassword.ToString()),
            new Claim(EndClaim, state.EndsAt.ToString("O", CultureInfo.InvariantCulture)),
        ],
        DeskSession.Scheme));
}
