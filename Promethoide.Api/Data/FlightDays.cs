using Microsoft.EntityFrameworkCore.Migrations;

namespace Promethoide.Api.Data;

/// <summary>Converts existing rows in the migration to flights by day.</summary>
internal static class FlightDays
{
    /// <summary>
    /// Sets the arrival day of decisions to that of the only flight with their number; entries for flights no longer in the schedule get
    /// the day on which they were made.
    /// </summary>
    public static void Fill(MigrationBuilder migration) => migration.Sql(
        """
        UPDATE immigration e SET arrival_date = COALESCE(
            (SELECT f.arrival_date FROM flights f WHERE f.flight_number = e.flight_number), (e.created_at AT TIME ZONE 'UTC')::date);
        UPDATE refusals r SET arrival_date = f.arrival_date FROM flights f WHERE f.flight_number = r.flight_number;
        """);

    /// <summary>
    /// Makes the flights of the original's <c>init.sql</c> arrive on nine days, starting yesterday, so that there is data to try. Deleted
    /// or changed flights are left alone.
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
