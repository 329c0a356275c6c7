namespace Promethoide.Api.Data;

/// <summary>A wanted person's document was presented: a row of <c>hits</c>, whether or not a decision followed.</summary>
public sealed class Hit
{
    /// <summary>Number of the row, from 1; later ones have higher ones.</summary>
    public long Id { get; init; }

    /// <summary>When it was (UTC).</summary>
    public DateTime At { get; init; }

    /// <summary>Who looked; null when nobody was signed in.</summary>
    public string? Officer { get; init; }

    /// <summary>The document.</summary>
    public required string Dni { get; init; }

    /// <summary>True when the traveller was refused for it, false when somebody only looked.</summary>
    public bool Decision { get; init; }
}
