using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Promethoide.Api.Access;

/// <summary>Who asks: an officer, a service with a key, or nobody in particular.</summary>
/// <param name="name">A user name, or <c>key/NAME</c>; null when nobody has signed in.</param>
/// <param name="scopes">What the caller may do.</param>
internal sealed class Caller(string? name, Scopes scopes) : ClaimsPrincipal(IdentityOf(name))
{
    /// <summary>Of a key's name, its prefix included, and of any user name.</summary>
    public const int MaximumNameLength = Data.Officer.MaximumNameLength + 4;

    /// <summary>Documents that begin with this are nobody's; keys for the smoke test ask about no others.</summary>
    private const string RehearsalPrefix = "SMOKE";

    /// <summary>A client of the original, which knows of no signing in; see <see cref="AccessOptions.AllowAnonymous"/>.</summary>
    public static readonly Caller Anonymous = new(name: null, Scopes.LookUp | Scopes.Decide | Scopes.Smoke);

    /// <summary>The API itself.</summary>
    public static readonly Caller WarmUp = new(name: null, Scopes.Any);

    /// <summary>A user name, or <c>key/NAME</c>; null when nobody has signed in.</summary>
    public string? Name => name;

    /// <summary>The session; null for all but officers.</summary>
    public SignedIn? Session { get; init; }

    /// <summary>See <see cref="TokenAuthentication"/>.</summary>
    public AuthenticateResult? Authenticated { get; set; }

    /// <summary>True when the caller may do one of these.</summary>
    public bool May(Scopes any) => (scopes & any) != 0;

    /// <summary>True when the caller may ask about this document (normalised) at all, if only to rehearse.</summary>
    public bool RehearsesWith(string dni) => May(Scopes.Smoke) && dni.StartsWith(RehearsalPrefix, StringComparison.Ordinal);

    /// <summary>Handlers take a caller as they take the request.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.User as Caller);

    private static ClaimsIdentity IdentityOf(string? name) => name is null
        ? new ClaimsIdentity()
        : new ClaimsIdentity([new Claim(ClaimsIdentity.DefaultNameClaimType, name)], TokenAuthentication.Scheme);
}

/// <summary>An officer's session.</summary>
/// <param name="Id">Number of the session.</param>
/// <param name="OfficerId">Number of the officer.</param>
/// <param name="Role">One of <see cref="Roles.All"/>.</param>
/// <param name="MustChangePassword">Nothing else is allowed before.</param>
/// <param name="HasPassword">False for single sign-on.</param>
/// <param name="StartedAt">When the officer signed in (UTC).</param>
internal sealed record SignedIn(int Id, int OfficerId, string Role, bool MustChangePassword, bool HasPassword, DateTime StartedAt);
