using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;

namespace Promethoide.Api.Immigration;

/// <summary>
/// Decides about a traveller and keeps the decision, in one statement: it looks and writes in one transaction and in one round trip, and of many
/// who register the same document and flight at once the unique index lets exactly one in.
/// </summary>
internal sealed class DecisionDesk(IOptions<ImmigrationOptions> options)
{
    private const string Statement =
        $"""
        WITH decision AS (
            SELECT CASE
                WHEN EXISTS (SELECT FROM interpol WHERE dni = @dni) THEN '{RefusalReasons.InterpolMatch}'
                WHEN NOT EXISTS (SELECT FROM flights WHERE flight_number = @flight_number) THEN '{RefusalReasons.FlightNotFound}'
                ELSE @shortcoming
            END AS reason
        ), refusal AS (
            INSERT INTO refusals (name, dni, flight_number, lodging, declared_money, stay_days, reason, created_at, officer)
            SELECT @name, @dni, @flight_number, @lodging, @declared_money, @stay_days, reason, @created_at, @officer
            FROM decision WHERE reason IS NOT NULL
        ), admission AS (
            INSERT INTO immigration (name, dni, flight_number, lodging, declared_money, stay_days, created_at, officer)
            SELECT @name, @dni, @flight_number, @lodging, @declared_money, @stay_days, @created_at, @officer
            FROM decision WHERE reason IS NULL
            ON CONFLICT (dni, flight_number) DO NOTHING
            RETURNING id
        ), hit AS (
            INSERT INTO hits (officer, dni, decision)
            SELECT @officer, @dni, true FROM decision WHERE reason = '{RefusalReasons.InterpolMatch}'
        ), line AS (
            INSERT INTO audit (actor, action, subject, outcome)
            SELECT @officer, '{Actions.Decision}', @dni, COALESCE(reason, CASE WHEN EXISTS (SELECT FROM admission) THEN 'admitted' ELSE 'already-registered' END)
            FROM decision
        )
        SELECT reason, (SELECT id FROM admission) FROM decision
        """;

    private readonly ImmigrationOptions _options = options.Value;

    /// <summary>Takes the decision.</summary>
    /// <param name="db">Where it is kept.</param>
    /// <param name="application">What it is about.</param>
    /// <param name="smoke">Everything is done and then rolled back.</param>
    /// <param name="again">The connection broke at an earlier try, maybe after its commit: the decision may be there already.</param>
    /// <param name="cancellationToken">Nobody waits for it any longer.</param>
    public async Task<Decision> DecideAsync(
        PromethoideContext db, Application application, bool smoke, bool again, CancellationToken cancellationToken)
    {
        if (smoke)
        {
            return await RehearseAsync(db, application, cancellationToken);
        }

        return (again ? await FindTakenAsync(db, application, cancellationToken) : null) ?? await TakeAsync(db, application, cancellationToken);
    }

    private async Task<Decision> RehearseAsync(PromethoideContext db, Application application, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var decision = await TakeAsync(db, application, cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        return decision;
    }

    private async Task<Decision> TakeAsync(PromethoideContext db, Application application, CancellationToken cancellationToken)
    {
        if (await ExecuteAsync(db, application, cancellationToken) is { } decision)
        {
            return decision;
        }

        return new Decision.Registered(await db.Immigration
            .FirstAsync(entry => entry.Dni == application.Dni && entry.FlightNumber == application.FlightNumber, cancellationToken));
    }

    /// <returns>Null when there is an entry already.</returns>
    private async Task<Decision?> ExecuteAsync(PromethoideContext db, Application application, CancellationToken cancellationToken) => await db.FirstRowAsync(
        Statement,
        row => row.IsDBNull(0) ? row.IsDBNull(1) ? null : new Decision.Admitted(row.GetInt32(1)) : (Decision?)new Decision.Refused(row.GetString(0)),
        cancellationToken,
        new NpgsqlParameter<string>("name", application.Name),
        new NpgsqlParameter<string>("dni", application.Dni),
        new NpgsqlParameter<string>("flight_number", application.FlightNumber),
        new NpgsqlParameter<string?>("lodging", application.Lodging) { NpgsqlDbType = NpgsqlDbType.Text },
        new NpgsqlParameter<decimal>("declared_money", application.DeclaredMoney),
        new NpgsqlParameter<int>("stay_days", application.StayDays),
        new NpgsqlParameter<DateTime>("created_at", application.CreatedAt),
        new NpgsqlParameter<string?>("officer", application.Officer) { NpgsqlDbType = NpgsqlDbType.Text },
        new NpgsqlParameter<string?>("shortcoming", application.Shortcoming(_options)) { NpgsqlDbType = NpgsqlDbType.Text });

    /// <summary>The decision that the database has for this application: document, flight and the instant tell it from all others.</summary>
    private static async Task<Decision?> FindTakenAsync(
        PromethoideContext db, Application application, CancellationToken cancellationToken)
    {
        var admitted = await db.Immigration.OfApplication(application).Select(entry => (int?)entry.Id).FirstOrDefaultAsync(cancellationToken);
        if (admitted is { } id)
        {
            return new Decision.Admitted(id);
        }

        var reason = await db.Refusals.OfApplication(application).Select(refusal => refusal.Reason).FirstOrDefaultAsync(cancellationToken);
        return reason is null ? null : new Decision.Refused(reason);
    }
}
