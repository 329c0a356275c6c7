namespace Promethoide.Api.Data;

/// <summary>A flight on which travellers may arrive: a number and a day. A row of <c>flights</c>.</summary>
public sealed class Flight
{
    /// <summary>Row id, from 1.</summary>
    public int Id { get; init; }

    /// <summary>1–10 upper-case letters or digits; airlines reuse a number on the next day.</summary>
    public required string FlightNumber { get; init; }

    /// <summary>1–100 characters.</summary>
    public required string Airline { get; init; }

    /// <summary>Airport of departure.</summary>
    public required string Origin { get; init; }

    /// <summary>Airport of arrival.</summary>
    public required string Destination { get; init; }

    /// <summary>Day of departure, local to the airport.</summary>
    public DateOnly DepartureDate { get; init; }

    /// <summary>Day of arrival, local to the airport.</summary>
    public DateOnly ArrivalDate { get; init; }
}
