namespace Promethoide.Api.Data;

/// <summary>An audited action: a row of <c>audit</c>. The API's role may only insert.</summary>
public sealed class AuditLine
{
    /// <summary>Row id.</summary>
    public long Id { get; init; }

    /// <summary>When it happened (UTC).</summary>
    public DateTime At { get; init; }

    /// <summary>A user name, <c>key/NAME</c>, or null when nobody was signed in.</summary>
    public string? Actor { get; init; }

    /// <summary>The action; one of <see cref="Audit.Actions"/>.</summary>
    public required string Action { get; init; }

    /// <summary>The subject: a document, a user name, the name of a key.</summary>
    public string? Subject { get; init; }

    /// <summary>The outcome.</summary>
    public required string Outcome { get; init; }

    /// <summary>The client's address, for sign-ins.</summary>
    public string? Client { get; init; }

    /// <summary>How often it happened within the same second.</summary>
    public int Times { get; init; }
}
