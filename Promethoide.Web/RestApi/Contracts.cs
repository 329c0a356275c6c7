using System.Text.Json;

namespace Promethoide.Web.RestApi;

/// <summary>A person whom Interpol looks for.</summary>
public sealed record WantedPerson(long Id, string Name, string Dni, DateOnly? BirthDate = null);

/// <summary>A flight as the API knows it: a number on a day of arrival.</summary>
public sealed record Flight(
    string FlightNumber, string Airline, string Origin, string Destination, DateOnly DepartureDate, DateOnly ArrivalDate);

/// <summary>What the officer asks the API to decide on.</summary>
public sealed record EntryRequest(
    string Name,
    string Dni,
    string Lodging,
    decimal DeclaredMoney,
    string FlightNumber,
    DateOnly ArrivalDate,
    int StayDays,
    DateOnly? BirthDate,
    string? Nationality);

/// <summary>
/// An admission that was stored; <paramref name="Officer"/> is null where nobody had signed in. <paramref name="AnnulledAt"/> says that it
/// does not count any more.
/// </summary>
public sealed record ImmigrationEntry(
    long Id, string Name, string Dni, string Lodging, decimal DeclaredMoney, string FlightNumber, DateOnly ArrivalDate, int StayDays,
    DateTimeOffset CreatedAt, string? Officer = null, DateOnly? BirthDate = null, string? Nationality = null,
    DateTimeOffset? AnnulledAt = null, string? AnnulledBy = null, string? AnnulmentReason = null);

/// <summary>Why an entry is annulled.</summary>
public sealed record AnnulmentRequest(string Reason);

/// <summary>
/// A refusal that was stored, with the API's code for its reason, and the entry by which the traveller was admitted for the same flight
/// afterwards.
/// </summary>
public sealed record Refusal(
    long Id, string Dni, string FlightNumber, string Reason, DateTimeOffset CreatedAt, DateOnly? ArrivalDate = null, string? Name = null,
    decimal? DeclaredMoney = null, string? Officer = null, long? AdmittedLater = null);

/// <summary>
/// A look-up, or an application, that met a wanted person; <paramref name="Name"/> is null when the person has been taken off the list
/// since.
/// </summary>
public sealed record Hit(long Id, DateTimeOffset At, string Dni, string? Name, bool Decision, string? Officer = null);

/// <summary>What was decided in a day, in numbers, and who is signed in.</summary>
public sealed record Summary(
    int Travellers, int Admitted, int Refused, int AdmittedLater, int Annulled, int Hits, IReadOnlyList<ReasonCount> Reasons,
    IReadOnlyList<HourCount> Hours, IReadOnlyList<FlightCount> Flights, IReadOnlyList<SignedIn> Officers);

/// <summary>How many were refused for a reason, which is a code of the API.</summary>
public sealed record ReasonCount(string Reason, int Count);

/// <summary>What was decided in an hour.</summary>
public sealed record HourCount(DateTimeOffset From, int Admitted, int Refused);

/// <summary>What was decided about a flight's passengers.</summary>
public sealed record FlightCount(string FlightNumber, DateOnly? ArrivalDate, int Admitted, int Refused);

/// <summary>An officer who is signed in.</summary>
public sealed record SignedIn(string UserName, string Role, DateTimeOffset LastSeenAt);

/// <summary>What the API says of a session; it ends at <paramref name="EndsAt"/> at the latest.</summary>
public sealed record SessionState(string UserName, string Role, bool MustChangePassword, bool HasPassword, DateTimeOffset EndsAt);

/// <summary>A session that begins. Whoever has its token is the officer.</summary>
public sealed record Session(string Token, string UserName, string Role, bool MustChangePassword, bool HasPassword, DateTimeOffset EndsAt)
{
    public SessionState State => new(UserName, Role, MustChangePassword, HasPassword, EndsAt);
}

/// <summary>Who may sign in.</summary>
public sealed record Officer(
    string UserName, string Role, bool Locked, bool MustChangePassword, bool SingleSignOn, DateTimeOffset? LastSeenAt = null);

/// <summary>A generated password, which the API tells once.</summary>
public sealed record IssuedPassword(string UserName, string Password);

/// <summary>The names of the roles, which are the API's.</summary>
public static class Roles
{
    public const string Officer = "officer";
    public const string Supervisor = "supervisor";
}

/// <summary>One page of a list, newest first; <see cref="Next"/> continues it and is null on the last page.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, long? Next = null);

/// <summary>
/// What a list is narrowed to; an empty text does not narrow. <paramref name="Day"/> is one in the time zone of the desk.
/// </summary>
public sealed record ListFilter(
    string Search = "", string FlightNumber = "", string Officer = "", DateOnly? Day = null, long? After = null);

/// <summary>
/// The API's answer to what it may refuse: what was asked for, or the code of the problem and the names of the fields that it objects to.
/// </summary>
public sealed record Answer<T>(T? Value, string? Problem = null, IReadOnlyCollection<string>? Fields = null);

/// <summary>The API's answer to a request: exactly one of the derived records.</summary>
public abstract record DecisionAnswer
{
    private DecisionAnswer()
    {
    }

    public sealed record Admitted(long Id) : DecisionAnswer;

    public sealed record AlreadyRegistered(ImmigrationEntry Entry) : DecisionAnswer;

    /// <summary>
    /// The traveller may not enter; <paramref name="RequiredMoney"/> is what the stay requires where money is the reason.
    /// </summary>
    public sealed record Refused(string Code, decimal? RequiredMoney) : DecisionAnswer;

    /// <summary>The API could not read what was sent; <paramref name="Fields"/> are the names of the fields it objects to.</summary>
    public sealed record Invalid(IReadOnlyCollection<string> Fields) : DecisionAnswer;
}

/// <summary>The stable codes of the API's problem details.</summary>
public static class ProblemCodes
{
    public const string InvalidRequest = "invalid-request";
    public const string DocumentNotFound = "dni-not-found";
    public const string FlightNotFound = "flight-not-found";
    public const string InterpolMatch = "interpol-match";
    public const string LodgingRequired = "lodging-required";
    public const string InsufficientMoney = "insufficient-money";
    public const string AlreadyRegistered = "already-registered";
    public const string AlreadyAnnulled = "already-annulled";
    public const string EntryNotFound = "entry-not-found";
    public const string SignInRequired = "sign-in-required";
    public const string SignInFailed = "sign-in-failed";
    public const string PasswordChangeRequired = "password-change-required";
    public const string NotAllowed = "not-allowed";
    public const string NoRole = "no-role";
    public const string TooManyRequests = "too-many-requests";
    public const string OfficerExists = "officer-exists";
    public const string OfficerNotFound = "officer-not-found";
    public const string LastSupervisor = "last-supervisor";
    public const string SingleSignOn = "single-sign-on";
}

/// <summary>The API, or its database, gave no answer that can be relied on. Never carries anything of the request.</summary>
public sealed class RestApiUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The API does not do this for the officer's session; <paramref name="code"/> says why.</summary>
public sealed class SessionRefusedException(string code) : Exception($"The REST API refused the session: {code}.")
{
    public string Code => code;
}

internal sealed record WantedAnswer(WantedPerson Dni);

internal sealed record FlightAnswer(Flight Flight);

internal sealed record FlightsAnswer(IReadOnlyList<Flight> Items);

internal sealed record CreatedAnswer(long Id);

internal sealed record OfficersAnswer(IReadOnlyList<Officer> Items);

internal sealed record Problem(
    string? Code = null, ImmigrationEntry? Entry = null, Dictionary<string, JsonElement>? Errors = null, decimal? RequiredMoney = null);

internal sealed record Credentials(string UserName, string Password);

internal sealed record SignInLink(string Token);

internal sealed record PasswordChange(string CurrentPassword, string NewPassword);

internal sealed record NewOfficer(string UserName, string Role);
