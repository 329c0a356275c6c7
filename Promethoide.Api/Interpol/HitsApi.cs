using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Immigration;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Interpol;

/// <summary>A wanted person's document was presented.</summary>
/// <param name="Id">Id, from 1, ascending.</param>
/// <param name="At">When it was presented (UTC).</param>
/// <param name="Officer">Who looked it up; null when nobody was signed in.</param>
/// <param name="Dni">The document.</param>
/// <param name="Name">The wanted person; null when no longer on the list.</param>
/// <param name="Decision">True when the traveller was refused for it, false for a mere look-up.</param>
public sealed record HitListed(long Id, DateTime At, string? Officer, string Dni, string? Name, bool Decision);

internal static class HitsApi
{
    public static void MapHits(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapDatabaseGroup("/hits").Requires(Scopes.Read).WithTags("Interpol");

        group.MapGet("/", ListAsync)
            .WithName("list_hits")
            .WithSummary("Lists when wanted persons' documents were presented, newest first")
            .DescribePaging();
    }

    private static async Task<Results<Ok<Page<HitListed>>, Problem<InvalidRequest>>> ListAsync(
        [AsParameters] HitQuery query, DatabaseAccess database, CancellationToken cancellationToken) =>
        new ListQuery(query.Dni, FlightNumber: null, query.Officer, query.Search, query.From, query.Until, query.After, query.Limit)
            .TryRead(out var filter, out var errors)
            ? TypedResults.Ok(await database.ExecuteAsync((db, _, stop) => PageAsync(db, filter, stop), cancellationToken))
            : InvalidFields.Result(errors);

    private static async Task<Page<HitListed>> PageAsync(PromethoideContext db, ListFilter filter, CancellationToken stop)
    {
        var hits = db.Hits.AsQueryable();
        hits = filter.Dni is { } dni ? hits.Where(hit => hit.Dni == dni) : hits;
        hits = filter.Officer is { } officer ? hits.Where(hit => hit.Officer == officer) : hits;
        hits = filter.From is { } from ? hits.Where(hit => hit.At >= from) : hits;
        hits = filter.Until is { } until ? hits.Where(hit => hit.At < until) : hits;
        hits = filter.After is { } after ? hits.Where(hit => hit.Id < after) : hits;
        if (filter.Search is not null)
        {
            var part = filter.DocumentPart;
            hits = hits.Where(hit => part != null && hit.Dni.Contains(part));
        }

        var items = await hits
            .OrderByDescending(hit => hit.Id)
            .Take(filter.Limit + 1)
            .Select(hit => new HitListed(
                hit.Id,
                hit.At,
                hit.Officer,
                hit.Dni,
                db.Interpol.Where(person => person.Dni == hit.Dni).Select(person => person.Name).FirstOrDefault(),
                hit.Decision))
            .ToListAsync(stop);
        return Page<HitListed>.Of(items, filter.Limit, hit => hit.Id);
    }
}
