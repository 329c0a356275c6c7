namespace Promethoide.Api.Data;

/// <summary>A signed-in officer: a row of <c>sessions</c>. <see cref="Officers.Sessions"/> defines how long it lasts.</summary>
public sealed class Session
{
    /// <summary>Row id.</summary>
    public long Id { get; init; }

    /// <summary>The officer's id.</summary>
    public int OfficerId { get; init; }

    /// <summary>SHA-256 of the token; the token itself is stored nowhere.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>
    /// The officer signed in by a link, and so has access to this machine's terminal: changing the initial password may wait.
    /// </summary>
    public bool ByLink { get; init; }

    /// <summary>When the officer signed in (UTC).</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it was last used (UTC), accurate to the token cache's lifetime.</summary>
    public DateTime LastSeenAt { get; init; }
}

/// <summary>A link for signing in once: a row of <c>sign_in_links</c>.</summary>
public sealed class SignInLink
{
    /// <summary>SHA-256 of the link's token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>The id of the officer whom it signs in.</summary>
    public int OfficerId { get; init; }

    /// <summary>When it expires (UTC).</summary>
    public DateTime ExpiresAt { get; init; }
}
