using Promethoide.Api.Immigration;

namespace Promethoide.Api.Problems;

/// <summary>
/// A kind of problem that an endpoint may answer with. Clients distinguish kinds by <see cref="Code"/>, which never changes.
/// </summary>
internal interface IProblemKind
{
    /// <summary>HTTP status.</summary>
    static abstract int Status { get; }

    /// <summary>Stable name in the problem's <c>code</c> member.</summary>
    static abstract string Code { get; }
}

/// <summary>The request itself is wrong; <c>errors</c> has one message per field.</summary>
internal sealed class InvalidRequest : IProblemKind
{
    public static int Status => StatusCodes.Status400BadRequest;
    public static string Code => "invalid-request";
}

/// <summary>Nobody with this document number is wanted.</summary>
internal sealed class DniNotFound : IProblemKind
{
    public static int Status => StatusCodes.Status404NotFound;
    public static string Code => "dni-not-found";
}

/// <summary>The traveller is wanted by Interpol.</summary>
internal sealed class InterpolMatch : IProblemKind
{
    public static int Status => StatusCodes.Status403Forbidden;
    public static string Code => RefusalReasons.InterpolMatch;
}

/// <summary>There is no such flight.</summary>
internal sealed class FlightNotFound : IProblemKind
{
    public static int Status => StatusCodes.Status404NotFound;
    public static string Code => RefusalReasons.FlightNotFound;
}

/// <summary>The traveller has nowhere to stay.</summary>
internal sealed class LodgingRequired : IProblemKind
{
    public static int Status => StatusCodes.Status400BadRequest;
    public static string Code => RefusalReasons.LodgingRequired;
}

/// <summary>The traveller has too little money for the stay.</summary>
internal sealed class InsufficientMoney : IProblemKind
{
    public static int Status => StatusCodes.Status400BadRequest;
    public static string Code => RefusalReasons.InsufficientMoney;
}

/// <summary>The document already has an entry for this flight; the problem's <c>id</c> identifies it.</summary>
internal sealed class AlreadyRegistered : IProblemKind
{
    public static int Status => StatusCodes.Status409Conflict;
    public static string Code => "already-registered";
}

/// <summary>The client used one idempotency key for two applications.</summary>
internal sealed class IdempotencyKeyReused : IProblemKind
{
    public static int Status => StatusCodes.Status422UnprocessableEntity;
    public static string Code => "idempotency-key-reused";
}

/// <summary>There is no entry with this id.</summary>
internal sealed class EntryNotFound : IProblemKind
{
    public static int Status => StatusCodes.Status404NotFound;
    public static string Code => "entry-not-found";
}

/// <summary>A supervisor has already annulled the entry.</summary>
internal sealed class AlreadyAnnulled : IProblemKind
{
    public static int Status => StatusCodes.Status409Conflict;
    public static string Code => "already-annulled";
}

/// <summary>The body is longer than a desk's request can be.</summary>
internal sealed class PayloadTooLarge : IProblemKind
{
    public static int Status => StatusCodes.Status413PayloadTooLarge;
    public static string Code => "payload-too-large";
}

/// <summary>The client sends too many requests; the same request may succeed later.</summary>
internal sealed class TooManyRequests : IProblemKind
{
    public static int Status => StatusCodes.Status429TooManyRequests;
    public static string Code => "too-many-requests";
}

/// <summary>The client or the API took too long; the same request may succeed later.</summary>
internal sealed class RequestTimedOut : IProblemKind
{
    public static int Status => StatusCodes.Status503ServiceUnavailable;
    public static string Code => "request-timeout";
}

/// <summary>The body is not JSON.</summary>
internal sealed class UnsupportedMediaType : IProblemKind
{
    public static int Status => StatusCodes.Status415UnsupportedMediaType;
    public static string Code => "unsupported-media-type";
}

/// <summary>The database is not responding; the same request may succeed later.</summary>
internal sealed class DatabaseUnavailable : IProblemKind
{
    public static int Status => StatusCodes.Status503ServiceUnavailable;
    public static string Code => "database-unavailable";
}

/// <summary>A fault of the API.</summary>
internal sealed class InternalError : IProblemKind
{
    public static int Status => StatusCodes.Status500InternalServerError;
    public static string Code => "internal-error";
}
