using Npgsql;

namespace Promethoide.Api.Data;

internal static class DatabaseFailure
{
    /// <summary>
    /// True when the server was unreachable or unavailable (starting, stopping, full, refusing the log-in); false for errors of the
    /// statement itself, which a retry does not fix.
    /// </summary>
    public static bool IsUnavailable(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case PostgresException postgres:
                    return postgres.IsTransient || postgres.SqlState[..2] is
                        "08" // connection
                        or "28" // authorization
                        or "3D" // no such database
                        or "53" // out of resources
                        or "57"; // stopped by an operator
                case NpgsqlException or TimeoutException:
                    return true;
            }
        }

        return false;
    }
}
