namespace Promethoide.Api.Data;

/// <summary>A flight that travellers may arrive on: a number on a day, and a row of <c>flights</c>.</summary>
public sealed class Flight
{
    /// <summary>Number of the row, from 1.</summary>
    public int Id { get; init; }

    /// <summary>1–10 upper-case letters or digits; airlines use one again on the next day.</summary>
    public required string FlightNumber { get; init; }

    /// <summary>1–100 characters.</summary>
    public required string Airline { get; init; }

    /// <summary>Airport of departure.</summary>
    public required string Origin { get; init; }

    /// <summary>Airport of arrival.</summary>
    public required string Destination { get; init; }

    /// <summary>Day of departure, in the airport's own calendar.</summary>
    public DateOnly DepartureDate { get; init; }

    /// <summary>Day of arrival, in the airport's own calendar.</summary>
    public DateOnly ArrivalDate { get; init; }
}
