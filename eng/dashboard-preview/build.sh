#!/usr/bin/env bash
# Builds the page that draws the dashboards without Grafana, and prints its folder: eng/dashboard-preview/build.sh
# Packages (420 MB) and page lie in .promethoide/; both are made anew only when what they come from has changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. ../common.sh

command -v node >/dev/null && command -v npm >/dev/null || die "The preview of the dashboards needs Node.js and npm (Debian: apt-get install nodejs npm)."

mkdir -p ../../.promethoide/dashboard-preview
folder=$(cd ../../.promethoide/dashboard-preview && pwd -P)
modules=$folder/node_modules

if ! cmp -s package-lock.json "$folder/package-lock.json" || ! [ -e "$modules/.package-lock.json" ]; then
  say "Getting Grafana's components from npm (420 MB)."
  cp package.json package-lock.json .npmrc "$folder"
  npm ci --silent --prefix "$folder" >&2 || die "npm could not get them."
fi

if ! [ -e "$folder/site/index.html" ] || [ -n "$(find src build.sh "$folder/package-lock.json" -newer "$folder/site/index.html")" ]; then
  rm -rf "$folder/site"
  NODE_PATH=$modules "$modules/.bin/esbuild" src/main.jsx --bundle --minify --format=esm --target=es2022 --jsx=automatic --outdir="$folder/site" \
    --loader:.ttf=dataurl --loader:.woff=dataurl --loader:.woff2=dataurl --loader:.svg=dataurl --loader:.png=dataurl \
    --define:global=window '--define:process.env.NODE_ENV="production"' --log-level=warning >&2 || die "The page could not be built."
  mkdir -p "$folder/site/public/build/img"
  cp -r "$modules/@grafana/ui/dist/public/img/icons" "$folder/site/public/build/img/"
  mkdir -p "$folder/site/public/fonts/inter"
  cp "$modules/@fontsource/inter/files/inter-latin-400-normal.woff2" "$folder/site/public/fonts/inter/Inter-Regular.woff2"
  cp "$modules/@fontsource/inter/files/inter-latin-500-normal.woff2" "$folder/site/public/fonts/inter/Inter-Medium.woff2"
  cp src/index.html "$folder/site/index.html"
fi

echo "$folder/site"
