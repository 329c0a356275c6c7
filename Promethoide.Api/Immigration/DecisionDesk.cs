using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Promethoide.Api.Audit;
using Promethoide.Api.Data;

namespace Promethoide.Api.Immigration;

/// <summary>
/// Decides about a traveller and stores the decision in one statement, which is one transaction and one round trip. When several requests
/// register the same document and flight at once, the unique index lets exactly one in. A repeated request, concurrent or later, gets the
/// first one's answer.
/// </summary>
internal sealed class DecisionDesk(IOptions<ImmigrationOptions> options)
{
    // The parameters of the statement, in the order of Parameters.
    private const string Key = "$1";
    private const string Fingerprint = "$2";
    private const string Name = "$3";
    private const string Dni = "$4";
    private const string FlightNumber = "$5";
    private const string ArrivalDate = "$6";
    private const string Today = "$7";
    private const string Lodging = "$8";
    private const string DeclaredMoney = "$9";
    private const string StayDays = "$10";
    private const string CreatedAt = "$11";
    private const string Officer = "$12";
    private const string BirthDate = "$13";
    private const string Nationality = "$14";
    private const string RefusalReason = "$15";

    private static readonly string Statement = StatementWith(id: "", value: "", overriding: "");

    // A rehearsal must not use up an id: a rollback would not return it.
    private static readonly string Rehearsal = StatementWith(
        id: "id, ", value: "-1 - floor(random() * 9e18)::bigint, ", overriding: "OVERRIDING SYSTEM VALUE");

    private readonly ImmigrationOptions _options = options.Value;

    /// <summary>Makes the decision, or finds the earlier decision for this request.</summary>
    /// <param name="db">The database context.</param>
    /// <param name="application">The application.</param>
    /// <param name="key">The request's key; <see cref="IdempotencyKey"/>.</param>
    /// <param name="cancellationToken">Cancelled when the caller gives up.</param>
    public async Task<Decision> DecideAsync(PromethoideContext db, Application application, byte[] key, CancellationToken cancellationToken)
    {
        try
        {
            return await ExecuteAsync(db, Statement, application, key, cancellationToken);
        }
        catch (PostgresException exception)
            when (exception is { SqlState: PostgresErrorCodes.UniqueViolation, TableName: "decision_requests" })
        {
            // The same request was in progress and has finished.
            return await ExecuteAsync(db, Statement, application, key, cancellationToken);
        }
    }

    /// <summary>Runs everything and rolls it back.</summary>
    public async Task<Decision> RehearseAsync(
        PromethoideContext db, Application application, byte[] key, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var decision = await ExecuteAsync(db, Rehearsal, application, key, cancellationToken);
        await transaction.RollbackAsync(cancellationToken);
        return decision;
    }

    private async Task<Decision> ExecuteAsync(
        PromethoideContext db, string statement, Application application, byte[] key, CancellationToken cancellationToken)
    {
        DateOnly? arrival = null;
        return await db.FirstRowAsync(statement, ReadRow, cancellationToken, Parameters(application, key))
            ?? new Decision.Registered(await db.Immigration
                .Where(entry => entry.Dni == application.Dni
                    && entry.FlightNumber == application.FlightNumber
                    && entry.ArrivalDate == arrival)
                .OrderBy(entry => entry.AnnulledAt != null)
                .FirstAsync(cancellationToken));

        Decision? ReadRow(NpgsqlDataReader row)
        {
            arrival = row.IsDBNull(3) ? null : row.GetFieldValue<DateOnly>(3);
            return Read(row);
        }
    }

    /// <returns>Null when an entry already exists.</returns>
    private static Decision? Read(NpgsqlDataReader row)
    {
        var isSame = row.IsDBNull(2) ? (bool?)null : row.GetBoolean(2);
        return (isSame, row.IsDBNull(0), row.IsDBNull(1)) switch
        {
            (false, _, _) => new Decision.KeyReused(),
            (_, false, _) => new Decision.Refused(row.GetString(0)) { IsRepeated = isSame is true, IsFirst = row.GetBoolean(4) },
            (_, _, false) => new Decision.Admitted(row.GetInt64(1)) { IsRepeated = isSame is true, IsFirst = row.GetBoolean(4) },
            _ => null,
        };
    }

    private NpgsqlParameter[] Parameters(Application application, byte[] key) =>
    [
        Sql.Value(key),
        Sql.Value(application.Fingerprint()),
        Sql.Value(application.Name),
        Sql.Value(application.Dni),
        Sql.Value(application.FlightNumber),
        Sql.Value(application.ArrivalDate, NpgsqlDbType.Date),
        Sql.Value(DateOnly.FromDateTime(application.CreatedAt)),
        Sql.Value(application.Lodging, NpgsqlDbType.Text),
        Sql.Value(application.DeclaredMoney),
        Sql.Value(application.StayDays),
        Sql.Value(application.CreatedAt),
        Sql.Value(application.Officer, NpgsqlDbType.Text),
        Sql.Value(application.BirthDate, NpgsqlDbType.Date),
        Sql.Value(application.Nationality, NpgsqlDbType.Text),
        Sql.Value(application.RefusalReason(_options), NpgsqlDbType.Text),
    ];

    // Nothing is inserted for a registered document: the index would reject it, but only after an id has been used up.
    private static string StatementWith(string id, string value, string overriding) =>
        $"""
        WITH earlier AS (
            SELECT reason, entry_id, fingerprint = {Fingerprint} AS is_same FROM decision_requests WHERE key = {Key}
        ), flight AS (
            SELECT CASE WHEN {ArrivalDate} IS NULL
                THEN COALESCE(
                    (SELECT min(arrival_date) FROM flights WHERE flight_number = {FlightNumber} AND arrival_date >= {Today}),
                    (SELECT max(arrival_date) FROM flights WHERE flight_number = {FlightNumber}))
                ELSE (SELECT arrival_date FROM flights WHERE flight_number = {FlightNumber} AND arrival_date = {ArrivalDate})
            END AS arrival_date
        ), decision AS (
            SELECT arrival_date, CASE
                WHEN EXISTS (SELECT FROM interpol WHERE dni = {Dni}) THEN '{RefusalReasons.InterpolMatch}'
                WHEN arrival_date IS NULL THEN '{RefusalReasons.FlightNotFound}'
                ELSE {RefusalReason}
            END AS reason
            FROM flight WHERE NOT EXISTS (SELECT FROM earlier)
        ), refusal AS (
            INSERT INTO refusals (
                {id}name, dni, flight_number, arrival_date, lodging, declared_money, stay_days, reason, created_at, officer, birth_date,
                nationality) {overriding}
            SELECT {value}{Name}, {Dni}, {FlightNumber}, arrival_date, {Lodging}, {DeclaredMoney}, {StayDays}, reason, {CreatedAt},
                {Officer}, {BirthDate}, {Nationality}
            FROM decision WHERE reason IS NOT NULL
        ), admission AS (
            INSERT INTO immigration (
                {id}name, dni, flight_number, arrival_date, lodging, declared_money, stay_days, created_at, officer, birth_date,
                nationality) {overriding}
            SELECT {value}{Name}, {Dni}, {FlightNumber}, arrival_date, {Lodging}, {DeclaredMoney}, {StayDays}, {CreatedAt},
                {Officer}, {BirthDate}, {Nationality}
            FROM decision WHERE reason IS NULL AND NOT EXISTS (
                SELECT FROM immigration e
                WHERE e.dni = {Dni} AND e.flight_number = {FlightNumber} AND e.arrival_date = decision.arrival_date
                    AND e.annulled_at IS NULL)
            ON CONFLICT (dni, flight_number, arrival_date, annulled_at) DO NOTHING
            RETURNING id
        ), request AS (
            INSERT INTO decision_requests (key, fingerprint, reason, entry_id)
            SELECT {Key}, {Fingerprint}, reason, id FROM decision LEFT JOIN admission ON true WHERE reason IS NOT NULL OR id IS NOT NULL
        ), hit AS (
            INSERT INTO hits (officer, dni, decision)
            SELECT {Officer}, {Dni}, true FROM decision WHERE reason = '{RefusalReasons.InterpolMatch}'
        ), line AS (
            INSERT INTO audit (actor, action, subject, outcome)
            SELECT {Officer}, '{Actions.Decision}', {Dni},
                COALESCE(reason, CASE WHEN EXISTS (SELECT FROM admission) THEN 'admitted' ELSE 'already-registered' END)
            FROM decision
        )
        SELECT reason, entry_id, is_same, NULL::date, false FROM earlier
        UNION ALL
        SELECT reason, (SELECT id FROM admission), NULL, arrival_date,
            NOT EXISTS (
                SELECT FROM refusals r
                WHERE r.dni = {Dni} AND r.flight_number = {FlightNumber} AND r.arrival_date IS NOT DISTINCT FROM decision.arrival_date)
            AND NOT EXISTS (
                SELECT FROM immigration e
                WHERE e.dni = {Dni} AND e.flight_number = {FlightNumber} AND e.arrival_date = decision.arrival_date)
        FROM decision
        """;
}
