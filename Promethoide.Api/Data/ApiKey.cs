namespace Promethoide.Api.Data;

/// <summary>
/// A service's key, used instead of signing in: a row of <c>api_keys</c>. The key itself is shown once, when it is created.
/// </summary>
public sealed class ApiKey
{
    /// <summary>Row id.</summary>
    public int Id { get; init; }

    /// <summary>The service's name, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required byte[] KeyHash { get; init; }

    /// <summary>Its scopes: some of <see cref="Access.ScopeNames.OfKeys"/>.</summary>
    public required string[] Scopes { get; init; }

    /// <summary>When it was created (UTC).</summary>
    public DateTime CreatedAt { get; init; }

    /// <summary>When it expires (UTC); null: never.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>When it was revoked (UTC).</summary>
    public DateTime? RevokedAt { get; init; }
}
