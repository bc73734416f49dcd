#!/usr/bin/env bash
# image.sh OUT TREE: TREE as one zstd stream behind GNU cpio: an image that no tool of the comparison made.
set -euo pipefail
"$(dirname "$(readlink -f "$0")")/../peers/cpio.sh" "$2" "$1" zstd -q -3 -T0
