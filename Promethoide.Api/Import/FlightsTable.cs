using Npgsql;
using Promethoide.Api.Data;
using Promethoide.Api.Flights;
using Promethoide.Api.Immigration;

namespace Promethoide.Api.Import;

/// <summary>Flights, identified by number and day of arrival.</summary>
internal sealed class FlightsTable : IImportTable<Flight>
{
    private const int LongestName = 100;

    // Flights that cross the date line can arrive on the previous day.
    private const int MostDaysBack = 1;
    private const int MostDaysOn = 2;

    public IReadOnlyList<string> Columns { get; } = ["flight_number", "airline", "origin", "destination", "departure_date", "arrival_date"];

    public string Upsert =>
        """
        INSERT INTO flights AS f (flight_number, airline, origin, destination, departure_date, arrival_date)
        SELECT * FROM unnest(@flight_number, @airline, @origin, @destination, @departure_date, @arrival_date)
        ON CONFLICT (flight_number, arrival_date) DO UPDATE
            SET airline = excluded.airline, origin = excluded.origin, destination = excluded.destination,
                departure_date = excluded.departure_date
            WHERE (f.airline, f.origin, f.destination, f.departure_date)
                IS DISTINCT FROM (excluded.airline, excluded.origin, excluded.destination, excluded.departure_date)
        RETURNING xmax = 0
        """;

    public Flight Read(CsvLine line)
    {
        var flight = new Flight
        {
            FlightNumber = line.Text(
                "flight_number",
                FlightNumber.IsValid,
                $"A flight number has 1 to {FlightNumber.MaximumLength} letters or digits.",
                FlightNumber.Normalise),
            Airline = Name("airline"),
            Origin = Name("origin"),
            Destination = Name("destination"),
            DepartureDate = line.Date("departure_date"),
            ArrivalDate = line.Date("arrival_date"),
        };
        if (line.Wrong.Count == 0 && flight.ArrivalDate.DayNumber - flight.DepartureDate.DayNumber is < -MostDaysBack or > MostDaysOn)
        {
            line.Fail("arrival_date", $"A flight arrives from {MostDaysBack} day before to {MostDaysOn} days after its departure.", 0);
        }

        return flight;

        string Name(string column) =>
            line.Text(
                column,
                text => SingleLineText.IsVisible(text, LongestName),
                $"Give 1 to {LongestName} characters, none of them invisible.");
    }

    public object Key(Flight row) => (row.FlightNumber, row.ArrivalDate);

    public NpgsqlParameter[] Parameters(IReadOnlyList<Flight> rows) =>
    [
        new NpgsqlParameter<string[]>("flight_number", [.. rows.Select(row => row.FlightNumber)]),
        new NpgsqlParameter<string[]>("airline", [.. rows.Select(row => row.Airline)]),
        new NpgsqlParameter<string[]>("origin", [.. rows.Select(row => row.Origin)]),
        new NpgsqlParameter<string[]>("destination", [.. rows.Select(row => row.Destination)]),
        new NpgsqlParameter<DateOnly[]>("departure_date", [.. rows.Select(row => row.DepartureDate)]),
        new NpgsqlParameter<DateOnly[]>("arrival_date", [.. rows.Select(row => row.ArrivalDate)]),
    ];
}
