using Microsoft.AspNetCore.Identity;

namespace Promethoide.Api.Data;

/// <summary>
/// An officer, who may sign in: a row of <c>officers</c>. The name is in lower case: <c>UserName</c> and <c>NormalizedUserName</c> are the
/// same.
/// </summary>
public sealed class Officer : IdentityUser<int>
{
    internal const int MaximumNameLength = 64;
    internal const string NamePattern = "^[a-z0-9][a-z0-9._@-]{0,63}$";

    /// <summary>One of <see cref="Access.Roles.All"/>.</summary>
    public required string Role { get; set; }

    /// <summary>An administrator has locked the officer out; only an administrator can unlock.</summary>
    public bool Locked { get; set; }

    /// <summary>Somebody else set the password: the officer has to change it before anything else.</summary>
    public bool MustChangePassword { get; set; }

    /// <summary>
    /// The officer's identity at the single sign-on provider, as <c>issuer|subject</c>; null for officers with a password.
    /// </summary>
    public string? ExternalId { get; init; }

    /// <summary>When the officer was added (UTC).</summary>
    public DateTime CreatedAt { get; init; }
}
