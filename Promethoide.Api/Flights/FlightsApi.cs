using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Flights;

/// <summary>The answer about a flight that exists.</summary>
public sealed record FlightFound(string Message, Flight Flight);

internal static class FlightsApi
{
    private static readonly Func<PromethoideContext, string, IAsyncEnumerable<Flight>> FindFlight = EF.CompileAsyncQuery(
        (PromethoideContext db, string number) => db.Flights.Where(flight => flight.FlightNumber == number));

    public static void MapFlights(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapMeasuredGroup("/flights").Requires(Scopes.LookUp | Scopes.Smoke).WithTags("Flights");

        group.MapGet("/{flight_number}", CheckFlightAsync)
            .WithName("check_flight")
            .WithSummary("Finds a flight by its number");
    }

    private static async Task<Results<Ok<FlightFound>, Problem<FlightNotFound>>> CheckFlightAsync(
        [FromRoute(Name = "flight_number")] string flightNumber, DatabaseAccess database, CancellationToken cancellationToken)
    {
        var number = FlightNumber.Normalise(flightNumber);
        return FlightNumber.IsValid(number)
            && await database.LookUpAsync((db, stop) => FindFlight(db, number).SingleOrNullAsync(stop), cancellationToken) is { } flight
            ? TypedResults.Ok(new FlightFound("Flight found", flight))
            : new Problem<FlightNotFound>("Flight not found");
    }
}
