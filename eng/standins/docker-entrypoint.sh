#!/bin/bash
# Does with Debian's PostgreSQL what the official image's entry point does with its own, as far as Promethoide uses it.
set -eo pipefail
# Options alone are the server's, as in the official image.
[ "${1:0:1}" != - ] || set -- postgres "$@"
shopt -s nullglob
[ "$1" = postgres ] || exec "$@"

if [ "$(id -u)" = 0 ]; then
  mkdir -p "$PGDATA" /var/run/postgresql
  chown -R postgres:postgres "$(dirname "$(dirname "$PGDATA")")" /var/run/postgresql
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "$0" "$@"
fi

chmod 700 "$PGDATA"
if ! [ -s "$PGDATA/PG_VERSION" ]; then
  : "${POSTGRES_PASSWORD:?is not set, and the volume is new}" "${POSTGRES_USER:=postgres}" "${POSTGRES_DB:=$POSTGRES_USER}"
  eval "initdb --username=\"\$POSTGRES_USER\" --pwfile=<(printf '%s\n' \"\$POSTGRES_PASSWORD\") $POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >>"$PGDATA/pg_hba.conf"
  export PGPASSWORD=$POSTGRES_PASSWORD PGUSER=$POSTGRES_USER PGPORT=5432
  pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p 5432 -k /var/run/postgresql" -w start
  [ "$POSTGRES_DB" = postgres ] || psql -h /var/run/postgresql -v ON_ERROR_STOP=1 -d postgres -c "CREATE DATABASE \"$POSTGRES_DB\""
  for script in /docker-entrypoint-initdb.d/*.sql; do
    psql -h /var/run/postgresql -v ON_ERROR_STOP=1 --no-psqlrc -d "$POSTGRES_DB" -f "$script"
  done
  pg_ctl -D "$PGDATA" -m fast -w stop
  unset PGPASSWORD PGUSER PGPORT
fi

exec "$@" -c listen_addresses='*' -k /var/run/postgresql
