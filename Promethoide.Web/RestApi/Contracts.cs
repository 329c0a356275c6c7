using System.Text.Json;

namespace Promethoide.Web.RestApi;

/// <summary>A person whom Interpol looks for.</summary>
public sealed record WantedPerson(long Id, string Name, string Dni);

/// <summary>A flight as the API knows it.</summary>
public sealed record Flight(string FlightNumber, string Airline, string Origin, string Destination, DateOnly DepartureDate, DateOnly ArrivalDate);

/// <summary>What the officer asks the API to decide on.</summary>
public sealed record Registration(string Name, string Dni, string Lodging, decimal DeclaredMoney, string FlightNumber, int StayDays);

/// <summary>An admission that was stored.</summary>
public sealed record Entry(
    long Id, string Name, string Dni, string Lodging, decimal DeclaredMoney, string FlightNumber, int StayDays, DateTimeOffset CreatedAt);

/// <summary>A refusal that was stored, with the API's code for its reason.</summary>
public sealed record Refusal(
    long Id, string Dni, string FlightNumber, string Reason, DateTimeOffset CreatedAt, string? Name = null, decimal? DeclaredMoney = null);

/// <summary>One page of a list, newest first; <see cref="Next"/> continues it and is null on the last page.</summary>
public sealed record Listing<T>(IReadOnlyList<T> Items, long? Next = null);

/// <summary>What a list is narrowed to; an empty text does not narrow.</summary>
public sealed record ListFilter(string Document = "", string FlightNumber = "", long? After = null);

/// <summary>The API's answer to a registration: exactly one of the derived records.</summary>
public abstract record RegistrationAnswer
{
    private RegistrationAnswer()
    {
    }

    public sealed record Admitted(long Id) : RegistrationAnswer;

    public sealed record AlreadyRegistered(long Id) : RegistrationAnswer;

    public sealed record Refused(string Code) : RegistrationAnswer;

    /// <summary>The API could not read what was sent; <paramref name="Fields"/> are the names of the fields it objects to.</summary>
    public sealed record Invalid(IReadOnlyCollection<string> Fields) : RegistrationAnswer;
}

/// <summary>The stable codes of the API's problem details.</summary>
public static class ProblemCodes
{
    public const string InvalidRequest = "invalid-request";
    public const string DocumentNotFound = "dni-not-found";
    public const string FlightNotFound = "flight-not-found";
    public const string EntryNotFound = "entry-not-found";
    public const string InterpolMatch = "interpol-match";
    public const string LodgingRequired = "lodging-required";
    public const string InsufficientMoney = "insufficient-money";
    public const string AlreadyRegistered = "already-registered";
}

/// <summary>The API, or its database, gave no answer that can be relied on. Never carries anything of the request.</summary>
public sealed class RestApiUnavailableException(string message, Exception? innerException = null) : Exception(message, innerException);

internal sealed record WantedAnswer(WantedPerson Dni);

internal sealed record FlightAnswer(Flight Flight);

internal sealed record CreatedAnswer(long Id);

internal sealed record Problem(string? Code = null, long? Id = null, Dictionary<string, JsonElement>? Errors = null);
