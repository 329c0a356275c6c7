using Microsoft.AspNetCore.Http.HttpResults;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Immigration;

internal static class RefusalsApi
{
    public static void MapRefusals(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapMeasuredGroup("/refusals").Requires(Scopes.Read).WithTags("Immigration");

        group.MapGet("/", ListAsync)
            .WithName("list_refusals")
            .WithSummary("Lists who was refused and why, newest first")
            .DescribePaging();
    }

    private static async Task<Results<Ok<Page<Refusal>>, Problem<InvalidRequest>>> ListAsync(
        [AsParameters] ListQuery query, DatabaseAccess database, CancellationToken cancellationToken) =>
        query.TryRead(out var filter, out var errors)
            ? TypedResults.Ok(await database.AskAsync((db, _, stop) => db.Refusals.ToPageAsync(filter, stop), cancellationToken))
            : InvalidFields.Result(errors);
}
