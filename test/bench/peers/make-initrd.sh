#!/usr/bin/env bash
# make-initrd.sh STORE OUT [COMPRESSOR...]: the pipeline of nixpkgs' make-initrd.sh on the store of inputs/nix-store.sh:
# closures, links, a copy, fixed times, sorted cpio, one stream through a compressor, and for gzip mkimage.
set -euo pipefail
export LC_ALL=C
peers=$(dirname "$(readlink -f "$0")") store=$(readlink -f "$1") out=$(readlink -m "$2")
shift 2
work=$(mktemp -d)
trap 'chmod -R u+w "$work" && rm -rf "$work"' EXIT
cd "$work"
mkdir -p root/dev root/sys root/proc root/bin

# name of the closure, where its link stands, what is appended to the link's target
objects=("stage-1-init /init " "modules /lib/modules /lib/modules" "busybox /bin/busybox /bin/busybox")
for object in "${objects[@]}"; do
  IFS=' ' read -r name link suffix <<< "$object"
  mkdir -p "root${link%/*}"
  ln -s "$(cat "$store/paths/$name")$suffix" "root$link"
done

# as pathsFromGraph.pl: a path, who made it, how many references, the references
mapfile -t paths < <(awk '
  state == 0 { print; state = 1; next }
  state == 1 { state = 2; next }
  state == 2 { left = $1; state = left > 0 ? 3 : 0; next }
  { if (--left == 0) state = 0 }' "$store"/closures/* | sort -u)
(cd "$store/root" && cp -prd --parents "${paths[@]/#/.}" "$work/root/")
find root -mindepth 1 -exec touch -h -d @1 '{}' +
"$peers/cpio.sh" root "$out" "$@"
if [ "${1:-}" = gzip ]; then mkimage -A arm64 -O linux -T ramdisk -C gzip -d "$out" "$out.img" > /dev/null; fi
