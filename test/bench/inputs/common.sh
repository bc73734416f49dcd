# Sourced by the scripts that make inputs.
set -euo pipefail
export LC_ALL=C

# The Debian mirror: that of the machine's own sources, or BENCH_MIRROR.
mirror() {
  local own
  own=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 2> /dev/null |
    awk -v suite=bookworm '$2 == suite && !found { print $1; found = 1 }')
  echo "${BENCH_MIRROR:-${own:-http://deb.debian.org/debian}}"
}

# The kernel that a root tree has modules of.
kernel_of() { basename "$(dirname "$1"/usr/lib/modules/*/kernel)"; }

# A command inside a root tree, as in the system that it is.
inside() { # ROOT COMMAND...
  # $1: of the inner shell
  # shellcheck disable=SC2016
  unshare --mount -- bash -c 'mount -t proc proc "$1/proc" && shift && exec "$@"' _ "$1" \
    chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C SOURCE_DATE_EPOCH=1 "${@:2}"
}
