#!/usr/bin/env bash
# Builds the page that draws the dashboards without Grafana, and serves it; see serve.mjs for the environment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# With job control the build is a group of processes of its own. It is killed, since npm goes on for seconds after a SIGTERM; the next build begins again.
set -m
built=$(mktemp)
trap 'kill -KILL %./build.sh 2>/dev/null; rm -f "$built"; exit 143' TERM INT HUP
./build.sh >"$built" &
wait $! || { rm -f "$built"; exit 1; }
trap - TERM INT HUP
site=$(cat "$built")
rm -f "$built"
exec node serve.mjs "$site"
