namespace Promethoide.Api.Data;

/// <summary>The request behind a decision: a row of <c>decision_requests</c>, kept for as long as it may be retried.</summary>
public sealed class DecisionRequest
{
    /// <summary>SHA-256 of the caller's name and the idempotency key.</summary>
    public required byte[] Key { get; init; }

    /// <summary>SHA-256 of the application: reusing the key with another application is a client error.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>The admission's id; null when the traveller was refused.</summary>
    public long? EntryId { get; init; }

    /// <summary>The reason for the refusal; null when the traveller was admitted.</summary>
    public string? Reason { get; init; }

    /// <summary>When the decision was made (UTC).</summary>
    public DateTime CreatedAt { get; init; }
}
