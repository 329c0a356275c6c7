namespace Promethoide.Api.Data;

/// <summary>What a service shows instead of signing in: a row of <c>api_keys</c>. The key itself is shown once, when it is made.</summary>
public sealed class ApiKey
{
    /// <summary>Number of the row.</summary>
    public int Id { get; init; }

    /// <summary>Whose key it is, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>What it is good for: some of <see cref="Access.ScopeNames.OfKeys"/>.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>Until when it is good (UTC); null: until it is revoked.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>When it was revoked (UTC).</summary>
    public DateTime? RevokedAt { get; init; }
}
