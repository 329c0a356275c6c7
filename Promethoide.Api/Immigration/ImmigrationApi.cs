using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Immigration;

internal static class ImmigrationApi
{
    private static readonly Func<PromethoideContext, int, IAsyncEnumerable<ImmigrationEntry>> FindEntry = EF.CompileAsyncQuery(
        (PromethoideContext db, int id) => db.Immigration.Where(entry => entry.Id == id));

    public static void AddImmigration(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<ImmigrationOptions>()
            .BindConfiguration(ImmigrationOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<DecisionDesk>();
        builder.Services.AddValidation();
    }

    public static void MapImmigration(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapMeasuredGroup("/immigration").WithTags("Immigration");

        group.MapPost("/", CreateEntry.HandleAsync)
            .MayAnswer<InvalidRequest>()
            .MayAnswer<PayloadTooLarge>()
            .TakesJsonOnly()
            .WithName("create_immigration_entry")
            .WithSummary("Decides about a traveller")
            .WithDescription("Admits the traveller, or refuses with the reason. Either is kept, unless `smoke` is true.");
        group.MapGet("/", ListAsync)
            .WithName("list_immigration_entries")
            .WithSummary("Lists who was admitted, newest first")
            .DescribePaging();
        group.MapGet("/{id:long}", FindAsync)
            .WithName("get_immigration_entry")
            .WithSummary("Finds an entry by its id");
    }

    private static async Task<Results<Ok<Page<ImmigrationEntry>>, Problem<InvalidRequest>>> ListAsync(
        [AsParameters] ListQuery query, DatabaseAccess database, CancellationToken cancellationToken) =>
        query.TryRead(out var filter, out var errors)
            ? TypedResults.Ok(await database.AskAsync((db, _, stop) => db.Immigration.ToPageAsync(filter, stop), cancellationToken))
            : InvalidFields.Result(errors);

    private static async Task<Results<Ok<ImmigrationEntry>, Problem<EntryNotFound>>> FindAsync(
        long id, DatabaseAccess database, CancellationToken cancellationToken) =>
        id is > 0 and <= int.MaxValue && await database.AskAsync((db, _, stop) => FindEntry(db, (int)id).SingleOrNullAsync(stop), cancellationToken) is { } entry
            ? TypedResults.Ok(entry)
            : new Problem<EntryNotFound>("There is no entry with this id.");
}
