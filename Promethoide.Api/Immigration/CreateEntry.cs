using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Promethoide.Api.Access;
using Promethoide.Api.Data;
using Promethoide.Api.Metrics;
using Promethoide.Api.Problems;
using Promethoide.Documents;
using Refusals = Microsoft.AspNetCore.Http.HttpResults.Results<
    Promethoide.Api.Problems.Problem<Promethoide.Api.Problems.InterpolMatch>,
    Promethoide.Api.Problems.Problem<Promethoide.Api.Problems.FlightNotFound>,
    Promethoide.Api.Problems.Problem<Promethoide.Api.Problems.LodgingRequired>,
    Promethoide.Api.Problems.Problem<Promethoide.Api.Problems.InsufficientMoney>>;

namespace Promethoide.Api.Immigration;

/// <summary>The response for an admitted traveller.</summary>
/// <param name="Message">Confirms the admission.</param>
/// <param name="Id">The new entry's id; absent after a smoke request, which stores none.</param>
public sealed record EntryCreated(string Message, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Id = null);

internal static class CreateEntry
{
    public static async Task<Results<
        Created<EntryCreated>,
        Refusals,
        Problem<AlreadyRegistered>,
        Problem<IdempotencyKeyReused>,
        Problem<InvalidRequest>>> HandleAsync(
        EntryRequest request,
        [FromHeader(Name = IdempotencyKey.Header)]
        [Description(
            "Made up by the client, the same when it sends the request again: within a day it gets the same answer, and nothing is "
            + "decided twice.")]
        string? idempotencyKey,
        Caller caller,
        HttpRequest http,
        DatabaseAccess database,
        DecisionDesk desk,
        DomainMetrics metrics,
        IOptions<ImmigrationOptions> options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (!IdempotencyKey.TryRead(idempotencyKey, caller.Name, out var key))
        {
            return InvalidFields.Result(
                IdempotencyKey.Header, $"A key has 1 to {IdempotencyKey.MaximumLength} printable ASCII characters.");
        }

        var application = request.ToApplication(time.GetUtcNow().UtcDateTime, caller.Name);
        var smoke = request.Smoke ?? false;

        var attempts = 0;
        var decision = await database.ExecuteAsync(
            (db, attempt, stop) =>
            {
                attempts = attempt;
                return smoke ? desk.RehearseAsync(db, application, key, stop) : desk.DecideAsync(db, application, key, stop);
            },
            cancellationToken);
        // A decision of an earlier request was already counted; one of an earlier attempt at this request was not.
        if (!smoke && (!decision.IsRepeated || attempts > 1))
        {
            Count(decision, metrics);
        }

        return decision switch
        {
            Decision.Admitted when smoke => TypedResults.Created((string?)null, new EntryCreated("Test passed")),
            // PathBase contains Apache's /api, so the client can follow the address.
            Decision.Admitted(var id) => TypedResults.Created(
                $"{http.PathBase}/immigration/{id}", new EntryCreated("Immigration entry created successfully", id)),
            Decision.Registered(var entry) => new Problem<AlreadyRegistered>("This document is already registered for this flight.")
            {
                Id = entry.Id,
                Entry = caller.Session is null ? null : entry,
            },
            Decision.Refused(var reason) => Refusal(reason, application, options.Value),
            Decision.KeyReused =>
                new Problem<IdempotencyKeyReused>("This idempotency key was used for another application. Give each its own."),
            _ => throw new InvalidOperationException($"Unknown decision {decision}."),
        };
    }

    private static Refusals Refusal(string reason, Application application, ImmigrationOptions options) => reason switch
    {
        RefusalReasons.InterpolMatch => new Problem<InterpolMatch>("This person is wanted by Interpol."),
        RefusalReasons.FlightNotFound => new Problem<FlightNotFound>("Flight not found"),
        RefusalReasons.LodgingRequired => new Problem<LodgingRequired>("Lodging is required."),
        RefusalReasons.InsufficientMoney => TooLittle(options.RequiredMoney(application.StayDays)),
        _ => throw new InvalidOperationException($"Unknown reason {reason}."),
    };

    private static Problem<InsufficientMoney> TooLittle(decimal required) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The declared money is not enough: this stay requires {required:0.00}."))
        {
            RequiredMoney = required,
        };

    /// <summary>Lets the smoke test's key rehearse with documents that belong to nobody, and do nothing else.</summary>
    public static ValueTask<object?> RehearseOnlyAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.User is Caller caller && !caller.May(Scopes.Decide)
        && !(context.GetArgument<EntryRequest>(0) is { Smoke: true, Dni: { } dni } && caller.RehearsesWith(DocumentNumber.Normalise(dni)))
            ? ValueTask.FromResult<object?>(new Problem<NotAllowed>("This key is for requests of the smoke test only."))
            : next(context);

    private static void Count(Decision decision, DomainMetrics metrics)
    {
        if (decision.IsFirst)
        {
            metrics.Traveller();
        }

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
