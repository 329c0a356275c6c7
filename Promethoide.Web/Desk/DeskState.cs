using Promethoide.Web.RestApi;

namespace Promethoide.Web.Desk;

/// <summary>Where a traveller stands at the desk.</summary>
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
/// The end of the work on a traveller. <paramref name="Reason"/> is the API's code of a refusal; <paramref name="Entry"/> is the admission
/// as it is stored; <paramref name="At"/> is when a refusal was decided; <paramref name="Acknowledged"/> says that the officer has taken
/// notice of a wanted person.
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
/// All that the desk knows about the traveller in front of it. Travels protected in the page's form, because what was checked must not be
/// changed by whoever sends the form; <see cref="DeskStateProtector"/>.
/// </summary>
public sealed record DeskState
{
    public static DeskState NewTraveller { get; } = new();

    /// <summary>The document as typed, and in its normal form from the moment it was checked.</summary>
    public string Document { get; init; } = "";

    /// <summary>
    /// A document whose letter does not belong to its number. The officer was told, and may check the same once more: other countries have
    /// such numbers.
    /// </summary>
    public string DoubtedDocument { get; init; } = "";

    /// <summary>The API has said that nobody looks for the holder of <see cref="Document"/>.</summary>
    public bool DocumentChecked { get; init; }

    public string FlightNumber { get; init; } = "";

    /// <summary>The day of arrival as typed; empty for today's flight, or the next.</summary>
    public string ArrivalDate { get; init; } = "";

    /// <summary>
    /// The flight that the API found under <see cref="FlightNumber"/> and <see cref="ArrivalDate"/>; null while it is unchecked.
    /// </summary>
    public Flight? Flight { get; init; }

    public StayText Stay { get; init; } = new();

    /// <summary>
    /// Of the third step's form: whoever sends it again, by a double click or after an answer that was lost, asks for the same decision.
    /// </summary>
    public Guid FormId { get; init; }

    /// <summary>Wanted persons of this name and day of birth, until the officer says that the traveller is somebody else.</summary>
    public IReadOnlyList<WantedPerson>? Matches { get; init; }

    /// <summary>The name and day of birth that <see cref="Matches"/> were looked for by.</summary>
    public string MatchedBy { get; init; } = "";

    public Decision? Decision { get; init; }

    /// <summary>The first thing that is still to be done.</summary>
    public DeskStep Step => this switch
    {
        { Decision: not null } => DeskStep.Decided,
        { DocumentChecked: false } => DeskStep.Document,
        { Flight: null } => DeskStep.Flight,
        _ => DeskStep.Stay,
    };
}
