using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Metrics;
using Promethoide.Api.Officers;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Immigration;

/// <summary>The decisions of a period in numbers, and the officers at work.</summary>
/// <param name="Travellers">Number of different documents per flight with a decision.</param>
/// <param name="Admitted">Travellers admitted. Annulled entries do not count.</param>
/// <param name="Refused">Refusals; one traveller may have several.</param>
/// <param name="AdmittedLater">Refusals whose traveller was later admitted for the same flight.</param>
/// <param name="Annulled">Entries of this period that a supervisor has annulled.</param>
/// <param name="Hits">How often a wanted person's document was presented.</param>
/// <param name="Reasons">Refusals by reason, most frequent first.</param>
/// <param name="Hours">Decisions by hour, counted from the start of the period; hours without decisions are omitted.</param>
/// <param name="Flights">Decisions by flight, busiest first.</param>
/// <param name="Officers">Officers now signed in, by name.</param>
public sealed record Summary(
    int Travellers,
    int Admitted,
    int Refused,
    int AdmittedLater,
    int Annulled,
    int Hits,
    IReadOnlyList<ReasonCount> Reasons,
    IReadOnlyList<HourCount> Hours,
    IReadOnlyList<FlightCount> Flights,
    IReadOnlyList<SignedIn> Officers);

/// <summary>The number of refusals for one of <see cref="RefusalReasons.All"/>.</summary>
public sealed record ReasonCount(string Reason, int Count);

/// <summary>The decisions of one hour, starting at <c>From</c> (UTC).</summary>
public sealed record HourCount(DateTime From, int Admitted, int Refused);

/// <summary>The decisions about a flight's passengers; <c>ArrivalDate</c> is null when there is no such flight.</summary>
public sealed record FlightCount(string FlightNumber, DateOnly? ArrivalDate, int Admitted, int Refused);

/// <summary>A signed-in officer; <c>LastSeenAt</c> (UTC) is when the desk was last used.</summary>
public sealed record SignedIn(string UserName, string Role, DateTime LastSeenAt);

internal static class SummaryApi
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private static readonly string WhoIsSignedIn =
        $"""
        SELECT o.user_name, o.role, max(s.last_seen_at) AS last_seen_at FROM sessions s JOIN officers o ON o.id = s.officer_id
        WHERE NOT o.locked AND {Sessions.IsAlive("s")} GROUP BY o.user_name, o.role ORDER BY o.user_name
        """;

    public static void MapSummary(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapDatabaseGroup("/summary").Requires(Scopes.Read).WithTags("Immigration");

        group.MapGet("/", SummariseAsync)
            .WithName("get_summary")
            .WithSummary("Counts what was decided in a time of at most seven days")
            .DescribeMoment("from", "From this moment on.")
            .DescribeMoment("until", "Before this moment.");
    }

    private static async Task<Results<Ok<Summary>, Problem<InvalidRequest>>> SummariseAsync(
        [FromQuery(Name = "from")] string? from,
        [FromQuery(Name = "until")] string? until,
        DatabaseAccess database,
        CancellationToken cancellationToken)
    {
        if (!ListQuery.TryReadMoment(from, out var start) || start is null)
        {
            return InvalidFields.Result("from", "Give a moment as 2026-11-24T00:00:00Z.");
        }

        if (!ListQuery.TryReadMoment(until, out var end) || end is null || end <= start || end - start > Longest)
        {
            return InvalidFields.Result("until", $"Give a moment at most {Longest.TotalDays:0} days after from.");
        }

        return TypedResults.Ok(
            await database.ExecuteAsync((db, _, stop) => CountAsync(db, start.Value, end.Value, stop), cancellationToken));
    }

    private static async Task<Summary> CountAsync(PromethoideContext db, DateTime from, DateTime until, CancellationToken stop)
    {
        // Uses the index on created_at: the cost depends on the period requested, not on the total number of decisions.
        var cells = await db.Database.SqlQuery<Cell>(
            $"""
            SELECT date_bin('1 hour', created_at, {from}) AS hour, flight_number, arrival_date, reason, count(*)::int AS count
            FROM (
                SELECT created_at, flight_number, arrival_date, NULL AS reason FROM immigration
                WHERE created_at >= {from} AND created_at < {until} AND annulled_at IS NULL
                UNION ALL
                SELECT created_at, flight_number, arrival_date, reason FROM refusals WHERE created_at >= {from} AND created_at < {until}
            ) AS decisions
            GROUP BY 1, 2, 3, 4
            """).ToListAsync(stop);
        var totals = await db.Database.SqlQuery<Totals>(
            $"""
            SELECT
                (SELECT count(*)::int FROM (
                    SELECT dni, flight_number, arrival_date FROM immigration WHERE created_at >= {from} AND created_at < {until}
                    UNION
                    SELECT dni, flight_number, arrival_date FROM refusals WHERE created_at >= {from} AND created_at < {until}
                ) AS travellers) AS travellers,
                (SELECT count(*)::int FROM refusals r WHERE created_at >= {from} AND created_at < {until} AND EXISTS (
                    SELECT FROM immigration e WHERE e.dni = r.dni AND e.flight_number = r.flight_number AND e.arrival_date = r.arrival_date
                        AND e.created_at > r.created_at AND e.annulled_at IS NULL)) AS admitted_later,
                (SELECT count(*)::int FROM immigration WHERE created_at >= {from} AND created_at < {until} AND annulled_at IS NOT NULL)
                    AS annulled,
                (SELECT count(*)::int FROM hits WHERE at >= {from} AND at < {until}) AS hits
            """).SingleAsync(stop);
        var officers = await db.Database.SqlQueryRaw<SignedIn>(WhoIsSignedIn).ToListAsync(stop);

        return new Summary(
            totals.Travellers,
            Admitted(cells),
            Refused(cells),
            totals.AdmittedLater,
            totals.Annulled,
            totals.Hits,
            [
                .. cells.Where(cell => cell.Reason is not null)
                    .GroupBy(cell => cell.Reason!)
                    .Select(reason => new ReasonCount(reason.Key, reason.Sum(cell => cell.Count)))
                    .OrderByDescending(reason => reason.Count),
            ],
            [
                .. cells.GroupBy(cell => cell.Hour)
                    .OrderBy(hour => hour.Key)
                    .Select(hour => new HourCount(hour.Key, Admitted(hour), Refused(hour))),
            ],
            [
                .. cells.GroupBy(cell => (cell.FlightNumber, cell.ArrivalDate))
                    .OrderByDescending(flight => flight.Sum(cell => cell.Count))
                    .ThenBy(flight => flight.Key.FlightNumber, StringComparer.Ordinal)
                    .Select(flight => new FlightCount(flight.Key.FlightNumber, flight.Key.ArrivalDate, Admitted(flight), Refused(flight))),
            ],
            officers);
    }

    private static int Admitted(IEnumerable<Cell> cells) => cells.Where(cell => cell.Reason is null).Sum(cell => cell.Count);

    private static int Refused(IEnumerable<Cell> cells) => cells.Where(cell => cell.Reason is not null).Sum(cell => cell.Count);

    /// <summary>See <see cref="Summary"/>.</summary>
    private sealed record Totals(int Travellers, int AdmittedLater, int Annulled, int Hits);

    /// <summary>The number of identical decisions about a flight in one hour; no reason means admitted.</summary>
    private sealed record Cell(DateTime Hour, string FlightNumber, DateOnly? ArrivalDate, string? Reason, int Count);
}
