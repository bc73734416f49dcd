#!/usr/bin/env bash
# sysroot.sh OUT: a server of Debian 12 for amd64, installed by its own maintainer scripts, with dracut and
# initramfs-tools, so that both can be run inside. Needs mmdebstrap and root.
. "$(dirname "$(readlink -f "$0")")/common.sh"

packages=(
  linux-image-amd64 dracut-core initramfs-tools
  # its start and its disks
  btrfs-progs busybox cryptsetup cryptsetup-bin dbus dosfstools e2fsprogs fdisk gdisk kmod lvm2 mdadm multipath-tools
  nfs-common open-iscsi systemd systemd-sysv thin-provisioning-tools udev util-linux xfsprogs
  # its console, its network, its keys
  console-setup curl iproute2 iputils-ping kbd less openssh-server plymouth plymouth-themes strace
  libfido2-1 libtss2-tcti-device0 tpm2-tools
  # compressors of the image
  cpio gzip lz4 pigz xz-utils zstd
  firmware-amd-graphics firmware-bnx2 firmware-bnx2x firmware-linux-free firmware-misc-nonfree firmware-realtek
  # programs for a closure of 1,500
  bind9-dnsutils gdb git python3 samba-common-bin tcpdump tshark vim-tiny
)

sources=$(mktemp)
trap 'rm -f "$sources"' EXIT
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $(mirror) bookworm main non-free-firmware" > "$sources"

# INITRD=No: the kernel's package would else make an initrd of its own
INITRD=No mmdebstrap --quiet --mode=root --variant=minbase --architectures=amd64 \
  --aptopt='Acquire::Languages "none"' --dpkgopt='path-exclude=/usr/share/doc/*' \
  --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/man/*' \
  --include="$(IFS=,; echo "${packages[*]}")" bookworm "$1" "$sources"
rm -rf "$1"/boot/initrd.img*
