using Promethoide.Web.RestApi;

namespace Promethoide.Web.Desk;

/// <summary>How far a traveller has got at the desk.</summary>
public enum DeskStep
{
    Document,
    Flight,
    Stay,
    Decided,
}

public enum Outcome
{
    Admitted,

    /// <summary>Admitted before, with the same particulars.</summary>
    Known,

    /// <summary>Admitted before, with other particulars: another person may have the document.</summary>
    Conflict,

    Refused,
    Wanted,
}

/// <summary>
/// The decision on a traveller. <paramref name="Reason"/> is the API's code for a refusal; <paramref name="Entry"/> is the stored
/// admission; <paramref name="At"/> is the time of a refusal; <paramref name="Acknowledged"/> says that the officer has acknowledged a
/// wanted person.
/// </summary>
public sealed record Decision(
    Outcome Outcome,
    string? Reason = null,
    string? WantedName = null,
    ImmigrationEntry? Entry = null,
    bool Acknowledged = false,
    decimal? RequiredMoney = null,
    decimal DeclaredMoney = 0,
    DateTimeOffset At = default);

/// <summary>The third step as the officer typed it.</summary>
public sealed record StayText(
    string Name = "",
    string Lodging = "",
    string DeclaredMoney = "",
    string StayDays = "1",
    string BirthDate = "",
    string Nationality = "");

/// <summary>
/// Everything that the desk knows about the current traveller. Travels protected in the page's form, because clients must not change what
/// was checked; <see cref="DeskStateProtector"/>.
/// </summary>
public sealed record DeskState
{
    public static DeskState NewTraveller { get; } = new();

    /// <summary>The document as typed, or in its normal form once it has been checked.</summary>
    public string Document { get; init; } = "";

    /// <summary>
    /// A document whose letter does not match its number. The officer has been told, and may check the same one again: other countries have
    /// such numbers.
    /// </summary>
    public string DoubtedDocument { get; init; } = "";

    /// <summary>The API has said that the holder of <see cref="Document"/> is not wanted.</summary>
    public bool DocumentChecked { get; init; }

    public string FlightNumber { get; init; } = "";

    /// <summary>The day of arrival as typed; empty for today's flight, or the next.</summary>
    public string ArrivalDate { get; init; } = "";

    /// <summary>
    /// The flight that the API found for <see cref="FlightNumber"/> and <see cref="ArrivalDate"/>; null until it is checked.
    /// </summary>
    public Flight? Flight { get; init; }

    public StayText Stay { get; init; } = new();

    /// <summary>
    /// Identifies the third step's form: sending it again, after a double click or a lost response, asks for the same decision.
    /// </summary>
    public Guid FormId { get; init; }

    /// <summary>Wanted persons of this name and day of birth, until the officer says that the traveller is somebody else.</summary>
    public IReadOnlyList<WantedPerson>? Matches { get; init; }

    /// <summary>The name and day of birth of the search for <see cref="Matches"/>.</summary>
    public string MatchedBy { get; init; } = "";

    public Decision? Decision { get; init; }

    /// <summary>The first step that is not complete.</summary>
    public DeskStep Step => this switch
    {
        { Decision: not null } => DeskStep.Decided,
        { DocumentChecked: false } => DeskStep.Document,
        { Flight: null } => DeskStep.Flight,
        _ => DeskStep.Stay,
    };
}
