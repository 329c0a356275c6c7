namespace Promethoide.Documents;

/// <summary>Why a machine readable zone was not read.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Field">Where it is wrong; null when it concerns the text as a whole.</param>
public sealed record ZoneProblem(ZoneProblemKind Kind, ZoneField? Field = null);

/// <summary>What can be wrong with a machine readable zone.</summary>
public enum ZoneProblemKind
{
    /// <summary>
    /// The text is something else, such as a number that somebody typed; see <see cref="MachineReadableZone.LooksLikeOne"/>.
    /// </summary>
    NotOne,

    /// <summary>
    /// Neither 2 lines of 44 characters that begin with P nor 3 lines of 30 that begin with I, A or C: a part of the zone is missing, or it
    /// is that of a visa or of another size of document.
    /// </summary>
    WrongForm,

    /// <summary>
    /// A character that the zone or the field cannot have. Without a field: other than A to Z, 0 to 9 and &lt;, as from a scanner set to
    /// another keyboard.
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

    /// <summary>The number of the document.</summary>
    DocumentNumber,

    /// <summary>The holder's nationality.</summary>
    Nationality,

    /// <summary>The date of birth.</summary>
    BirthDate,

    /// <summary>The sex.</summary>
    Sex,

    /// <summary>The last day on which the document is valid.</summary>
    ExpiryDate,

    /// <summary>A passport's optional data, which have a check digit of their own.</summary>
    OptionalData,

    /// <summary>The fields with check digits together, over which the last check digit of the zone goes.</summary>
    Composite,
}
