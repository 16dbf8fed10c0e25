#!/bin/sh
# build-context.sh: the files of the repository that `docker build` would send for packages/server/Dockerfile, one a line. Its .dockerignore has no
# line that Git would read otherwise, but that Docker's begin at the root.
set -eu
cd "$(dirname "$0")/../.."
lists=$(mktemp -d)
trap 'rm -r "$lists"' EXIT
sed -E 's|^([^#*])|/\1|' packages/server/Dockerfile.dockerignore >"$lists/ignore"
{
  git ls-files --cached
  git ls-files --others --exclude-standard
} | LC_ALL=C sort -u >"$lists/all"
{
  git ls-files --cached --ignored --exclude-from="$lists/ignore"
  git ls-files --others --ignored --exclude-from="$lists/ignore"
} | LC_ALL=C sort -u >"$lists/left-out"
LC_ALL=C comm -23 "$lists/all" "$lists/left-out"
