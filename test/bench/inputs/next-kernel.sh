#!/usr/bin/env bash
# next-kernel.sh OUT TREE: the modules that TREE has, of another kernel of the same version (linux-image-rt), as a
# directory to stand in place of TREE's.
. "$(dirname "$(readlink -f "$0")")/common.sh"
old=$(readlink -f "$2")/usr/lib/modules/$(kernel_of "$2") new=$(readlink -m "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
package=$(apt-cache depends linux-image-rt-amd64 | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p')
apt-get -o APT::Sandbox::User=root download -qq "$package"
mkdir all
dpkg-deb --fsys-tarfile ./*.deb | tar -x -C all --strip-components=4 --wildcards './lib/modules/*/*'
cp -a "$old" "$new"
# what one of the two builds in, or leaves out, stays as it was
(cd "$old" && find . -name '*.ko' -print0) | while IFS= read -r -d '' module; do
  [ ! -e "all/$module" ] || cp "all/$module" "$new/$module"
done
