namespace Promethoide.Api.Data;

/// <summary>What somebody did: a row of <c>audit</c>, which the API's role may add to and nothing else.</summary>
public sealed class AuditLine
{
    /// <summary>Number of the row.</summary>
    public long Id { get; init; }

    /// <summary>When (UTC).</summary>
    public DateTime At { get; init; }

    /// <summary>Who: a user name, <c>key/NAME</c>, or null when nobody was signed in.</summary>
    public string? Actor { get; init; }

    /// <summary>What was done; one of <see cref="Audit.Actions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>To whom or what: a document, a user name, the name of a key.</summary>
    public string? Subject { get; init; }

    /// <summary>How it ended.</summary>
    public required string Outcome { get; init; }

    /// <summary>The client's address, where somebody signs in.</summary>
    public string? Client { get; init; }

    /// <summary>How often within the same second.</summary>
    public int Times { get; init; }
}
