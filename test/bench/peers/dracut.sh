#!/usr/bin/env bash
# dracut.sh SYSROOT OUT OPTION...: dracut inside the tree, as on the machine that the tree is. That is the quickest
# it can be: with --sysroot it takes half as long again.
. "$(dirname "$(readlink -f "$0")")/../inputs/common.sh"
tree=$1 out=$2
shift 2
inside "$tree" dracut --quiet --no-hostonly --force "$@" /tmp/dracut.img "$(kernel_of "$tree")"
mv "$tree/tmp/dracut.img" "$out"
