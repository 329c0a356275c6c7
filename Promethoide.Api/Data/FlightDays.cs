using Microsoft.EntityFrameworkCore.Migrations;

namespace Promethoide.Api.Data;

/// <summary>What the migration to flights by day does with the rows that are there.</summary>
internal static class FlightDays
{
    /// <summary>
    /// Gives decisions the day of the one flight that their number had; entries of a flight that has left the schedule, the day on which
    /// they were made.
    /// </summary>
    public static void Fill(MigrationBuilder migration) => migration.Sql(
        """
        UPDATE immigration e SET arrival_date = COALESCE(
            (SELECT f.arrival_date FROM flights f WHERE f.flight_number = e.flight_number), (e.created_at AT TIME ZONE 'UTC')::date);
        UPDATE refusals r SET arrival_date = f.arrival_date FROM flights f WHERE f.flight_number = r.flight_number;
        """);

    /// <summary>
    /// Lets the flights of the original's <c>init.sql</c> arrive from yesterday on for nine days, so that there is something to try. Where
    /// somebody has deleted or changed them, nothing comes.
    /// </summary>
    public static void Seed(MigrationBuilder migration) => migration.Sql(
        """
        INSERT INTO flights (flight_number, airline, origin, destination, departure_date, arrival_date)
        SELECT f.flight_number, f.airline, f.origin, f.destination, day - (f.arrival_date - f.departure_date), day
        FROM flights f
            JOIN (VALUES
                ('AA123', DATE '2023-10-15'), ('BA456', DATE '2023-11-01'), ('AF789', DATE '2023-10-20'), ('LH101', DATE '2023-12-06'),
                ('EK202', DATE '2023-09-28'))
                AS original (flight_number, arrival_date) USING (flight_number, arrival_date)
            CROSS JOIN LATERAL (SELECT current_date + n AS day FROM generate_series(-1, 7) AS n) AS days
        ORDER BY day, f.id
        """);
}
