namespace Promethoide.Documents;

/// <summary>Why a machine readable zone was rejected.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Field">The field concerned; null when the problem concerns the whole text.</param>
public sealed record ZoneProblem(ZoneProblemKind Kind, ZoneField? Field = null);

/// <summary>The kinds of problem in a machine readable zone.</summary>
public enum ZoneProblemKind
{
    /// <summary>The text is something else, such as a typed number; see <see cref="MachineReadableZone.LooksLikeOne"/>.</summary>
    NotOne,

    /// <summary>
    /// Neither 2 lines of 44 characters that begin with P nor 3 lines of 30 that begin with I, A or C: part of the zone is missing, or it
    /// belongs to a visa or another document size.
    /// </summary>
    WrongForm,

    /// <summary>
    /// A character that is not allowed in the zone or the field. Without a field: other than A to Z, 0 to 9 and &lt;, as from a scanner set
    /// to a different keyboard layout.
    /// </summary>
    WrongCharacter,

    /// <summary>A check digit does not match its field: the zone was misread, mistyped or altered.</summary>
    WrongCheckDigit,
}

/// <summary>A field of a machine readable zone.</summary>
public enum ZoneField
{
    /// <summary>The kind of document, such as P or ID.</summary>
    DocumentCode,

    /// <summary>The state or organisation that issued the document.</summary>
    IssuingState,

    /// <summary>Surname and given names.</summary>
    Name,

    /// <summary>The document's number.</summary>
    DocumentNumber,

    /// <summary>The holder's nationality.</summary>
    Nationality,

    /// <summary>The date of birth.</summary>
    BirthDate,

    /// <summary>The sex.</summary>
    Sex,

    /// <summary>The last day on which the document is valid.</summary>
    ExpiryDate,

    /// <summary>A passport's optional data, which have their own check digit.</summary>
    OptionalData,

    /// <summary>The fields covered by the composite check digit, the zone's last one.</summary>
    Composite,
}
