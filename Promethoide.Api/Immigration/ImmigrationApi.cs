using System.Linq.Expressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Metrics;
using Promethoide.Api.Officers;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Immigration;

internal static class ImmigrationApi
{
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
        var group = routes.MapDatabaseGroup("/immigration").WithTags("Immigration");

        group.MapPost("/", CreateEntry.HandleAsync)
            .Requires(Scopes.Decide | Scopes.Smoke)
            .AddEndpointFilter(CreateEntry.RehearseOnlyAsync)
            .MayAnswer<InvalidRequest>()
            .MayAnswer<PayloadTooLarge>()
            .TakesJsonOnly()
            .WithName("create_immigration_entry")
            .WithSummary("Decides about a traveller")
            .WithDescription("Admits the traveller, or refuses with the reason. Either is kept, unless `smoke` is true.");
        group.MapGet("/", ListAsync)
            .Requires(Scopes.Read | Scopes.ReadOwn)
            .WithName("list_immigration_entries")
            .WithSummary("Lists who was admitted, newest first")
            .WithDescription("Officers see whom they have admitted in their shift, supervisors everybody.")
            .DescribePaging();
        group.MapGet("/{id:long}", FindAsync)
            .Requires(Scopes.Read | Scopes.ReadOwn)
            .WithName("get_immigration_entry")
            .WithSummary("Finds an entry by its id");
        group.MapPost("/{id:long}/annulment", AnnulEntry.HandleAsync)
            .Requires(Scopes.Supervise)
            .MayAnswer<InvalidRequest>()
            .MayAnswer<PayloadTooLarge>()
            .TakesJsonOnly()
            .WithName("annul_immigration_entry")
            .WithSummary("Annuls an entry, with a reason")
            .WithDescription("The entry stays on record. The traveller may be decided on again.");
    }

    private static async Task<Results<Ok<Page<ImmigrationEntry>>, Problem<InvalidRequest>>> ListAsync(
        [AsParameters] ListQuery query, Caller caller, DatabaseAccess database, TimeProvider time, CancellationToken cancellationToken) =>
        query.TryRead(out var filter, out var errors)
            ? TypedResults.Ok(await database.ExecuteAsync(
                (db, _, stop) => db.Immigration.Where(IsShownTo(caller, time)).ToPageAsync(filter, stop), cancellationToken))
            : InvalidFields.Result(errors);

    private static async Task<Results<Ok<ImmigrationEntry>, Problem<EntryNotFound>>> FindAsync(
        long id, Caller caller, DatabaseAccess database, TimeProvider time, CancellationToken cancellationToken)
    {
        var shown = IsShownTo(caller, time);
        return await database.ExecuteAsync(
            (db, _, stop) => db.Immigration.Where(shown).FirstOrDefaultAsync(entry => entry.Id == id, stop), cancellationToken) is { } found
            ? TypedResults.Ok(found)
            : new Problem<EntryNotFound>("There is no entry with this id.");
    }

    /// <summary>Officers see the travellers they admitted in their shift; everything else is for supervisors.</summary>
    private static Expression<Func<ImmigrationEntry, bool>> IsShownTo(Caller caller, TimeProvider time)
    {
        if (caller.May(Scopes.Read))
        {
            return entry => true;
        }

        var (officer, since) = (caller.Name, time.GetUtcNow().UtcDateTime - Sessions.Shift);
        return entry => entry.Officer == officer && entry.CreatedAt > since;
    }
}
