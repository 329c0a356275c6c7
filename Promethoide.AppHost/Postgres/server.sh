#!/usr/bin/env bash
# PostgreSQL as a process: does what the official image does in a container, with the same variables.
#   server.sh BINARIES FOLDER ROLES PORT [OPTION...]
# FOLDER holds the data. If there are none, creates them, the database POSTGRES_DB of POSTGRES_USER, and the roles (the script ROLES): all of it or nothing.
set -euo pipefail
export LC_ALL=C.UTF-8
binaries=$1 folder=$2 roles=$3 port=$4
shift 4
# Independent of the caller's umask and current folder.
umask 077
cd /

# PostgreSQL refuses to run as root: its programs run as user postgres, who owns the folder. They end with this script, however it ends.
as=(setpriv --pdeathsig INT)
if [ "$(id -u)" = 0 ]; then
  as+=(--reuid=postgres --regid=postgres --init-groups)
  chown -R postgres: "$folder"
fi

server=
stopping=
# SIGTERM would wait for clients to disconnect ("smart"); SIGINT ends their sessions and writes everything to disk ("fast").
stop() {
  stopping=1
  [ -z "$server" ] || kill -INT "$server" 2>/dev/null || true
}
trap stop TERM INT HUP

# start PROGRAM ARGUMENT...: runs it in the background, so that this script can stop it.
start() {
  [ -z "$stopping" ] || exit 0
  "${as[@]}" "$binaries/$1" "${@:2}" &
  server=$!
}

# Waits until it has ended. A trapped signal ends wait, not the server.
finish() {
  local status=0
  wait "$server" || status=$?
  while [ -d "/proc/$server" ]; do wait "$server" || status=$?; done
  server=
  [ -z "$stopping" ] || exit 0
  return "$status"
}

prepare() {
  local new=$folder/new password=$folder/password sockets
  rm -rf "$new" "$password"
  printf '%s\n' "$POSTGRES_PASSWORD" >"$password"
  # On a socket only: nobody may connect over TCP before the roles exist. Under /tmp, since a socket's path has to be short.
  sockets=$(mktemp -d)
  trap "rm -rf ${sockets@Q} ${password@Q}" EXIT
  [ "$(id -u)" != 0 ] || chown postgres: "$password" "$sockets"
  # A failing statement is shown, except the one with the password.
  start initdb --pgdata "$new" --username "$POSTGRES_USER" --pwfile "$password" --auth scram-sha-256 --encoding UTF8 --locale C.UTF-8 --no-sync --no-instructions 2> >(sed '/PASSWORD/d' >&2)
  finish
  rm "$password"

  start postgres -D "$new" -p "$port" -c listen_addresses= -c unix_socket_directories="$sockets" -c fsync=off -c log_min_error_statement=panic
  export PGHOST=$sockets PGPORT=$port PGUSER=$POSTGRES_USER PGPASSWORD=$POSTGRES_PASSWORD
  until "$binaries/pg_isready" --quiet; do
    [ -d "/proc/$server" ] || { finish; exit 1; }
    sleep 0.05
  done
  local psql=("$binaries/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1)
  [ "$POSTGRES_DB" = postgres ] || "${psql[@]}" --dbname postgres --set name="$POSTGRES_DB" <<<'CREATE DATABASE :"name"'
  # Not as an argument: a name with = in it would be taken for a whole connection string.
  PGDATABASE=$POSTGRES_DB "${psql[@]}" --file "$roles"
  unset PGHOST PGPORT PGUSER PGPASSWORD
  kill -INT "$server"
  finish
  rm -rf "$sockets"
  sync "$new"
  mv "$new" "$folder/data"
}

# Waits for a server that has lost its script and is still shutting down: PostgreSQL refuses to start beside it.
await_predecessor() {
  local id waited
  read -r id 2>/dev/null <"$folder/data/postmaster.pid" || return 0
  for ((waited = 0; waited < 300; waited++)); do
    [ "$(cat "/proc/$id/comm" 2>/dev/null)" = postgres ] || break
    sleep 0.1
  done
}

# Statistics for each statement, if the module is installed: beside the programs on Debian, or in the system's library folder.
statements=()
for library in "${binaries%/bin}"/lib{,64}{,/postgresql,/pgsql}/pg_stat_statements.so; do
  if [ -e "$library" ]; then
    # Utility commands are not tracked: ALTER ROLE contains a password.
    statements=(-c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track_utility=off)
  fi
done

[ -s "$folder/data/PG_VERSION" ] || prepare
await_predecessor
start postgres -D "$folder/data" -p "$port" "${statements[@]}" -c listen_addresses=127.0.0.1 -c unix_socket_directories= "$@"
finish
