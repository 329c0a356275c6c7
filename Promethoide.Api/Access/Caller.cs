using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Promethoide.Api.Access;

/// <summary>The caller: an officer, a service with a key, or anonymous.</summary>
/// <param name="name">A user name, or <c>key/NAME</c>; null when anonymous.</param>
/// <param name="scopes">What the caller may do.</param>
internal sealed class Caller(string? name, Scopes scopes) : ClaimsPrincipal(IdentityOf(name))
{
    /// <summary>The maximum length of a key's name, including its prefix, and of any user name.</summary>
    public const int MaximumNameLength = Data.Officer.MaximumNameLength + 4;

    /// <summary>Documents with this prefix belong to nobody; the smoke test's keys may use no others.</summary>
    private const string RehearsalPrefix = "SMOKE";

    /// <summary>A client of the original, which has no sign-in; see <see cref="AccessOptions.AllowAnonymous"/>.</summary>
    public static readonly Caller Anonymous = new(name: null, Scopes.LookUp | Scopes.Decide | Scopes.Smoke);

    /// <summary>The API itself.</summary>
    public static readonly Caller WarmUp = new(name: null, Scopes.Any);

    /// <summary>A user name, or <c>key/NAME</c>; null when anonymous.</summary>
    public string? Name => name;

    /// <summary>The session; null unless the caller is an officer.</summary>
    public SignedIn? Session { get; init; }

    /// <summary>See <see cref="TokenAuthentication"/>.</summary>
    public AuthenticateResult? Authenticated { get; set; }

    /// <summary>True when the caller has one of these scopes.</summary>
    public bool May(Scopes any) => (scopes & any) != 0;

    /// <summary>True when the caller may use this document (normalised) at all, even if only to rehearse.</summary>
    public bool RehearsesWith(string dni) => May(Scopes.Smoke) && dni.StartsWith(RehearsalPrefix, StringComparison.Ordinal);

    /// <summary>Lets handlers take the caller as a parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.User as Caller);

    private static ClaimsIdentity IdentityOf(string? name) => name is null
        ? new ClaimsIdentity()
        : new ClaimsIdentity([new Claim(ClaimsIdentity.DefaultNameClaimType, name)], TokenAuthentication.Scheme);
}

/// <summary>An officer's session.</summary>
/// <param name="Id">Session id.</param>
/// <param name="OfficerId">Officer id.</param>
/// <param name="Role">One of <see cref="Roles.All"/>.</param>
/// <param name="MustChangePassword">The officer has to change the password before anything else.</param>
/// <param name="HasPassword">False for officers with single sign-on.</param>
/// <param name="StartedAt">When the officer signed in (UTC).</param>
internal sealed record SignedIn(int Id, int OfficerId, string Role, bool MustChangePassword, bool HasPassword, DateTime StartedAt);
