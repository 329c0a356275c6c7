#!/usr/bin/env bash
# Builds everything and runs all tests, with real components: ./test.sh [--containers] [--faults] [arguments for the test runner]
#   --containers   the network in containers too, as the AppHost and as compose starts it: installs Docker and starts it where none answers
#   --faults       only the drills of docs/reliability.md, all of each, and a table of their figures: in containers where an engine answers
# Without it, containers are tested where an engine answers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/common.sh

containers= faults= arguments=()
for argument in "$@"; do
  case $argument in
    --containers) containers=yes ;;
    --faults) faults=yes ;;
    *) arguments+=("$argument") ;;
  esac
done

need_dotnet
install_packages "${components[@]}" chromium-headless-shell unzip
results=$(mktemp -d)
trap 'stop_engine; rm -rf "$results"' EXIT

# The images are made from the components, so containers need nothing that is not here.
if [ -n "$containers" ]; then
  { (docker info >/dev/null 2>&1 || command -v dockerd >/dev/null || install_packages docker.io) && (compose || install_packages docker-compose) && start_engine; } || exit 1
fi

# Aspire refuses Debian 12's docker client, which is too old for it, and builds nothing with one that lacks buildx. With eng/standins/client before it on
# PATH, Debian's will do.
if docker info >/dev/null 2>&1 && { docker_is_too_old || ! docker build --help 2>/dev/null | grep -e --progress >/dev/null; } && installed docker.io; then
  PATH=$PWD/eng/standins/client:$PATH
fi
docker info >/dev/null 2>&1 && compose || say "The container tests are left out: no container engine answers, or docker compose is missing."

build Promethoide.sln

if [ -n "$faults" ]; then
  export PROMETHOIDE_FAULTS_REPORT=$results/faults
  # Where an engine starts again what dies, as on a server, the drills are of containers; else of processes.
  if docker info >/dev/null 2>&1 && compose; then form=Deploy; else form=Faults; fi
  for drills in Faults.FullDiskTests Faults.MonitoringTests Api.BulkheadTests $form.DurabilityTests $form.OverloadTests Deploy.ReplicasTests.A_rolling_restart Deploy.ReplicasTests.A_replica_that_hangs; do
    arguments+=(-method "Promethoide.Tests.$drills*")
  done
fi

# Nothing under test runs for so long that what the runtime learns of it would pay.
export DOTNET_TieredPGO=0

status=0
dotnet artifacts/bin/Promethoide.Tests/release/Promethoide.Tests.dll -noColor -result-xml "$results/results.xml" ${arguments[@]+"${arguments[@]}"} |
  tee "$results/output" || status=$?

[ -z "$faults" ] || { printf '| drill | figure | |\n|---|---|---|\n'; cat "$results/faults"; }
counts() { grep -o "<assembly [^>]*" "$results/results.xml" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }
[ -f "$results/results.xml" ] || die "The tests wrote no result (exit code $status)."
# What failed, and why, again: thousands of lines after it, nobody finds it. Lines with a brace are logs of what was tested.
grep -v '^{' "$results/output" | grep -A 20 ' \[FAIL\]$' | cut -c -500 || true
grep -o '<test [^>]* result="Fail"' "$results/results.xml" | sed 's/.* name="\([^"]*\)".*/Failed: \1/' || true
echo "$(counts passed) passed, $(($(counts failed) + $(counts errors))) failed, $(counts skipped) skipped"
exit $status
