namespace Promethoide.Api.Data;

/// <summary>A request that a decision was made for: a row of <c>decision_requests</c>, kept for as long as it may be sent again.</summary>
public sealed class DecisionRequest
{
    /// <summary>SHA-256 of the caller's name and the key that the caller gave the request.</summary>
    public required byte[] Key { get; init; }

    /// <summary>SHA-256 of the application: the same key with another application is a mistake of the client's.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>Number of the admission; null when the traveller was refused.</summary>
    public long? EntryId { get; init; }

    /// <summary>Reason of the refusal; null when the traveller was admitted.</summary>
    public string? Reason { get; init; }

    /// <summary>When the decision was made (UTC).</summary>
    public DateTime CreatedAt { get; init; }
}
