#!/usr/bin/env bash
# Starts the whole monitored network: ./run.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/common.sh

usage() {
  cat <<'EOF'
Usage: ./run.sh [options]         installs what is missing, builds, and starts the network
       ./run.sh psql [ARGUMENT…]  opens PostgreSQL's terminal on the running network's database, as its owner
       ./run.sh reset [--yes]     deletes the data of a network that does not run

Everything else is the Aspire CLI's: dotnet aspire describe, logs, resource, start, stop, … (README.md, "Everyday").

Options:

EOF
}

data=${PROMETHOIDE_DATA:-.promethoide/data}
mark=promethoide.lock
volumes=(promethoide-postgres promethoide-prometheus promethoide-grafana promethoide-pushgateway)

# The container engine that responds.
engine() {
  local name
  for name in ${ASPIRE_CONTAINER_RUNTIME:-docker podman}; do
    if command -v "$name" >/dev/null && timeout 10 "$name" info >/dev/null 2>&1; then echo "$name"; return; fi
  done
  return 1
}

# As the AppHost will choose.
runs_processes() {
  local argument next=
  for argument in "$@"; do
    case $next$argument in
      --run=processes | run:processes) return 0 ;;
      --run=containers | run:containers) return 1 ;;
      --run) next=run: ;;
      *) next= ;;
    esac
  done
  local engine
  ! engine=$(engine) || { [ "$engine" = docker ] && docker_is_too_old; }
}

start() {
  need_dotnet
  if [[ " $* " != *" --help "* && " $* " != *" -h "* ]] && runs_processes "$@"; then install_packages "${components[@]}"; fi
  build Promethoide.AppHost
  exec dotnet run --project Promethoide.AppHost --configuration Release --no-build -- "$@"
}

open_psql() {
  [ -f "$data"/pg_service.conf ] || die "No network of this checkout runs. Start it: ./run.sh"
  command -v psql >/dev/null || die "psql is not installed. On Debian and Ubuntu: sudo apt-get install postgresql-client"
  PGSERVICEFILE="$data"/pg_service.conf PGSERVICE=promethoide exec psql "$@"
}

delete_data() {
  local folder='' found=() name
  [ $# = 0 ] || [ "$*" = --yes ] || die "reset takes --yes and nothing else."

  if [ -f "$data"/$mark ]; then
    folder=$(readlink -f "$data")
    [ -O "$folder" ] || die "$folder belongs to another user. Reset as that user."
    if command -v flock >/dev/null && ! flock --nonblock "$folder/$mark" true; then
      die "The network runs and uses $folder. Stop it first: Ctrl-C there, or dotnet aspire stop."
    fi
  elif [ -e "$data" ]; then
    die "$data is not a folder that Promethoide made: $mark is missing in it. Look at it and delete it yourself."
  fi
  local engine
  if engine=$(engine); then
    for name in "${volumes[@]}"; do
      "$engine" volume inspect "$name" >/dev/null 2>&1 || continue
      [ -z "$("$engine" ps --all --quiet --filter "volume=$name")" ] || die "A container uses the volume $name. Stop the network first: Ctrl-C there, or dotnet aspire stop."
      found+=("$name")
    done
  fi
  [ -n "$folder" ] || [ ${#found[@]} -gt 0 ] || { say "There is nothing to delete."; return; }

  say "This deletes, for good:"
  [ -z "$folder" ] || du -sh "$folder"/*/ 2>/dev/null | sed 's/^/  /' >&2
  for name in "${found[@]}"; do say "  the volume $name"; done
  say "What was downloaded and the stored passwords stay."
  if [ $# = 0 ]; then
    local answer
    read -r -p "Delete? [y/N] " answer || answer=
    [[ $answer = [yY]* ]] || die "Nothing was deleted."
  fi

  [ -z "$folder" ] || rm -rf "$folder"
  [ ! -L "$data" ] || rm "$data"
  [ ${#found[@]} = 0 ] || "$engine" volume rm "${found[@]}" >/dev/null
  say "Deleted."
}

case ${1:-} in
  psql) open_psql "${@:2}" ;;
  reset) delete_data "${@:2}" ;;
  -h | --help) usage; start --help ;;
  *) start "$@" ;;
esac
