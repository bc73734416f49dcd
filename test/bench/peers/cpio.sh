#!/usr/bin/env bash
# cpio.sh TREE OUT [COMPRESSOR...]: what most people write: find, sort, GNU cpio, one stream through a compressor.
set -euo pipefail
export LC_ALL=C
out=$(readlink -m "$2")
cd "$1"
shift 2
archive() { find . -mindepth 1 -printf '%P\0' | sort -z | cpio -0 -o -H newc -R +0:+0 --reproducible --quiet; }
if [ $# -gt 0 ]; then archive | "$@" > "$out"; else archive > "$out"; fi
