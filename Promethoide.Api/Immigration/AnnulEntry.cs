using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Immigration;

/// <summary>The reason for annulling an entry.</summary>
public sealed record AnnulmentRequest
{
    /// <summary>1–255 characters; no control characters.</summary>
    [Required(ErrorMessage = "Enter a reason."), SingleLineText(255)]
    public string? Reason { get; init; }
}

internal static class AnnulEntry
{
    /// <summary>
    /// Annuls an entry once. If the answer was lost and the same supervisor repeats the same request, the answer is the same.
    /// </summary>
    public static async Task<Results<Ok<ImmigrationEntry>, Problem<EntryNotFound>, Problem<AlreadyAnnulled>>> HandleAsync(
        long id, AnnulmentRequest request, Caller caller, DatabaseAccess database, CancellationToken cancellationToken)
    {
        var (officer, reason) = (caller.Name!, request.Reason!.Trim());
        var entry = await database.ExecuteAsync(
            async (db, _, stop) =>
            {
                await db.Database.ExecuteSqlAsync(
                    $"""
                    WITH annulment AS (
                        SELECT dni, annul_entry(id, {officer}, {reason}) AS is_done
                        FROM immigration WHERE id = {id} AND annulled_at IS NULL)
                    INSERT INTO audit (actor, action, subject, outcome)
                    SELECT {officer}, {Actions.Annulment}, dni, {Outcomes.Done} FROM annulment WHERE is_done
                    """,
                    stop);
                return await db.Immigration.FirstOrDefaultAsync(entry => entry.Id == id, stop);
            },
            cancellationToken);
        return entry switch
        {
            null => new Problem<EntryNotFound>("There is no entry with this id."),
            { } annulled when annulled.AnnulledBy == officer && annulled.AnnulmentReason == reason => TypedResults.Ok(annulled),
            _ => new Problem<AlreadyAnnulled>("This entry is annulled already."),
        };
    }
}
