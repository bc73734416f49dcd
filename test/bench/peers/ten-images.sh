#!/usr/bin/env bash
# ten-images.sh TREE OUT COMPRESSOR...: ten images of a tree, in each of which one file is another.
set -euo pipefail
tree=$1 out=$2
shift 2
for number in 0 1 2 3 4 5 6 7 8 9; do
  echo "$number" > "$tree/role"
  "$(dirname "$(readlink -f "$0")")/cpio.sh" "$tree" "$out" "$@"
done
