using Microsoft.AspNetCore.Identity;

namespace Promethoide.Api.Data;

/// <summary>
/// Who may sign in: a row of <c>officers</c>. The name is in lower case: <c>UserName</c> and <c>NormalizedUserName</c> are the same.
/// </summary>
public sealed class Officer : IdentityUser<int>
{
    internal const int MaximumNameLength = 64;
    internal const string NamePattern = "^[a-z0-9][a-z0-9._@-]{0,63}$";

    /// <summary>One of <see cref="Access.Roles.All"/>.</summary>
    public required string Role { get; set; }

    /// <summary>An administrator has locked the officer out, until one unlocks.</summary>
    public bool Locked { get; set; }

    /// <summary>The password was made by somebody else: nothing but changing it is allowed.</summary>
    public bool MustChangePassword { get; set; }

    /// <summary>Who it is for the provider of single sign-on, as <c>issuer|subject</c>; null for officers with a password.</summary>
    public string? ExternalId { get; init; }

    /// <summary>When the officer was added (UTC).</summary>
    public DateTime CreatedAt { get; init; }
}
