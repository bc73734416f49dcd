#!/usr/bin/env bash
# nix-store.sh OUT SYSROOT PACKAGES: a Nix store of an initrd's size, without nixpkgs and without a network. PACKAGES is
# what nix-packages.js says of SYSROOT. Nix builds in a sandbox: not in a container that forbids namespaces.
#
#   OUT/root       the store's root; it calls itself /nix/store
#   OUT/closures   exportReferencesGraph of stage-1-init, modules and busybox
#   OUT/paths      the store path of each of them
. "$(dirname "$(readlink -f "$0")")/common.sh"
here=$(dirname "$(readlink -f "$0")")
mkdir -p "$1/settings" "$1/root" "$1/paths" "$1/closures"
out=$(readlink -f "$1") sysroot=$(readlink -f "$2") packages=$(readlink -f "$3")

cat > "$out/settings/nix.conf" << CONF
build-users-group =
sandbox = true
sandbox-paths = /bin /sbin /usr /lib /lib64? /etc/alternatives? /sysroot=$sysroot
substituters =
substitute = false
max-jobs = 2
CONF
export HOME=$out/settings NIX_CONF_DIR=$out/settings NIX_REMOTE='' NIX_PATH=''

build() { # ATTRIBUTE
  local try
  # A builder that ends before Nix looks at it may lose a race on a busy machine: what is built stays
  for try in 1 2 3 4 5; do
    nix-build --store "$out/root" --no-out-link "$here/nix-store.nix" -A "$1" \
      --arg description "$packages" --arg builder "$here/nix-package.sh" 2> "$out/settings/log" && return
    grep -q 'signal 9' "$out/settings/log" || break
  done
  tail -n 20 "$out/settings/log" >&2
  return "$try"
}

build stage1 > "$out/paths/stage-1-init"
build modules > "$out/paths/modules"
build busybox > "$out/paths/busybox"
cp "$out/root$(build closures)"/* "$out/closures/"
