using Promethoide.Api.Immigration;

namespace Promethoide.Api.Problems;

/// <summary>A kind of problem that an endpoint may answer with. Clients tell kinds apart by <see cref="Code"/>, which never changes.</summary>
public interface IProblemKind
{
    /// <summary>HTTP status.</summary>
    static abstract int Status { get; }

    /// <summary>Stable name in the problem's <c>code</c> member.</summary>
    static abstract string Code { get; }
}

/// <summary>The request itself is wrong; <c>errors</c> has one message per field.</summary>
public sealed class InvalidRequest : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status400BadRequest;

    /// <inheritdoc/>
    public static string Code => "invalid-request";
}

/// <summary>Nobody with this document number is wanted.</summary>
public sealed class DniNotFound : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status404NotFound;

    /// <inheritdoc/>
    public static string Code => "dni-not-found";
}

/// <summary>The traveller is wanted by Interpol.</summary>
public sealed class InterpolMatch : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status403Forbidden;

    /// <inheritdoc/>
    public static string Code => RefusalReasons.InterpolMatch;
}

/// <summary>There is no such flight.</summary>
public sealed class FlightNotFound : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status404NotFound;

    /// <inheritdoc/>
    public static string Code => RefusalReasons.FlightNotFound;
}

/// <summary>The traveller has nowhere to stay.</summary>
public sealed class LodgingRequired : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status400BadRequest;

    /// <inheritdoc/>
    public static string Code => RefusalReasons.LodgingRequired;
}

/// <summary>The traveller has too little money for the stay.</summary>
public sealed class InsufficientMoney : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status400BadRequest;

    /// <inheritdoc/>
    public static string Code => RefusalReasons.InsufficientMoney;
}

/// <summary>The document has an entry for this flight already; the problem's <c>id</c> names it.</summary>
public sealed class AlreadyRegistered : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status409Conflict;

    /// <inheritdoc/>
    public static string Code => "already-registered";
}

/// <summary>The client gave two applications the same idempotency key.</summary>
public sealed class IdempotencyKeyReused : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status422UnprocessableEntity;

    /// <inheritdoc/>
    public static string Code => "idempotency-key-reused";
}

/// <summary>There is no entry with this id.</summary>
public sealed class EntryNotFound : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status404NotFound;

    /// <inheritdoc/>
    public static string Code => "entry-not-found";
}

/// <summary>A supervisor has annulled the entry before.</summary>
public sealed class AlreadyAnnulled : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status409Conflict;

    /// <inheritdoc/>
    public static string Code => "already-annulled";
}

/// <summary>The body is longer than a desk's request can be.</summary>
public sealed class PayloadTooLarge : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status413PayloadTooLarge;

    /// <inheritdoc/>
    public static string Code => "payload-too-large";
}

/// <summary>The client asks too often; the same request may succeed later.</summary>
public sealed class TooManyRequests : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status429TooManyRequests;

    /// <inheritdoc/>
    public static string Code => "too-many-requests";
}

/// <summary>The request took too long, by the client or by the API; the same request may succeed later.</summary>
public sealed class RequestTimedOut : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status503ServiceUnavailable;

    /// <inheritdoc/>
    public static string Code => "request-timeout";
}

/// <summary>The body is not JSON.</summary>
public sealed class UnsupportedMediaType : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status415UnsupportedMediaType;

    /// <inheritdoc/>
    public static string Code => "unsupported-media-type";
}

/// <summary>The database does not respond; the same request may succeed later.</summary>
public sealed class DatabaseUnavailable : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status503ServiceUnavailable;

    /// <inheritdoc/>
    public static string Code => "database-unavailable";
}

/// <summary>A fault of the API.</summary>
public sealed class InternalError : IProblemKind
{
    /// <inheritdoc/>
    public static int Status => StatusCodes.Status500InternalServerError;

    /// <inheritdoc/>
    public static string Code => "internal-error";
}
