#!/usr/bin/env bash
# unpacked.sh OUT PEER SYSROOT: the contents that PEER (dracut, mkinitramfs) chooses, as a directory. Each name has a
# file of its own: cpio stores one of several names once, initgraph for each, and what is compared should be the same.
. "$(dirname "$(readlink -f "$0")")/common.sh"
peers=$(dirname "$(readlink -f "$0")")/../peers
image=$(readlink -m "$1.img")
case $2 in
  dracut) "$peers/dracut.sh" "$3" "$image" --no-compress ;;
  mkinitramfs) "$peers/mkinitramfs.sh" "$3" "$image.zst" zstd && zstd -q -d --rm -f "$image.zst" -o "$image" ;;
esac
mkdir "$1"
(cd "$1" && cpio -idm --quiet < "$image")
rm "$image"
find "$1" -type f -links +1 -print0 | while IFS= read -r -d '' file; do
  cp -p "$file" "$file.copy" && mv "$file.copy" "$file"
done
