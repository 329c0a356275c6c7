using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Promethoide.Api.Access;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;
using Promethoide.Api.Description;
using Promethoide.Api.Immigration;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;
using Promethoide.Documents;

namespace Promethoide.Api.Interpol;

/// <summary>Wanted persons who may be the traveller. The officer decides whether one is; a possible match refuses nobody.</summary>
public sealed record PossibleMatches(IReadOnlyList<WantedPerson> Items);

internal static class PossibleMatchesApi
{
    private const int LongestName = 100;

    // More than an officer can compare.
    private const int MostShown = 10;

    public static void MapPossibleMatches(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapDatabaseGroup("/wanted").Requires(Scopes.LookUp).WithTags("Interpol");

        group.MapGet("/", HandleAsync)
            .WithName("find_possible_matches")
            .WithSummary("Finds wanted persons by name and day of birth")
            .WithDescription(
                "For a traveller whose document is not on the list. Accents, the order of names and middle names do not matter.")
            .DescribeText("name", "The traveller's name.", LongestName)
            .DescribeDate("birth_date", "The traveller's day of birth.");
    }

    private static async Task<Results<Ok<PossibleMatches>, Problem<InvalidRequest>>> HandleAsync(
        string? name,
        [FromQuery(Name = "birth_date")] string? birthDate,
        Caller caller,
        DatabaseAccess database,
        CancellationToken cancellationToken)
    {
        if (name is null || !SingleLineText.IsVisible(name, LongestName))
        {
            return InvalidFields.Result("name", $"Give 1 to {LongestName} characters.");
        }

        if (!DateOnly.TryParseExact(birthDate, "yyyy-MM-dd", out var day) || !BirthDateAttribute.IsPossible(day))
        {
            return InvalidFields.Result("birth_date", "Give a day as YYYY-MM-DD, from 1900-01-01 to today.");
        }

        return TypedResults.Ok(
            new PossibleMatches(await database.LookUpAsync((db, stop) => FindAsync(db, name, day, caller, stop), cancellationToken)));
    }

    private static async Task<List<WantedPerson>> FindAsync(
        PromethoideContext db, string name, DateOnly birthDate, Caller caller, CancellationToken stop)
    {
        var found = new List<WantedPerson>();
        await foreach (var person in db.Interpol.Where(person => person.BirthDate == birthDate)
            .OrderBy(person => person.Id)
            .AsAsyncEnumerable()
            .WithCancellation(stop))
        {
            if (PersonName.MayBeSame(name, person.Name) && found.Count < MostShown)
            {
                found.Add(person);
            }
        }

        if (found.Count > 0)
        {
            var documents = found.ConvertAll(person => person.Dni);
            await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO audit (actor, action, subject, outcome)
                SELECT {caller.Name}, {Actions.LookUp}, document, {Outcomes.PossibleMatch} FROM unnest({documents}) AS document
                """,
                stop);
        }

        return found;
    }
}
