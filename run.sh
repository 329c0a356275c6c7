#!/usr/bin/env bash
# Starts the whole monitored network: ./run.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/common.sh

usage() {
  cat <<'EOF'
Usage: ./run.sh [--aspire | --local] [--dashboard] [--preview] [arguments]

Starts the network: with Aspire when its packages restore and a container engine answers, else as plain processes (Local).

  --aspire     Aspire, whatever is found
  --local      plain processes, whatever is found
  --dashboard  with Local: get the Aspire dashboard from npm first (into .promethoide/)
  --preview    with Local: show the dashboards at Grafana's port where Grafana is not installed, drawn by its components (from npm, 420 MB)

All other arguments are passed on. Those of Local, which also has the commands status, stop, start, psql and reset:

EOF
}

way= dashboard= preview= help= arguments=()
for argument in "$@"; do
  case $argument in
    --aspire | --local) way=${argument#--} ;;
    --dashboard) dashboard=1 ;;
    --preview) preview=1 ;;
    -h | --help | '-?') help=1 ;;
    *) arguments+=("$argument") ;;
  esac
done

need_dotnet
program=artifacts/bin/Promethoide.Local/release/Promethoide.Local.dll

# These speak to a network that runs, so its program has been built.
case ${arguments[0]:-} in
  status | stop | start | psql | reset) [ -f $program ] && [ -z "$help" ] && exec dotnet $program "${arguments[@]}" ;;
esac

engine() {
  local name
  for name in docker podman; do
    if command -v $name >/dev/null && timeout 10 $name info >/dev/null 2>&1; then echo $name; return; fi
  done
  return 1
}

# What only Local understands.
local_only() {
  local argument
  [ -z "$dashboard$preview$help" ] || return 0
  for argument in ${arguments[@]+"${arguments[@]}"}; do
    case $argument in
      status | stop | start | psql | reset | --ephemeral | --until-healthy | --data | --data=* | --no-restart | --json) return 0 ;;
    esac
  done
  return 1
}

why=
if [ -z "$way" ]; then
  if local_only; then way=local
  elif ! engine >/dev/null; then way=local why="no container engine (docker, podman) answers"
  else
    choose_mode
    if [ "$WithAspire" = true ]; then way=aspire why="Aspire's packages restore and $(engine) answers"
    else way=local why="Aspire's packages cannot be restored here"; fi
  fi
fi

if [ "$way" = aspire ]; then
  [ -z "$why" ] || say "Starting with Aspire: $why."
  exec dotnet run --project Promethoide.AppHost -- ${arguments[@]+"${arguments[@]}"}
fi

[ -z "$why" ] || say "Starting as plain processes: $why."
choose_mode
log=$(mktemp)
dotnet build Promethoide.Local --configuration Release --verbosity quiet --nologo >"$log" 2>&1 || { cat "$log" >&2; die "The build failed."; }
rm -f "$log"

if [ -n "$help" ]; then
  usage
  exec dotnet $program --help
fi

install_packages "${components[@]}"

if [ -n "$dashboard" ]; then
  command -v npm >/dev/null || die "--dashboard needs npm (Debian: apt-get install npm), or the Aspire CLI on PATH."
  case $(uname -m) in x86_64) cli=linux-x64 ;; aarch64) cli=linux-arm64 ;; *) die "There is no Aspire CLI for $(uname -m)." ;; esac
  tool=.promethoide/aspire-cli
  if ! [ -x $tool/node_modules/@microsoft/aspire-cli-$cli/bin/aspire ]; then
    say "Getting the Aspire dashboard from npm."
    mkdir -p $tool
    npm install --silent --no-audit --no-fund --prefix $tool @microsoft/aspire-cli-$cli@13.5.4 >&2 || die "npm could not get the Aspire CLI."
  fi
  export PATH=$PWD/$tool/node_modules/@microsoft/aspire-cli-$cli/bin:$PATH
fi

if [ -n "$preview" ]; then
  if command -v grafana >/dev/null; then say "Grafana is installed and shows the dashboards: no preview is needed."
  else
    site=$(eng/dashboard-preview/build.sh)
    arguments+=(--preview "$site")
  fi
fi

exec dotnet $program ${arguments[@]+"${arguments[@]}"}
