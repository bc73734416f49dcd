#!/usr/bin/env bash
# make-lab.sh DIR: makes the real inputs of the reference and boot tests from Debian packages.
#
#   DIR/sysroot-{amd64,arm64,s390x}      root trees, unpacked only: nothing in them ever ran
#   DIR/sysroot-{armhf,i386,...}         the same of more machines, with fewer programs; of a newer suite: ARCH-SUITE,
#                                        or ARCH where several suites will do: a mirror may have one of them in halves
#   DIR/sysroot-arm64-systemd            what recipes/systemd.yaml draws from, with a kernel and its modules
#   DIR/sysroot-amd64-trixie-systemd     the same of the next suite
#   DIR/sysroot-{amd64,arm64}-modules    kmod, busybox, and all modules of the kernels below: depmod never ran
#   DIR/loaders                          the dynamic loader and libc.so.6 of all ports of glibc that Debian has for cross compilers
#   DIR/foreign-images                   images of dracut and of mkinitramfs, and the root in which the latter ran
#   DIR/sysroot-musl                     Debian's musl, and programs that find a library by RUNPATH and by path file
#   DIR/kernels/{x86,arm64}/vmlinuz      kernels for QEMU, and a static busybox beside each
#   DIR/kernels/arm64/u-boot.bin         U-Boot for QEMU
#   DIR/uki                              systemd's stubs of unified kernel images for all machines, and ukify with what it needs
#   DIR/list-tools                       the kernel's gen_init_cpio, and 3cpio with the libc that it wants
#   DIR/nix-root, DIR/nix-oracle         a Nix store and what Nix says of it (make-nix-store.sh)
#   DIR/nix-stage1                       another, small enough to boot: a busybox and an init that refers to it
#
# Packages are resolved and fetched with an apt state of our own below DIR/.apt, one for each architecture:
# the machine's package lists, its architectures and its packages stay as they are. What is there already is
# not made again; a tree gets its name only when it is whole. Needs root (for chroot), apt, dpkg-deb, Debian's
# keyring, dracut, depmod, musl-gcc, and for the Nix store what make-nix-store.sh says.
#
# LAB_MIRROR  the Debian mirror (default: that of the machine's own sources, else deb.debian.org)
set -euo pipefail
export LC_ALL=C

suite=bookworm
here=$(dirname "$(readlink -f "$0")")
mkdir -p "${1:?usage: make-lab.sh DIR}"
dir=$(readlink -f "$1")

# What an initramfs of a server draws from.
packages=(bash btrfs-progs busybox-static coreutils cryptsetup-bin dash e2fsprogs findutils grep iproute2 kmod
  libc-bin lvm2 mount openssh-client openssl procps sed udev util-linux)

# A little of everything for the machines of which only the rules of their loader are compared.
few_packages=(bash busybox-static coreutils kmod libc-bin openssl udev)

# A server's own start: systemd, storage, network; beside them a kernel that QEMU boots.
systemd_packages=(base-files bash btrfs-progs coreutils cryptsetup-bin dash dbus e2fsprogs grep iproute2 iputils-ping kmod
  lvm2 mount passwd procps sed systemd systemd-sysv udev util-linux)

main() {
  each_in_parallel sysroot amd64 arm64 s390x
  # riscv64 is a release architecture since trixie, whose kmod and systemd carry dlopen notes
  each_in_parallel few_programs armhf i386 mips64el ppc64el riscv64@trixie,forky amd64@trixie
  timed "systemd's tree" systemd_tree arm64
  # cryptsetup's helper has a package of its own there, and kmod opens by name what unpacks the kernel's modules
  timed "trixie's systemd's tree" systemd_tree amd64@trixie liblzma5 systemd-cryptsetup
  each_in_parallel modules amd64 arm64
  each_in_parallel kernel x86:amd64 arm64:arm64
  timed "images of others" foreign_images
  timed "loaders" loaders
  uki
  musl
  timed "gen_init_cpio and 3cpio" list_tools
  once nix-oracle/done timed "nix store" "$here/make-nix-store.sh" "$dir"
  once nix-stage1/done timed "nix stage 1" stage1
  rm -rf "$dir/.apt"
}

sysroot() { sysroot_of "$1" "${packages[@]}"; }

systemd_tree() { # ARCH[@SUITE] [PACKAGE...]
  name=${1/@/-}-systemd sysroot_of "$1" "${systemd_packages[@]}" "linux-image-cloud-${1%@*}" "${@:2}"
}

modules() { name=$1-modules sysroot_of "$1" busybox-static kmod "linux-image-cloud-$1"; }

few_programs() { sysroot_of "$1" "${few_packages[@]}"; }

sysroot_of() { # ARCH[@SUITE[,SUITE]...] PACKAGE...; name: that of the tree, where it is another
  local own=${1/%@*,*/} # of whatever suite it came to be
  local tree=$dir/sysroot-${name:-${own/@/-}}
  [ -e "$tree" ] && return
  rm -rf "$tree.part"
  mkdir -p "$tree.part"/usr/{bin,sbin,lib}
  ln -s usr/bin usr/sbin usr/lib "$tree.part"
  # the ABI's own path of the dynamic loader of 64-bit x86
  if [ "${1%@*}" = amd64 ]; then mkdir "$tree.part/usr/lib64" && ln -s usr/lib64 "$tree.part"; fi
  fetch "$@"
  unpack "$1" "$tree.part"
  rm -rf "$tree.part"/usr/share/{doc,info,locale,man}
  mv "$tree.part" "$tree"
}

# What mkinitramfs runs; what it depends on comes along.
mkinitramfs_packages=(bash busybox-static coreutils dash debianutils dpkg findutils grep gzip initramfs-tools-core kmod libc-bin
  mawk sed util-linux zstd)

# mkinitramfs looks for a kernel's modules and its config at one place alone. In a root of its own it finds them there
# with nothing mounted, which containers may forbid. dracut wants /proc, and is told where they are.
foreign_images() {
  local out=$dir/foreign-images native root version
  native=$(dpkg --print-architecture)
  root=$out.part/root
  [ -e "$out" ] && return
  name=foreign sysroot_of "$native" "${mkinitramfs_packages[@]}"
  rm -rf "$out.part"
  mkdir "$out.part"
  mv "$dir/sysroot-foreign" "$root"
  ln -s mawk "$root/usr/bin/awk"
  mknod -m 666 "$root/dev/null" c 1 3
  cp -al "$dir/sysroot-$native-modules"/usr/lib/modules "$root/usr/lib/"
  cp -al "$dir/sysroot-$native-modules"/boot/* "$root/boot/"
  version=$(ls "$root/usr/lib/modules")
  depmod -b "$root" "$version"
  env -i PATH=/usr/bin:/usr/sbin chroot "$root" mkinitramfs -o /image "$version"
  mv "$root/image" "$out.part/mkinitramfs.img"
  dracut --quiet --no-hostonly --gzip --kmoddir "$root/lib/modules/$version" \
    -m "base udev-rules rootfs-block kernel-modules" "$out.part/dracut.img" "$version" > /dev/null
  chmod 644 "$out.part/dracut.img"
  mv "$out.part" "$out"
}

# Each for a cross compiler on this machine, so that they come from one architecture's lists.
cross_libraries=(libc6-{amd64,arc,arm64,armel,armhf,hppa,i386,m68k,powerpc,ppc64,ppc64el,riscv64,s390x,sh4,sparc64,x32}-cross
  libc6-mips{,el,64,64el,n32,n32el,r6,r6el,64r6,64r6el,n32r6,n32r6el}-cross libc6.1-alpha-cross
  libc6-{powerpc-ppc64,s390-s390x,sparc-sparc64,mips32-mips64,mipsn32-mips64}-cross)

loaders() {
  local out=$dir/loaders suite_of
  [ -e "$out" ] && return
  rm -rf "$out.part"
  mkdir -p "$out.part"
  # bookworm has no compiler for loong64, trixie has
  for suite_of in amd64 amd64@trixie; do
    apt "$suite_of" cache policy > /dev/null
    (cd "$(state "$suite_of")/debs" && rm -f -- *.deb &&
      case $suite_of in
        amd64) apt amd64 get download -qq "${cross_libraries[@]}" ;;
        *) apt "$suite_of" get download -qq libc6-loong64-cross ;;
      esac)
    unpack "$suite_of" "$out.part" '*/ld*.so*' '*/libc.so.6*'
  done
  mv "$out.part" "$out"
}

# Of one suite, as far as it has the machine; the stub of this suite is one of the old ones.
uki() {
  local out=$dir/uki
  [ -e "$out" ] && return
  rm -rf "$out.part"
  mkdir -p "$out.part"/{old,python}
  each_in_parallel stub amd64 amd64@trixie arm64@trixie armhf@trixie i386@trixie riscv64@trixie,forky loong64@forky
  mv "$out.part"/amd64/usr/lib/systemd/boot/efi/linux*.efi.stub "$out.part/old"
  rm -rf "$out.part/amd64"
  mv "$out.part"/*/usr/lib/systemd/boot/efi/*.efi.stub "$out.part"/*/usr/bin/ukify "$out.part"
  mv "$out.part"/*/usr/lib/python3/dist-packages/{pefile.py,ordlookup} "$out.part/python"
  rm -rf "$out.part"/*@*
  mv "$out.part" "$out"
}

stub() { # ARCH[@SUITE[,SUITE]...]
  local packages=(systemd-boot-efi)
  [ "$1" != amd64@trixie ] || packages+=(systemd-ukify python3-pefile)
  mkdir "$dir/uki.part/$1"
  apt "$1" cache policy > /dev/null
  (cd "$(state "$1")/debs" && rm -f -- *.deb && apt "$1" get download -qq "${packages[@]}")
  unpack "$1" "$dir/uki.part/$1" '*.efi.stub' '*/bin/ukify' '*/pefile.py' '*/ordlookup/*'
}

musl() {
  local tree=$dir/sysroot-musl.part
  [ -e "${tree%.part}" ] && return
  rm -rf "$tree"
  mkdir -p "$tree"/usr/{bin,lib/own} "$tree"/{etc,lib}
  cp -L /lib/ld-musl-*.so.1 "$tree/lib/"
  printf 'int answer(void) { return 42; }\n' | musl-gcc -x c -shared -fPIC -Wl,-soname,libown.so.1 - -o "$tree/usr/lib/own/libown.so.1"
  printf 'int answer(void);\nint main(void) { return answer() - 42; }\n' > "$tree/main.c"
  (cd "$tree" && musl-gcc main.c usr/lib/own/libown.so.1 -o usr/bin/hello -Wl,-rpath,'$ORIGIN/../lib/own' &&
    musl-gcc main.c usr/lib/own/libown.so.1 -o usr/bin/hello-norpath)
  printf 'int main(void) { return 0; }\n' | musl-gcc -static -x c - -o "$tree/usr/bin/hello-static"
  # only the loader's path file leads to the library of the second
  printf '/lib\n/usr/lib\n/usr/lib/own\n' > "$tree/etc/ld-musl-$(uname -m).path"
  rm "$tree/main.c"
  mv "$tree" "${tree%.part}"
}

kernel() { # NAME:ARCH
  local out=$dir/kernels/${1%:*} arch=${1#*:} newest
  [ -e "$out" ] && return
  rm -rf "$out.part"
  mkdir -p "$out.part/root"
  newest=$(apt "$arch" cache depends "linux-image-cloud-$arch" | sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p')
  # without what it depends on: the image alone is booted
  (cd "$(state "$arch")/debs" && rm -f -- *.deb &&
    apt "$arch" get download -qq "$newest" busybox-static u-boot-qemu)
  unpack "$arch" "$out.part/root" './boot/vmlinuz-*' './bin/busybox' '*/qemu_arm64/u-boot.bin'
  mv "$out.part"/root/boot/vmlinuz-* "$out.part/vmlinuz"
  mv "$out.part/root/bin/busybox" "$out.part/busybox"
  [ "$arch" != arm64 ] || mv "$out.part/root/usr/lib/u-boot/qemu_arm64/u-boot.bin" "$out.part"
  rm -rf "$out.part/root"
  mv "$out.part" "$out"
}

# Of the kernel's source one file is taken, long before its end: then tar has what it wants, and xz nobody to write to.
list_tools() {
  local out=$dir/list-tools native debs
  native=$(dpkg --print-architecture)
  [ -e "$out" ] && return
  rm -rf "$out.part"
  mkdir -p "$out.part"
  apt "$native" cache policy > /dev/null
  debs=$(state "$native")/debs
  (cd "$debs" && rm -f -- *.deb && apt "$native" get download -qq linux-source-6.1)
  (dpkg-deb --fsys-tarfile "$debs"/linux-source-*.deb | tar -xO --wildcards '*/linux-source-*.tar.xz' | xz -dc |
    tar -xO --wildcards --occurrence=1 '*/usr/gen_init_cpio.c' > "$out.part/gen_init_cpio.c") 2> /dev/null || true
  rm "$debs"/linux-source-*.deb
  gcc -O1 -o "$out.part/gen_init_cpio" "$out.part/gen_init_cpio.c"
  # no stable suite has it yet, and it wants a newer libc
  native+=@forky,sid
  apt "$native" cache policy > /dev/null
  (cd "$(state "$native")/debs" && rm -f -- *.deb && apt "$native" get download -qq 3cpio libc6 libgcc-s1)
  unpack "$native" "$out.part" '*/bin/3cpio' '*/ld-linux*' '*/libc.so.6' '*/libgcc_s.so.1'
  mv "$out.part" "$out"
}

# What recipes/nix-store.yaml names, as NixOS calls it.
stage1() {
  local try
  export HOME=$dir/nix-root/home NIX_CONF_DIR=$dir/nix-root/home NIX_REMOTE='' NIX_PATH=''
  # A builder that ends before Nix looks at it may lose a race on a busy machine
  for try in 1 2 3; do
    nix-build -Q --store "$dir/nix-stage1" --no-out-link --arg file "$dir/kernels/x86/busybox" \
      -E "$stage1_nix" > /dev/null && return
  done
  return 1
}
# shellcheck disable=SC2016
stage1_nix='
{ file }:
let
  build = name: attributes: script: derivation ({
    inherit name;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    PATH = "/usr/bin:/bin";
    args = [ "-euc" script ];
  } // attributes);
  busybox = build "busybox" { binary = builtins.path { path = file; name = "binary"; }; } "
    mkdir -p $out/bin
    cp $binary $out/bin/busybox
  ";
in
build "stage-1-init" { inherit busybox; } "
  {
    echo \"#!$busybox/bin/busybox sh\"
    echo \"$busybox/bin/busybox mount -t proc proc /proc\"
    echo \"echo nix stage 1 ready\"
    echo \"exec /bin/busybox sh\"
  } > $out
  chmod +x $out
"'

# Downloads PACKAGE... and all they depend on, as for a machine that has nothing.
fetch() { # ARCH PACKAGE...
  local arch=$1 debs
  shift
  debs=$(state "$arch")/debs
  rm -f "$debs"/*.deb
  apt "$arch" get install -qq -y --no-install-recommends --download-only -o Dir::Cache::archives="$debs" "$@" > /dev/null
}

unpack() { # ARCH TREE [MEMBER-PATTERN...]
  local arch=$1 tree=$2 deb
  shift 2
  for deb in "$(state "$arch")"/debs/*.deb; do
    # packages of this suite still name /bin and /lib: the tree's links to usr/ must survive that. A package
    # that has none of the members makes tar fail, and is skipped
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$tree" --keep-directory-symlink --wildcards "$@" 2> "$tree.tar" ||
      [ $# -gt 0 ] || { cat "$tree.tar" >&2; return 1; }
  done
  rm -f "$tree.tar"
}

state() { echo "$dir/.apt/$1"; }

# apt-get or apt-cache for ARCH, with a state of its own.
apt() { # ARCH[@SUITE[,SUITE]...] get|cache ARG...
  local arch=${1%@*} suite=$suite tool=apt-$2 st
  [ "$arch" = "$1" ] || suite=${1#*@}
  st=$(state "$1")
  shift 2
  local options=(-o APT::Architecture="$arch" -o APT::Architectures="$arch" -o APT::Sandbox::User=root
    -o Acquire::Languages=none -o Dir::State="$st" -o Dir::State::status="$st/status" -o Dir::Cache="$st/cache"
    -o Dir::Etc::sourcelist="$st/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null
    -o Dir::Etc::preferencesparts=/dev/null -o Debug::NoLocking=true)
  if [ ! -e "$st/updated" ]; then
    mkdir -p "$st/lists/partial" "$st/cache/archives/partial" "$st/debs/partial"
    : > "$st/status"
    read_lists
    : > "$st/updated"
  fi
  "$tool" "${options[@]}" "$@"
}

# The first suite of which the mirror has a whole list: it may be in the middle of its own update, or stay there.
read_lists() { # with st, suite and options of apt
  local one try
  for try in now later; do
    for one in ${suite//,/ }; do
      echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) $one main" > "$st/sources.list"
      apt-get "${options[@]}" update -qq && return
    done
    [ "$try" = later ] || sleep 10
  done
  return 1
}

mirror() {
  local own
  own=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 2> /dev/null |
    awk -v suite="$suite" '$2 == suite && !found { print $1; found = 1 }')
  echo "${LAB_MIRROR:-${own:-http://deb.debian.org/debian}}"
}

once() { # MARK COMMAND...
  local mark=$dir/$1
  shift
  [ -e "$mark" ] && return
  "$@"
  : > "$mark"
}

each_in_parallel() { # FUNCTION ARG...
  local function=$1 jobs=() job arg
  shift
  for arg; do
    timed "$function $arg" "$function" "$arg" &
    jobs+=($!)
  done
  for job in "${jobs[@]}"; do wait "$job"; done
}

timed() { # LABEL COMMAND...
  local label=$1 start=$SECONDS
  shift
  (set -e; "$@")
  echo "lab: $label: $((SECONDS - start)) s" >&2
}

main
