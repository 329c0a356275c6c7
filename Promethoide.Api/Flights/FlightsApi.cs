using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Flights;

/// <summary>The response for an existing flight.</summary>
public sealed record FlightFound(string Message, Flight Flight);

/// <summary>The flights of a day, by number.</summary>
public sealed record FlightList(IReadOnlyList<Flight> Items);

internal static class FlightsApi
{
    private const string Find =
        "SELECT id, flight_number, airline, origin, destination, departure_date, arrival_date FROM flights "
        + "WHERE flight_number = $1 AND arrival_date =";

    private const string FindOnDay = $"{Find} $2";

    // Each half reads one index row, however many days a number has.
    private const string FindNextOrLatest =
        $"""
        {Find} COALESCE(
            (SELECT min(arrival_date) FROM flights WHERE flight_number = $1 AND arrival_date >= $2),
            (SELECT max(arrival_date) FROM flights WHERE flight_number = $1))
        """;

    private static readonly Func<PromethoideContext, DateOnly, IAsyncEnumerable<Flight>> ListOfDay =
        EF.CompileAsyncQuery<PromethoideContext, DateOnly, Flight>((PromethoideContext db, DateOnly date) =>
            db.Flights.Where(flight => flight.ArrivalDate == date).OrderBy(flight => flight.FlightNumber));

    public static void MapFlights(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapDatabaseGroup("/flights").WithTags("Flights");

        group.MapGet("/", ListAsync)
            .Requires(Scopes.LookUp)
            .WithName("list_flights")
            .WithSummary("Lists the flights that arrive on a day")
            .DescribeDate("date", "Day of arrival, in the calendar of the place of arrival.");
        group.MapGet("/{flight_number}", CheckFlightAsync)
            .Requires(Scopes.LookUp | Scopes.Smoke)
            .WithName("check_flight")
            .WithSummary("Finds a flight by its number")
            .WithDescription(
                "Of a number that has many days: that of `date`; without it, the next flight from today (UTC) on, else the latest.")
            .DescribeDate("date", "Day of arrival, in the calendar of the place of arrival.");
    }

    private static async Task<Results<Ok<FlightList>, Problem<InvalidRequest>>> ListAsync(
        DatabaseAccess database, CancellationToken cancellationToken, string? date = null) =>
        TryReadDate(date, out var day) && day is { } arrival
            ? TypedResults.Ok(new FlightList(
                await database.LookUpAsync((db, stop) => ListOfDay(db, arrival).ToListAsync(stop).AsTask(), cancellationToken)))
            : WrongDate();

    private static async Task<Results<Ok<FlightFound>, Problem<FlightNotFound>, Problem<InvalidRequest>>> CheckFlightAsync(
        [FromRoute(Name = "flight_number")] string flightNumber,
        DatabaseAccess database,
        TimeProvider time,
        CancellationToken cancellationToken,
        string? date = null)
    {
        if (!TryReadDate(date, out var day))
        {
            return WrongDate();
        }

        var number = FlightNumber.Normalise(flightNumber);
        return FlightNumber.IsValid(number) && await database.FindAsync(FindAsync, cancellationToken) is { } flight
            ? TypedResults.Ok(new FlightFound("Flight found", flight))
            : new Problem<FlightNotFound>("Flight not found");

        Task<Flight?> FindAsync(NpgsqlConnection db, CancellationToken stop) => day is { } arrival
            ? db.FirstRowAsync(FindOnDay, Read, stop, Sql.Value(number), Sql.Value(arrival))
            : db.FirstRowAsync(
                FindNextOrLatest, Read, stop, Sql.Value(number), Sql.Value(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime)));
    }

    private static Flight Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt32(0),
        FlightNumber = row.GetString(1),
        Airline = row.GetString(2),
        Origin = row.GetString(3),
        Destination = row.GetString(4),
        DepartureDate = row.GetFieldValue<DateOnly>(5),
        ArrivalDate = row.GetFieldValue<DateOnly>(6),
    };

    private static bool TryReadDate(string? text, out DateOnly? date)
    {
        date = DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
        return text is null || date is not null;
    }

    private static Problem<InvalidRequest> WrongDate() => InvalidFields.Result("date", "Give a day as YYYY-MM-DD.");
}
