#!/usr/bin/env bash
# Makes dashboard.schema.json anew, after a change of package.json, panels.ts or generate.mjs. Needs npm, once; the tests only read what it wrote.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

npm ci --silent --ignore-scripts --no-audit --no-fund
version=$(node -p "require('./package.json').dependencies['@grafana/schema']")

# Only its list of units.
npm pack --silent "@grafana/data@$version" >/dev/null
tar -xzf "grafana-data-$version.tgz" package/dist/cjs/valueFormats/categories.cjs
trap 'rm -rf package "grafana-data-$version.tgz"' EXIT
node generate.mjs
