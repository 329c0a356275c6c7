using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Promethoide.Api.Access;
using Promethoide.Documents;

namespace Promethoide.Api.Immigration;

/// <summary>What a list is asked for. All of it is text here, so that each wrong value can be named in one answer.</summary>
/// <param name="Dni">Only this document.</param>
/// <param name="FlightNumber">Only this flight.</param>
/// <param name="Officer">Only what this officer did.</param>
/// <param name="After">Only what is older than this id: the last one that was seen.</param>
/// <param name="Limit">Most items to return, 1–100; 20 when it is not said.</param>
internal sealed record ListQuery(
    [FromQuery(Name = "dni")] string? Dni,
    [FromQuery(Name = "flight_number")] string? FlightNumber,
    [FromQuery(Name = "officer")] string? Officer,
    [FromQuery(Name = "after")] string? After,
    [FromQuery(Name = "limit")] string? Limit)
{
    public const int DefaultLimit = 20;
    public const int MaximumLimit = 100;

    /// <returns>False when <paramref name="errors"/> has something to say.</returns>
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

        if (!TryReadNumber(After, long.MaxValue, out var after))
        {
            wrong["after"] = "Give the id of the last item that was seen.";
        }

        if (!TryReadNumber(Limit, MaximumLimit, out var limit))
        {
            wrong["limit"] = $"Give a number from 1 to {MaximumLimit}.";
        }

        filter = new ListFilter(dni, flight, officer, after, (int)(limit ?? DefaultLimit));
        errors = wrong;
        return wrong.Count == 0;
    }

    private static bool TryReadNumber(string? text, long maximum, out long? number)
    {
        number = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        return text is null || number is >= 1 && number <= maximum;
    }
}

/// <summary>What a list is asked for, normalised.</summary>
internal sealed record ListFilter(string? Dni, string? FlightNumber, string? Officer, long? After, int Limit);

/// <summary>What the list of hits is asked for; see <see cref="ListQuery"/>.</summary>
internal sealed record HitQuery(
    [FromQuery(Name = "dni")] string? Dni,
    [FromQuery(Name = "officer")] string? Officer,
    [FromQuery(Name = "after")] string? After,
    [FromQuery(Name = "limit")] string? Limit);
