#!/usr/bin/env bash
# Builds the page that draws the dashboards without Grafana, and serves it; see serve.mjs for the environment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# The build is a group of processes of its own, so that whoever ends this script ends npm too.
set -m
built=$(mktemp)
./build.sh >"$built" &
build=$!
trap 'kill -TERM -- -$build 2>/dev/null; rm -f "$built"; exit 143' TERM INT HUP
wait $build || { rm -f "$built"; exit 1; }
trap - TERM INT HUP
site=$(cat "$built")
rm -f "$built"
exec node serve.mjs "$site"
