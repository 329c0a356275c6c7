using System.Text.Json;

namespace Promethoide.Web.RestApi;

/// <summary>A person wanted by Interpol.</summary>
public sealed record WantedPerson(long Id, string Name, string Dni, DateOnly? BirthDate = null);

/// <summary>A flight as the API knows it: a number on a day of arrival.</summary>
public sealed record Flight(
    string FlightNumber, string Airline, string Origin, string Destination, DateOnly DepartureDate, DateOnly ArrivalDate);

/// <summary>The officer's request for a decision.</summary>
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
/// A stored admission; <paramref name="Officer"/> is null if nobody had signed in. With <paramref name="AnnulledAt"/> set it no longer
/// counts.
/// </summary>
public sealed record ImmigrationEntry(
    long Id, string Name, string Dni, string Lodging, decimal DeclaredMoney, string FlightNumber, DateOnly ArrivalDate, int StayDays,
    DateTimeOffset CreatedAt, string? Officer = null, DateOnly? BirthDate = null, string? Nationality = null,
    DateTimeOffset? AnnulledAt = null, string? AnnulledBy = null, string? AnnulmentReason = null);

/// <summary>Why an entry is annulled.</summary>
public sealed record AnnulmentRequest(string Reason);

/// <summary>
/// A stored refusal, with the API's code for its reason, and the entry that later admitted the traveller for the same flight.
/// </summary>
public sealed record Refusal(
    long Id, string Dni, string FlightNumber, string Reason, DateTimeOffset CreatedAt, DateOnly? ArrivalDate = null, string? Name = null,
    decimal? DeclaredMoney = null, string? Officer = null, long? AdmittedLater = null);

/// <summary>
/// A look-up or an application that matched a wanted person; <paramref name="Name"/> is null if the person has since been taken off the
/// list.
/// </summary>
public sealed record Hit(long Id, DateTimeOffset At, string Dni, string? Name, bool Decision, string? Officer = null);

/// <summary>The decisions of a day, in figures, and who is signed in.</summary>
public sealed record Summary(
    int Travellers, int Admitted, int Refused, int AdmittedLater, int Annulled, int Hits, IReadOnlyList<ReasonCount> Reasons,
    IReadOnlyList<HourCount> Hours, IReadOnlyList<FlightCount> Flights, IReadOnlyList<SignedIn> Officers);

/// <summary>The number of refusals for a reason, which is a code of the API.</summary>
public sealed record ReasonCount(string Reason, int Count);

/// <summary>The decisions of an hour.</summary>
public sealed record HourCount(DateTimeOffset From, int Admitted, int Refused);

/// <summary>The decisions on a flight's passengers.</summary>
public sealed record FlightCount(string FlightNumber, DateOnly? ArrivalDate, int Admitted, int Refused);

/// <summary>An officer who is signed in.</summary>
public sealed record SignedIn(string UserName, string Role, DateTimeOffset LastSeenAt);

/// <summary>The API's view of a session; it ends at <paramref name="EndsAt"/> at the latest.</summary>
public sealed record SessionState(string UserName, string Role, bool MustChangePassword, bool HasPassword, DateTimeOffset EndsAt);

/// <summary>A new session. The holder of its token acts as the officer.</summary>
public sealed record Session(string Token, string UserName, string Role, bool MustChangePassword, bool HasPassword, DateTimeOffset EndsAt)
{
    public SessionState State => new(UserName, Role, MustChangePassword, HasPassword, EndsAt);
}

/// <summary>An officer who may sign in.</summary>
public sealed record Officer(
    string UserName, string Role, bool Locked, bool MustChangePassword, bool SingleSignOn, DateTimeOffset? LastSeenAt = null);

/// <summary>A generated password, which the API returns only once.</summary>
public sealed record IssuedPassword(string UserName, string Password);

/// <summary>The API's names of the roles.</summary>
public static class Roles
{
    public const string Officer = "officer";
    public const string Supervisor = "supervisor";
}

/// <summary>One page of a list, newest first; <see cref="Next"/> continues it and is null on the last page.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, long? Next = null);

/// <summary>A list's filter; empty texts do not filter. <paramref name="Day"/> is in the time zone of the desk.</summary>
public sealed record ListFilter(
    string Search = "", string FlightNumber = "", string Officer = "", DateOnly? Day = null, long? After = null);

/// <summary>
/// The API's response to a request that it may refuse: the result, or the problem's code and the names of the invalid fields.
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

    /// <summary>The traveller may not enter; <paramref name="RequiredMoney"/> is what the stay requires if money is the reason.</summary>
    public sealed record Refused(string Code, decimal? RequiredMoney) : DecisionAnswer;

    /// <summary>The API could not read the request; <paramref name="Fields"/> are the names of the invalid fields.</summary>
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

/// <summary>The API or its database gave no reliable response. The message never contains anything of the request.</summary>
public sealed class RestApiUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The API refuses this to the officer's session; <paramref name="code"/> says why.</summary>
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
