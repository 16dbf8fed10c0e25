#!/bin/sh
# build.sh FOLDER: openfrs with its models, ready to run in FOLDER. The steps of the image's build stage, in the repository's root; needs
# Node with npm, and the npm registry.
set -eu
to=$1
source=$(cd "$(dirname "$0")/../../.." && pwd)
cd "$source"
npm ci --no-audit --no-fund
packed=$(mktemp -d)
npm run --silent pack:packages -- "$packed"
mkdir -p "$to"
cd "$to"
echo '{"private":true}' >package.json
# Without install scripts: onnxruntime's would fetch from elsewhere, and its libraries are in the package.
npm install --omit=dev --ignore-scripts --no-audit --no-fund --no-package-lock "$packed"/openfrs-*.tgz
cp "$source/packages/server/image/health.mjs" .
# The models are in the image: a container starts without any registry.
FRS_MODELS_DIR="$to/models" node_modules/.bin/openfrs models build
rm -r "$packed"
