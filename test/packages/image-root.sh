#!/bin/sh
# image-root.sh ROOT MIRROR: a Debian root as the image's base has, with this machine's Node, in which the image's build script has run.
# image-root.sh ROOT --run COMMAND…: runs a command there as the image runs: as user 1000, the root read-only, /data and /tmp to write to.
# As root, with mount namespaces; nothing outside of ROOT is changed.
set -eu
root=$1
shift
if [ "$1" = --run ]; then
  shift
  exec unshare --mount sh -eu -c '
    root=$1
    shift
    mount --bind "$root" "$root"
    mount --bind "$root.data" "$root/data"
    mount -t tmpfs tmpfs "$root/tmp"
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount -o remount,bind,ro "$root"
    exec chroot --userspec=1000:1000 "$root" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/nonexistent "$@"' run "$root" "$@"
fi
mirror=$1
repository=$(cd "$(dirname "$0")/../.." && pwd)
debootstrap --variant=minbase bookworm "$root" "$mirror" >/dev/null
cp -L "$(command -v node)" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -R "$(npm root --global)/npm" "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
# The network and its certificates are this machine's.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
mkdir -p "$root/etc/ssl/certs"
cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/" 2>/dev/null || true
mkdir "$root/source" "$root/data" "$root.data"
chown 1000:1000 "$root.data"
# What Docker would send, and no more.
(cd "$repository" && test/packages/build-context.sh | tar --ignore-failed-read -T - -cf -) | tar -xf - -C "$root/source"
unshare --mount sh -eu -c '
  mount -t proc proc "$1/proc"
  mount --rbind /dev "$1/dev"
  cache=$2
  mkdir -p "$1/npm-cache" && mount --bind "$cache" "$1/npm-cache"
  exec chroot "$1" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/root npm_config_cache=/npm-cache \
    ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt} \
    sh /source/packages/server/image/build.sh /opt/openfrs' build "$root" "$(npm config get cache)"
