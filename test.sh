#!/usr/bin/env bash
# Builds everything and runs all tests, with real components: ./test.sh [arguments for the test runner]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/common.sh

need_dotnet
install_packages "${components[@]}" chromium prometheus-alertmanager
choose_mode

dotnet build "$(solution)" --configuration Release --verbosity quiet --nologo

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
status=0
dotnet artifacts/bin/Promethoide.Tests/release/Promethoide.Tests.dll -noColor -result-xml "$results/results.xml" "$@" || status=$?

counts() { grep -o "<assembly [^>]*" "$results/results.xml" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ n += $1 } END { print n + 0 }'; }
[ -f "$results/results.xml" ] || die "The tests wrote no result (exit code $status)."
echo "$(counts passed) passed, $(($(counts failed) + $(counts errors))) failed, $(counts skipped) skipped"
exit $status
