#!/usr/bin/env bash
# Measures Promethoide on this machine: ./bench.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/common.sh

need_dotnet
install_packages "${components[@]}" wrk
choose_mode

log=$(mktemp)
dotnet build eng/bench/Bench --configuration Release --verbosity quiet --nologo >"$log" 2>&1 || { cat "$log" >&2; die "The build failed."; }
rm -f "$log"

exec dotnet artifacts/bin/Promethoide.Bench/release/Promethoide.Bench.dll "$@"
