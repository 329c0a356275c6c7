using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Interpol;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;

namespace Promethoide.Api.Immigration;

/// <summary>The answer about a traveller who is admitted.</summary>
/// <param name="Message">That it is done.</param>
/// <param name="Id">Of the new entry; absent after a smoke request, which leaves none.</param>
public sealed record EntryCreated(string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Id = null);

internal static class CreateEntry
{
    public static async Task<Results<
        Created<EntryCreated>,
        Problem<InterpolMatch>,
        Problem<FlightNotFound>,
        Problem<LodgingRequired>,
        Problem<InsufficientMoney>,
        Problem<AlreadyRegistered>>> HandleAsync(
        EntryRequest request,
        Caller caller,
        HttpRequest http,
        DatabaseAccess database,
        DecisionDesk desk,
        DomainMetrics metrics,
        IOptions<ImmigrationOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var application = request.ToApplication(time.GetUtcNow().UtcDateTime, caller.Name);
        var smoke = request.Smoke ?? false;

        var decision = await database.AskAsync(
            (db, attempt, stop) => desk.DecideAsync(db, application, smoke, again: attempt > 1, stop), cancellationToken);
        if (!smoke)
        {
            Count(decision, metrics);
        }

        return decision switch
        {
            Decision.Admitted when smoke => TypedResults.Created((string?)null, new EntryCreated("Test passed")),
            // Apache's /api is in PathBase: the client gets an address that it can follow.
            Decision.Admitted(var id) => TypedResults.Created(
                $"{http.PathBase}/immigration/{id}", new EntryCreated("Immigration entry created successfully", id)),
            Decision.Registered(var entry) => new Problem<AlreadyRegistered>("This document is already registered for this flight.")
            {
                Id = entry.Id,
                Entry = caller.Session is null ? null : entry,
            },
            Decision.Refused(RefusalReasons.InterpolMatch) => new Problem<InterpolMatch>("This person is wanted by Interpol."),
            Decision.Refused(RefusalReasons.FlightNotFound) => new Problem<FlightNotFound>("Flight not found"),
            Decision.Refused(RefusalReasons.LodgingRequired) => new Problem<LodgingRequired>("Lodging is required."),
            Decision.Refused(RefusalReasons.InsufficientMoney) => new Problem<InsufficientMoney>(string.Create(
                CultureInfo.InvariantCulture,
                $"The declared money is not enough: this stay requires {options.Value.RequiredMoney(application.StayDays):0.00}.")),
            _ => throw new InvalidOperationException($"Unknown decision {decision}."),
        };
    }

    /// <summary>Lets the smoke test's key rehearse, with documents that nobody has, and do nothing else.</summary>
    public static ValueTask<object?> RehearseOnlyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.User is Caller caller && !caller.May(Scopes.Decide)
        && !(context.GetArgument<EntryRequest>(0) is { Smoke: true, Dni: { } dni } && caller.RehearsesWith(DocumentNumber.Normalise(dni)))
            ? ValueTask.FromResult<object?>(new Problem<NotAllowed>("This key is for requests of the smoke test only."))
            : next(context);

    private static void Count(Decision decision, DomainMetrics metrics)
    {
        switch (decision)
        {
            case Decision.Admitted:
                metrics.Admitted();
                break;
            case Decision.Refused(var reason):
                metrics.Refused(reason);
                if (reason == RefusalReasons.InterpolMatch)
                {
                    metrics.InterpolMatch();
                }

                break;
        }
    }
}
