#!/usr/bin/env bash
# cpio-and-digest.sh TREE OUT: an uncompressed image and its SHA-256, which every result of initgraph has too.
set -euo pipefail
"$(dirname "$(readlink -f "$0")")/cpio.sh" "$1" "$2"
sha256sum "$2" > "$2.sha256"
