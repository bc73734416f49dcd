#!/usr/bin/env bash
# mkinitramfs.sh SYSROOT OUT COMPRESSOR: initramfs-tools inside the tree, MODULES=most, which is their default.
. "$(dirname "$(readlink -f "$0")")/../inputs/common.sh"
inside "$1" mkinitramfs -c "$3" -o /tmp/mkinitramfs.img "$(kernel_of "$1")"
mv "$1/tmp/mkinitramfs.img" "$2"
