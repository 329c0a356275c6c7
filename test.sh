#!/usr/bin/env bash
# Builds everything and runs all tests, with real components: ./test.sh [--containers] [--faults] [arguments for the test runner]
#   --containers   the network in containers too, as the AppHost and as compose starts it: installs Docker and starts it if no engine responds
#   --faults       only the drills of docs/reliability.md, in full, and a table of their figures: in containers if an engine responds
# Without --containers, containers are tested if an engine responds.
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

# The images are built from the components, so containers need nothing that is not here.
if [ -n "$containers" ]; then
  { (docker info >/dev/null 2>&1 || command -v dockerd >/dev/null || install_packages docker.io) && (compose || install_packages docker-compose) && start_engine; } || exit 1
fi

# Aspire refuses Debian 12's docker client, which is too old for it, and cannot build with one that lacks buildx. With eng/standins/client first on
# PATH, Debian's works.
if docker info >/dev/null 2>&1 && { docker_is_too_old || ! docker build --help 2>/dev/null | grep -e --progress >/dev/null; } && installed docker.io; then
  PATH=$PWD/eng/standins/client:$PATH
fi
docker info >/dev/null 2>&1 && compose || say "The container tests are left out: no container engine answers, or docker compose is missing."

build Promethoide.sln

if [ -n "$faults" ]; then
  export PROMETHOIDE_FAULTS_REPORT=$results/faults
  # If an engine restarts what dies, as on a server, the drills run on containers; otherwise on processes.
  if docker info >/dev/null 2>&1 && compose; then form=Deploy; else form=Faults; fi
  for drills in Faults.FullDiskTests Faults.MonitoringTests Api.BulkheadTests $form.DurabilityTests $form.OverloadTests Deploy.ReplicasTests.A_rolling_restart Deploy.ReplicasTests.A_replica_that_hangs; do
    arguments+=(-method "Promethoide.Tests.$drills*")
  done
fi

# Nothing under test runs long enough for profile-guided optimisation to pay off.
export DOTNET_TieredPGO=0

status=0
dotnet artifacts/bin/Promethoide.Tests/release/Promethoide.Tests.dll -noColor -result-xml "$results/results.xml" ${arguments[@]+"${arguments[@]}"} |
  tee "$results/output" || status=$?

[ -z "$faults" ] || { printf '| drill | figure | |\n|---|---|---|\n'; cat "$results/faults"; }
counts() { grep -o "<assembly [^>]*" "$results/results.xml" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }
[ -f "$results/results.xml" ] || die "The tests wrote no result (exit code $status)."
# Repeats what failed and why: thousands of lines later, nobody finds it. Lines with a brace are logs of what was tested.
grep -v '^{' "$results/output" | grep -A 20 ' \[FAIL\]$' | cut -c -500 || true
grep -o '<test [^>]* result="Fail"' "$results/results.xml" | sed 's/.* name="\([^"]*\)".*/Failed: \1/' || true
echo "$(counts passed) passed, $(($(counts failed) + $(counts errors))) failed, $(counts skipped) skipped"
exit $status
