#!/usr/bin/env bash
# Builds the page that draws the dashboards without Grafana, and prints its folder: eng/dashboard-preview/build.sh
# Packages (420 MB) and page lie in PREVIEW_CACHE, by default .promethoide/dashboard-preview; both are rebuilt only when their sources change.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

command -v node >/dev/null && command -v npm >/dev/null || die "The preview of the dashboards needs Node.js and npm (Debian: apt-get install nodejs npm)."

folder=${PREVIEW_CACHE:-../../.promethoide/dashboard-preview}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd -P)
modules=$folder/node_modules

# One at a time: several networks of one checkout share the folder.
exec 9>"$folder/lock"
flock --nonblock 9 || { say "Waiting for another build of the page."; flock 9; }

# package-lock.json is put there last: a download that was interrupted is begun again.
if ! cmp -s package-lock.json "$folder/package-lock.json" || ! [ -e "$modules/.package-lock.json" ]; then
  say "Getting Grafana's components from npm (420 MB)..."
  rm -rf "$folder/npm" "$folder/package-lock.json"
  mkdir "$folder/npm"
  cp package.json package-lock.json .npmrc "$folder/npm"
  npm ci --loglevel=error --prefix "$folder/npm" >&2 || die "npm could not get them: see the lines above, and whether npm reaches its registry."
  rm -rf "$modules"
  mv "$folder/npm/node_modules" "$folder/npm/package-lock.json" "$folder"
  rm -rf "$folder/npm"
fi

if ! [ -e "$folder/site/index.html" ] || [ -n "$(find src build.sh compress.mjs "$folder/package-lock.json" -newer "$folder/site/index.html")" ]; then
  say "Building the page..."
  new=$folder/site.new
  rm -rf "$new"
  NODE_PATH=$modules "$modules/.bin/esbuild" src/main.jsx --bundle --minify --format=esm --target=es2022 --jsx=automatic --outdir="$new" \
    --loader:.ttf=dataurl --loader:.woff=dataurl --loader:.woff2=dataurl --loader:.svg=dataurl --loader:.png=dataurl \
    --define:global=window '--define:process.env.NODE_ENV="production"' --log-level=warning >&2 || die "The page could not be built."
  mkdir -p "$new/public/build/img" "$new/public/fonts/inter"
  cp -r "$modules/@grafana/ui/dist/public/img/icons" "$new/public/build/img/"
  cp "$modules/@fontsource/inter/files/inter-latin-400-normal.woff2" "$new/public/fonts/inter/Inter-Regular.woff2"
  cp "$modules/@fontsource/inter/files/inter-latin-500-normal.woff2" "$new/public/fonts/inter/Inter-Medium.woff2"
  cp src/index.html "$new/index.html"
  node compress.mjs "$new"
  # Moved away first: removing takes longer, and a server may be reading.
  rm -rf "$folder/site.old"
  ! [ -e "$folder/site" ] || mv "$folder/site" "$folder/site.old"
  mv "$new" "$folder/site"
  rm -rf "$folder/site.old"
fi

echo "$folder/site"
