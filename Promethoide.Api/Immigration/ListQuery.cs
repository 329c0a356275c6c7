using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Promethoide.Api.Access;
using Promethoide.Documents;

namespace Promethoide.Api.Immigration;

/// <summary>The filters of a list. All are text here, so that one answer can name every wrong value.</summary>
/// <param name="Dni">Only this document.</param>
/// <param name="FlightNumber">Only this flight.</param>
/// <param name="Officer">Only this officer's actions.</param>
/// <param name="Search">Only names with all of these words, documents that contain this text, or the item with this id.</param>
/// <param name="From">Only from this time on (RFC 3339).</param>
/// <param name="Until">Only before this time (RFC 3339).</param>
/// <param name="After">Only items older than this id: the last one already seen.</param>
/// <param name="Limit">Maximum number of items, 1–100; default 20.</param>
internal sealed record ListQuery(
    [FromQuery(Name = "dni")] string? Dni,
    [FromQuery(Name = "flight_number")] string? FlightNumber,
    [FromQuery(Name = "officer")] string? Officer,
    [FromQuery(Name = "search")] string? Search,
    [FromQuery(Name = "from")] string? From,
    [FromQuery(Name = "until")] string? Until,
    [FromQuery(Name = "after")] string? After,
    [FromQuery(Name = "limit")] string? Limit)
{
    public const int LongestSearch = 100;
    public const int DefaultLimit = 20;
    public const int MaximumLimit = 100;

    /// <returns>False when <paramref name="errors"/> contains errors.</returns>
    public bool TryRead(out ListFilter filter, out IReadOnlyDictionary<string, string> errors)
    {
        var wrong = new Dictionary<string, string>();

        var dni = Dni is null ? null : DocumentNumber.Normalise(Dni);
        if (dni is not null && !DocumentNumber.CanBeLookedUp(dni))
        {
            wrong["dni"] = $"A document number has 1 to {DocumentNumber.MaximumLength} letters or digits.";
        }

        var flight = FlightNumber is null ? null : Flights.FlightNumber.Normalise(FlightNumber);
        if (flight is not null && !Flights.FlightNumber.IsValid(flight))
        {
            wrong["flight_number"] = $"A flight number has 1 to {Flights.FlightNumber.MaximumLength} letters or digits.";
        }

        var officer = Officer?.Trim().ToLowerInvariant();
        if (officer is { Length: 0 or > Caller.MaximumNameLength })
        {
            wrong["officer"] = "Give the user name of an officer.";
        }

        var search = Search?.Trim();
        if (search is { Length: 0 or > LongestSearch } || search?.Contains('\0', StringComparison.Ordinal) is true)
        {
            wrong["search"] = $"Give 1 to {LongestSearch} characters.";
        }

        if (!TryReadMoment(From, out var from))
        {
            wrong["from"] = "Give a moment as 2026-11-24T00:00:00Z.";
        }

        if (!TryReadMoment(Until, out var until))
        {
            wrong["until"] = "Give a moment as 2026-11-25T00:00:00Z.";
        }

        if (!TryReadNumber(After, long.MaxValue, out var after))
        {
            wrong["after"] = "Give the id of the last item that was seen.";
        }

        if (!TryReadNumber(Limit, MaximumLimit, out var limit))
        {
            wrong["limit"] = $"Give a number from 1 to {MaximumLimit}.";
        }

        filter = new ListFilter(dni, flight, officer, search, from, until, after, (int)(limit ?? DefaultLimit));
        errors = wrong;
        return wrong.Count == 0;
    }

    /// <summary>A time (RFC 3339), in UTC; null for empty text. False when it is invalid.</summary>
    public static bool TryReadMoment(string? text, out DateTime? moment)
    {
        moment = DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var parsed)
            ? parsed.UtcDateTime
            : null;
        return text is null || moment is not null;
    }

    private static bool TryReadNumber(string? text, long maximum, out long? number)
    {
        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        return text is null || number is >= 1 && number <= maximum;
    }
}

/// <summary>The filters of a list, normalised.</summary>
internal sealed record ListFilter(
    string? Dni, string? FlightNumber, string? Officer, string? Search, DateTime? From, DateTime? Until, long? After, int Limit)
{
    /// <summary><see cref="Search"/> as part of a document number; null when it cannot be one.</summary>
    public string? DocumentPart =>
        Search is { } search && DocumentNumber.Normalise(search) is { Length: > 0 } part && DocumentNumber.CanBeLookedUp(part)
            ? part
            : null;

    /// <summary><see cref="Search"/> as an item's id.</summary>
    public long? Number => long.TryParse(Search, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The words of <see cref="Search"/>.</summary>
    public IEnumerable<string> Words => Search?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}

/// <summary>The filters of the list of hits; see <see cref="ListQuery"/>.</summary>
internal sealed record HitQuery(
    [FromQuery(Name = "dni")] string? Dni,
    [FromQuery(Name = "officer")] string? Officer,
    [FromQuery(Name = "search")] string? Search,
    [FromQuery(Name = "from")] string? From,
    [FromQuery(Name = "until")] string? Until,
    [FromQuery(Name = "after")] string? After,
    [FromQuery(Name = "limit")] string? Limit);
