# Shared by the scripts; to be sourced.

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# The components, by Debian's names, including what shows the dashboards without Grafana.
components=(postgresql prometheus prometheus-node-exporter prometheus-postgres-exporter prometheus-apache-exporter
  prometheus-blackbox-exporter prometheus-pushgateway prometheus-alertmanager apache2 mtail)
# NodeSource's npm, which comes with its nodejs, conflicts with Debian's.
command -v npm >/dev/null || components+=(nodejs npm)

need_dotnet() {
  command -v dotnet >/dev/null || die "The .NET 10 SDK is needed, and dotnet is not on PATH: https://dotnet.microsoft.com/download"
  dotnet --version >/dev/null 2>&1 || die "The .NET 10 SDK is needed; installed: $(dotnet --list-sdks | tr '\n' ' ')"
}

build() {
  say "Building; the first time packages are downloaded, which takes minutes."
  # A terminal shows the progress itself.
  local ticker=
  if ! [ -t 2 ]; then
    (while sleep 20; do say "Still building."; done) &
    ticker=$!
  fi
  dotnet build "$1" --configuration Release --verbosity minimal --nologo >&2 || { [ -z "$ticker" ] || kill "$ticker"; die "The build failed."; }
  [ -z "$ticker" ] || kill "$ticker"
}

# Aspire accepts no docker client before 25; Debian 12 has 20.10.
docker_is_too_old() { [ "$(docker --version | grep -o '[0-9]*' | head -n 1)" -lt 25 ]; }

# Docker compose of either generation.
compose() { docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null; }

# Starts a separate container engine for the tests if root may, and says why not if it may not. Stop it with stop_engine.
engine_folder=
start_engine() {
  docker info >/dev/null 2>&1 && return
  [ "$(id -u)" = 0 ] && command -v dockerd >/dev/null || { say "No container engine answers, and one can be started by root only, where dockerd is."; return 1; }
  engine_folder=$(mktemp -d)
  dockerd --host "${DOCKER_HOST:-unix:///var/run/docker.sock}" --data-root "$engine_folder/data" --exec-root "$engine_folder/exec" --pidfile "$engine_folder/pid" >"$engine_folder/log" 2>&1 &
  local i
  for i in $(seq 60); do
    sleep 0.5
    docker info >/dev/null 2>&1 && return
    [ -d "/proc/$!" ] || break
  done
  say "dockerd did not start: $(tail -n 1 "$engine_folder/log")"
  stop_engine
  return 1
}

stop_engine() {
  [ -n "$engine_folder" ] || return 0
  local pid
  if pid=$(cat "$engine_folder/pid" 2>/dev/null); then
    kill "$pid" 2>/dev/null || true
    while [ -d "/proc/$pid" ]; do sleep 0.2; done
  fi
  rm -rf "$engine_folder"
  engine_folder=
}

installed() { dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# Packages ask it whether they may start their services.
policy=/usr/sbin/policy-rc.d
policy_text=$'#!/bin/sh\n# Of a Promethoide that is installing packages.\nexit 101'

# Installs the missing ones of the Debian packages. Their own services are neither started nor enabled: Promethoide starts the programs itself.
install_packages() {
  command -v apt-get >/dev/null || return 0
  local package missing=()
  for package in "$@"; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -gt 0 ] || return 0

  local root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || die "Not installed: ${missing[*]}. Install them as root: apt-get install --no-install-recommends ${missing[*]}"
    root=(sudo)
  fi

  say "Installing: ${missing[*]}"
  # A dot for each package that is fetched or unpacked.
  dots() { tee "$log" | awk '/^(Get:|Unpacking )/ { printf "."; fflush() } END { print "" }' >&2; }
  local log failed=
  log=$(mktemp)
  # A subshell, which removes the policy however it ends. A policy left by a killed installation is ours too.
  (
    if ! [ -e "$policy" ] || [ "$(cat "$policy")" = "$policy_text" ]; then
      trap '"${root[@]}" rm -f "$policy"' EXIT
      trap 'exit 1' INT TERM HUP
      printf '%s\n' "$policy_text" | "${root[@]}" tee "$policy" >/dev/null
      "${root[@]}" chmod 755 "$policy"
    fi
    { "${root[@]}" apt-get update && "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"; } 2>&1 | dots
  ) || failed=1
  if [ -n "$failed" ]; then
    tail -n 20 "$log" >&2
    die "The packages could not be installed; the whole output: $log"
  fi
  rm -f "$log"
  if [ -d /run/systemd/system ]; then
    for package in "${missing[@]}"; do "${root[@]}" systemctl disable --quiet "$package" 2>/dev/null || true; done
  fi
}
