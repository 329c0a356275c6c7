#!/usr/bin/env bash
# Measures Promethoide on this machine: ./bench.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. eng/common.sh

need_dotnet
install_packages "${components[@]}" wrk
build eng/bench/Bench

exec dotnet artifacts/bin/Promethoide.Bench/release/Promethoide.Bench.dll "$@"
