using Microsoft.EntityFrameworkCore.Migrations;

namespace Promethoide.Api.Data;

/// <summary>The rights of the API's role: read the data behind decisions, add decisions, and nothing else.</summary>
internal static class Grants
{
    /// <summary>The role that the API connects as; <c>postgres/roles.sql</c> creates it.</summary>
    public const string ApiRole = "promethoide_api";

    /// <summary>The role that the exporter connects as.</summary>
    public const string MonitorRole = "promethoide_monitor";

    public static void Give(MigrationBuilder migration) => migration.Sql(
        $"""
        GRANT SELECT ON interpol, flights, immigration, refusals TO {ApiRole};
        GRANT INSERT ON immigration, refusals TO {ApiRole};
        """);

    /// <summary>
    /// Rights on officers, sessions and keys, which the API manages, and on the audit log: the API can add to it but not read it. It
    /// removes old lines with a function of the owner's, which knows the retention period.
    /// </summary>
    public static void GiveAccess(MigrationBuilder migration) => migration.Sql(
        $"""
        GRANT SELECT, INSERT, UPDATE, DELETE ON officers TO {ApiRole};
        GRANT SELECT, INSERT, DELETE, UPDATE (last_seen_at) ON sessions TO {ApiRole};
        GRANT SELECT, DELETE ON sign_in_links TO {ApiRole};
        GRANT SELECT, INSERT, UPDATE (revoked_at) ON api_keys TO {ApiRole};
        GRANT SELECT, INSERT ON hits TO {ApiRole};
        GRANT INSERT ON audit TO {ApiRole};

        CREATE TABLE audit_retention (days integer NOT NULL CHECK (days BETWEEN 30 AND 3650));
        INSERT INTO audit_retention VALUES (365);
        CREATE FUNCTION prune_audit() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS
            $$ DELETE FROM public.audit WHERE at < now() - make_interval(days => (SELECT days FROM public.audit_retention)) $$;
        REVOKE ALL ON FUNCTION prune_audit() FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION prune_audit() TO {ApiRole};
        """);

    /// <summary>Rights for annulments: the API cannot change an entry, but a function of the owner's annuls it once and for good.</summary>
    public static void GiveAnnulment(MigrationBuilder migration) => migration.Sql(
        $"""
        CREATE FUNCTION annul_entry(entry bigint, officer text, reason text) RETURNS boolean
            LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS
            $$
                WITH annulled AS (
                    UPDATE public.immigration SET annulled_at = now(), annulled_by = $2, annulment_reason = $3
                    WHERE id = $1 AND annulled_at IS NULL RETURNING id
                )
                SELECT EXISTS (SELECT FROM annulled)
            $$;
        REVOKE ALL ON FUNCTION annul_entry(bigint, text, text) FROM PUBLIC;
        GRANT EXECUTE ON FUNCTION annul_entry(bigint, text, text) TO {ApiRole};
        """);

    /// <summary>Rights on the requests behind decisions, which are kept for a day.</summary>
    public static void GiveDecisionRequests(MigrationBuilder migration) =>
        migration.Sql($"GRANT SELECT, INSERT, DELETE ON decision_requests TO {ApiRole};");
}
