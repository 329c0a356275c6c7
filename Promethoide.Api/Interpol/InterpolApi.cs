using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Promethoide.Api.Access;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;
using Promethoide.Documents;

namespace Promethoide.Api.Interpol;

/// <summary>The response for a wanted person.</summary>
public sealed record WantedPersonFound(string Message, WantedPerson Dni);

internal static class InterpolApi
{
    private const string Find = "SELECT id, name, dni, birth_date FROM interpol WHERE dni = $1";

    public static void AddInterpol(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<Hits>();

    public static void MapInterpol(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapDatabaseGroup("/dni").Requires(Scopes.LookUp | Scopes.Smoke).WithTags("Interpol");

        group.MapGet("/{dni}", CheckDniAsync)
            .WithName("check_dni")
            .WithSummary("Tells whether Interpol looks for the holder of a document")
            .WithDescription(
                "200 when the person is wanted, 404 when not. Dots, dashes, spaces, lower case and a label such as DNI do not matter.");
    }

    private static async Task<Results<
        Ok<WantedPersonFound>,
        Problem<DniNotFound>,
        Problem<InvalidRequest>,
        Problem<NotAllowed>>> CheckDniAsync(
        string dni,
        Caller caller,
        DatabaseAccess database,
        Hits hits,
        LookUpLog log,
        DomainMetrics metrics,
        CancellationToken cancellationToken)
    {
        var number = DocumentNumber.Normalise(dni);
        if (!DocumentNumber.CanBeLookedUp(number))
        {
            return InvalidFields.Result("dni", $"A document number has 1 to {DocumentNumber.MaximumLength} letters or digits.");
        }

        if (!caller.May(Scopes.LookUp) && !caller.RehearsesWith(number))
        {
            return new Problem<NotAllowed>("This key is for documents of the smoke test only.");
        }

        if (await database.FindAsync((db, stop) => db.FirstRowAsync(Find, Read, stop, Sql.Value(number)), cancellationToken)
            is not { } person)
        {
            log.Add(caller, number);
            return new Problem<DniNotFound>("DNI not found in interpol database");
        }

        await hits.KeepAsync(caller, number, cancellationToken);
        metrics.InterpolMatch();
        return TypedResults.Ok(new WantedPersonFound("DNI found in interpol database", person));
    }

    private static WantedPerson Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt32(0),
        Name = row.GetString(1),
        Dni = row.GetString(2),
        BirthDate = row.IsDBNull(3) ? null : row.GetFieldValue<DateOnly>(3),
    };
}
