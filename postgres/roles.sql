-- Promethoide's two roles, and the rights that everyone else loses. For psql (14 or later), run by a superuser (or the database's owner with CREATEROLE
-- and ADMIN on pg_monitor) against Promethoide's database, before the first migration:
--
--   PROMETHOIDE_API_PASSWORD=… PROMETHOIDE_MONITOR_PASSWORD=… psql -d promethoide -f postgres/roles.sql
--
-- Running it again sets the passwords to the ones given, and resets what the roles have set for themselves; with --set roles_are_known=1 the roles stay as they
-- are, for another database on the same server. The migrations create the tables and grant the API its rights on each.

\set ON_ERROR_STOP on

\set api_password ''
\getenv api_password PROMETHOIDE_API_PASSWORD
\set monitor_password ''
\getenv monitor_password PROMETHOIDE_MONITOR_PASSWORD

SELECT :'api_password' = '' AS no_api_password, :'monitor_password' = '' AS no_monitor_password \gset
\if :no_api_password
    DO $$ BEGIN RAISE EXCEPTION 'roles.sql: the environment variable PROMETHOIDE_API_PASSWORD is not set or empty'; END $$;
\endif
\if :no_monitor_password
    DO $$ BEGIN RAISE EXCEPTION 'roles.sql: the environment variable PROMETHOIDE_MONITOR_PASSWORD is not set or empty'; END $$;
\endif

BEGIN;

\if :{?roles_are_known}
\else
-- The API may log in; everything else is granted individually.
SELECT 'CREATE ROLE promethoide_api NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'promethoide_api') \gexec
-- The owner and the exporter can always connect, whatever the API's replicas do: three connections are the superuser's, five the exporter's.
SELECT greatest(10, current_setting('max_connections')::int - 15) AS api_connections \gset
ALTER ROLE promethoide_api LOGIN PASSWORD :'api_password' CONNECTION LIMIT :api_connections;

-- The exporter reads statistics, never tables, and cannot crowd out the API, however often it is scraped.
SELECT 'CREATE ROLE promethoide_monitor NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'promethoide_monitor') \gexec
ALTER ROLE promethoide_monitor LOGIN PASSWORD :'monitor_password' CONNECTION LIMIT 5;
GRANT pg_monitor TO promethoide_monitor;
-- A role can change its own settings and lock itself out that way. The migrations reset them at each start too.
ALTER ROLE promethoide_api RESET ALL;
ALTER ROLE promethoide_api IN DATABASE :"DBNAME" RESET ALL;
ALTER ROLE promethoide_monitor RESET ALL;
ALTER ROLE promethoide_monitor IN DATABASE :"DBNAME" RESET ALL;
-- Below the scrape timeout (10 s), so that a query ends once nobody waits for its result.
ALTER ROLE promethoide_monitor SET statement_timeout = '8s';
\endif

-- PUBLIC is every role on the server: no temporary tables, no objects in schema public, no connection.
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

GRANT CONNECT ON DATABASE :"DBNAME" TO promethoide_api, promethoide_monitor;
GRANT USAGE ON SCHEMA public TO promethoide_api;

-- Nor large objects, which nothing here uses; only a superuser may revoke these.
DO $$
BEGIN
    REVOKE EXECUTE ON FUNCTION lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea) FROM PUBLIC;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE LOG 'roles.sql: everybody may make large objects: %', SQLERRM;
END $$;

-- Nor other databases, on a server where nobody else logs in. On a shared one, its administrators decide.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname) FROM pg_database
WHERE datallowconn AND datname <> :'DBNAME' AND (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    AND NOT EXISTS (SELECT FROM pg_roles WHERE rolcanlogin AND rolname NOT IN (current_user, 'promethoide_api', 'promethoide_monitor')) \gexec

-- Statistics of statements, if the server has that module and this user may create it; otherwise the network does without.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_stat_statements') THEN
        CREATE SCHEMA IF NOT EXISTS statements;
        CREATE EXTENSION pg_stat_statements SCHEMA statements;
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO promethoide_monitor', (SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'pg_stat_statements'));
EXCEPTION WHEN OTHERS THEN
    RAISE LOG 'roles.sql: no statistics of statements: %', SQLERRM;
END $$;

COMMIT;
