using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Immigration;

/// <summary>A refusal, and whether the traveller was admitted later.</summary>
/// <param name="Id">Id, from 1, ascending.</param>
/// <param name="Name">1–100 characters.</param>
/// <param name="Dni">The traveller's document number.</param>
/// <param name="FlightNumber">The flight that the traveller named.</param>
/// <param name="ArrivalDate">Actual or scheduled day of arrival; null when there is no such flight.</param>
/// <param name="Lodging">1–255 characters; null when the traveller named none.</param>
/// <param name="DeclaredMoney">Funds declared, with two decimals.</param>
/// <param name="StayDays">Length of the stay in days, 1–365.</param>
/// <param name="Reason">The <c>code</c> of the problem that the desk received.</param>
/// <param name="CreatedAt">When the decision was made (UTC).</param>
/// <param name="Officer">Who made the decision: a user name, or <c>key/NAME</c> for a service; null when nobody was signed in.</param>
/// <param name="BirthDate">Date of birth; absent when not given.</param>
/// <param name="Nationality">Nationality, 1–3 letters; absent when not given.</param>
/// <param name="AdmittedLater">The valid entry that later admitted the same document for the same flight; null when there is none.</param>
public sealed record RefusalListed(
    long Id,
    string Name,
    string Dni,
    string FlightNumber,
    DateOnly? ArrivalDate,
    string? Lodging,
    decimal DeclaredMoney,
    int StayDays,
    string Reason,
    DateTime CreatedAt,
    string? Officer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? BirthDate,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Nationality,
    long? AdmittedLater);

internal static class RefusalsApi
{
    public static void MapRefusals(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapDatabaseGroup("/refusals").Requires(Scopes.Read).WithTags("Immigration");

        group.MapGet("/", ListAsync)
            .WithName("list_refusals")
            .WithSummary("Lists who was refused and why, newest first")
            .DescribePaging();
    }

    private static async Task<Results<Ok<Page<RefusalListed>>, Problem<InvalidRequest>>> ListAsync(
        [AsParameters] ListQuery query, DatabaseAccess database, CancellationToken cancellationToken) =>
        query.TryRead(out var filter, out var errors)
            ? TypedResults.Ok(await database.ExecuteAsync((db, _, stop) => PageAsync(db, filter, stop), cancellationToken))
            : InvalidFields.Result(errors);

    private static async Task<Page<RefusalListed>> PageAsync(PromethoideContext db, ListFilter filter, CancellationToken stop)
    {
        var items = await db.Refusals.Matching(filter)
            .Select(refusal => new RefusalListed(
                refusal.Id, refusal.Name, refusal.Dni, refusal.FlightNumber, refusal.ArrivalDate, refusal.Lodging, refusal.DeclaredMoney,
                refusal.StayDays, refusal.Reason, refusal.CreatedAt, refusal.Officer, refusal.BirthDate, refusal.Nationality,
                db.Immigration
                    .Where(entry => entry.Dni == refusal.Dni
                        && entry.FlightNumber == refusal.FlightNumber
                        && entry.ArrivalDate == refusal.ArrivalDate
                        && entry.CreatedAt > refusal.CreatedAt
                        && entry.AnnulledAt == null)
                    .Select(entry => (long?)entry.Id).FirstOrDefault()))
            .ToListAsync(stop);
        return Page<RefusalListed>.Of(items, filter.Limit, refusal => refusal.Id);
    }
}
