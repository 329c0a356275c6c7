namespace Promethoide.Api.Data;

/// <summary>A wanted person's document was presented: a row of <c>hits</c>, whether or not a decision followed.</summary>
public sealed class Hit
{
    /// <summary>Row id, from 1, ascending.</summary>
    public long Id { get; init; }

    /// <summary>When the document was presented (UTC).</summary>
    public DateTime At { get; init; }

    /// <summary>The caller who looked it up; null when nobody was signed in.</summary>
    public string? Officer { get; init; }

    /// <summary>The document.</summary>
    public required string Dni { get; init; }

    /// <summary>True when the traveller was refused for it, false for a mere look-up.</summary>
    public bool Decision { get; init; }
}
