#!/usr/bin/env bash
# Fails if a NuGet or npm package has a known vulnerability, and says what could not be checked: eng/audit.sh [FOLDER]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. eng/common.sh
cd "${1:-.}"

advisories= unchecked=

# NuGet audits what it restores, transitive packages included. Without NoWarn it says when it could not.
log=$(DOTNET_CLI_UI_LANGUAGE=en dotnet restore --force --verbosity quiet -p:NoWarn= 2>&1) || die "$log"
if grep --quiet 'NU190[05]' <<<"$log"; then unchecked=", from NuGet"; fi
advisories+=$(sed -nE 's/.* NU190[1-4]: ([^[]*[^[ ]).*/\1/p' <<<"$log" | sort -u)$'\n'

for lock in eng/*/package-lock.json; do
  # The exit code is the same for a finding and for no response.
  audit=$(npm audit --prefix "${lock%/*}" --package-lock-only --json 2>/dev/null) || true
  if ! grep --quiet '"vulnerabilities"' <<<"$audit"; then unchecked+=", from npm in ${lock%/*}"; continue; fi
  advisories+=$(node -e '
    const { packages } = JSON.parse(require("fs").readFileSync(process.argv[1]));
    for (const { nodes, via } of Object.values(JSON.parse(require("fs").readFileSync(0)).vulnerabilities))
      for (const { name, severity, url } of via.filter(cause => cause.url))
        for (const node of nodes) console.log(`Package ${name} ${packages[node].version} has a known ${severity} severity vulnerability, ${url}`);
  ' "$lock" <<<"$audit")$'\n'
done

advisories=$(grep . <<<"$advisories") || true
[ -z "$unchecked" ] || say "Not checked for known vulnerabilities, since the source of that data does not respond: packages ${unchecked#, }."
[ -z "$advisories" ] || die "$advisories
Take versions without them, in Directory.Packages.props or package.json."
[ -n "$unchecked" ] || say "No package is known to be vulnerable."
