namespace Promethoide.Api.Data;

/// <summary>An officer who is signed in: a row of <c>sessions</c>. How long it lasts is said by <see cref="Officers.Sessions"/>.</summary>
public sealed class Session
{
    /// <summary>Number of the row.</summary>
    public long Id { get; init; }

    /// <summary>Whose session it is.</summary>
    public int OfficerId { get; init; }

    /// <summary>SHA-256 of the token, which is nowhere kept itself.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>It came by a link, whose owner has shown to be at this machine's terminal: the first password may wait.</summary>
    public bool ByLink { get; init; }

    /// <summary>When the officer signed in (UTC).</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it was last used (UTC), to within the time that a token is cached.</summary>
    public DateTime LastSeenAt { get; init; }
}

/// <summary>A link that signs an officer in once: a row of <c>sign_in_links</c>.</summary>
public sealed class SignInLink
{
    /// <summary>SHA-256 of the link's token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>Whom it signs in.</summary>
    public int OfficerId { get; init; }

    /// <summary>Until when (UTC).</summary>
    public DateTime ExpiresAt { get; init; }
}
