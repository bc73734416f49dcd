/** Explanations of warnings: what deserves a word though nothing is wrong. */
import type { WarningCode } from "../../core/warning.ts";
import type { Explanation } from "./explanation.ts";

export const WARNINGS: Readonly<Record<WarningCode, Explanation>> = {
  "plan/no-init": {
    title: "the image has nothing that the kernel would start",
    happened:
      "The kernel starts /init, or what `rdinit=` names. Where it is not there the kernel does not use the image, and looks for a root file system by itself.",
    causes: [
      "a recipe that is not finished",
      "an init that lies elsewhere, such as /sbin/init",
      "a part of an image",
    ],
    remedies: [
      "add /init to the recipe",
      "silence the code, where the boot loader says `rdinit=` or another initrd brings it",
    ],
    example: "contents: [{ object: /bin/busybox }]",
    mended: "contents: [{ object: /bin/busybox }, { object: ./init, target: /init }]",
  },
  "plan/init-not-executable": {
    title: "what the kernel would start cannot be executed",
    happened:
      "/init, or what `rdinit=` names, is no file, or has no execute bit. The kernel does not use the image then.",
    causes: ["an inline text without a mode", "a script that lost its mode in a checkout"],
    remedies: ["give it the mode 0755"],
    example: 'files: { /init: { text: "#!/bin/sh", mode: 0644 } }',
    mended: 'files: { /init: { text: "#!/bin/sh", mode: 0755 } }',
  },
  "kernel/built-in": {
    title: "a module of the recipe is built into the kernel",
    happened: "Nothing has to be loaded: the line in the recipe does nothing for this kernel.",
    causes: ["a list that was made for another kernel"],
    remedies: ["remove it from `kernel.modules`", "silence the code, if the recipe serves several kernels"],
    example: "# the kernel has ext4 built in\nkernel: { modules: [ext4, virtio_net] }",
    mended: "kernel: { modules: [virtio_net] }",
  },
  "kernel/implied": {
    title: "a module of the recipe comes anyway",
    happened: "Another module that the recipe names needs it. The line is of no effect.",
    causes: ["a list that was made by hand from `lsmod`"],
    remedies: ["remove it from `kernel.modules`", "silence the code, if you like lists to be complete"],
    example: "kernel: { modules: [ext4, jbd2] }",
    mended: "kernel: { modules: [ext4] }",
  },
  "kernel/firmware-missing": {
    title: "a driver may ask for firmware that is not in the sysroot",
    happened:
      "Drivers name the files of all devices that they know. Which of them this machine has nobody can tell here.",
    causes: ["the firmware's package is not installed in the sysroot"],
    remedies: [
      "install it in the sysroot",
      "say `firmware: required` to make it an error, or silence the code",
    ],
    example: "kernel: { modules: [bnx2] }",
    mended: "kernel: { modules: [bnx2] }\nsilence: [kernel/firmware-missing]",
  },
  "kernel/firmware-packed": {
    title: "the kernel cannot unpack firmware that a driver may ask for",
    happened:
      "The file is there as .xz or .zst, and the kernel's configuration (boot/config-VERSION) says that it reads no such packing.",
    causes: ["firmware of a newer distribution than the kernel"],
    remedies: ["unpack it in the sysroot", "take a kernel with CONFIG_FW_LOADER_COMPRESS_XZ or _ZSTD"],
    example: "# lib/firmware has it as .zst\nkernel: { modules: [iwlwifi] }",
    mended: "kernel: { modules: [iwlwifi] }\nsilence: [kernel/firmware-packed]",
  },
  "kernel/module-disabled": {
    title: "modprobe never loads a module, it runs a command instead",
    happened:
      "A line of modprobe.d says `install MODULE /bin/false` or the like. The module is in the image, and modprobe does not load it.",
    causes: ["a hardening guide that disables file systems or protocols"],
    remedies: ["remove the line", "say `kernel: {modprobe: false}` to leave modprobe.d out"],
    example: "# modprobe.d: install cramfs /bin/false\nkernel: { modules: [cramfs] }",
    mended: "kernel: { modules: [cramfs], modprobe: false }",
  },
  "kernel/modprobe-command": {
    title: "only a shell knows what modprobe runs for a module",
    happened:
      "An `install` or `remove` line is more than a list of programs, so which programs it needs cannot be told.",
    causes: ["a line with variables or command substitution"],
    remedies: ["name its programs in `contents`, and silence the code"],
    example: "# modprobe.d: install x $(which helper) && modprobe -i x\nkernel: { modules: [x] }",
    mended:
      "contents: [{ object: /usr/sbin/helper }]\nkernel: { modules: [x] }\nsilence: [kernel/modprobe-command]",
  },
  "graph/nss-modules": {
    title: "nsswitch.conf names services whose modules are not in the image",
    happened:
      "glibc opens libnss_NAME.so.2 by name when a user or host is looked up. The tree has the module, the image has not, so these lookups find nothing.",
    causes: ["/etc/nsswitch.conf came along with /etc"],
    remedies: ["add the module to `contents`", "silence the code, if no such lookup is made in the image"],
    example: "contents: [{ object: /etc/nsswitch.conf }, { object: /usr/sbin/sshd }]",
    mended:
      "contents:\n  - object: /etc/nsswitch.conf\n  - object: /usr/sbin/sshd\n  - object: /lib/x86_64-linux-gnu/libnss_systemd.so.2",
  },
  "graph/pam-modules": {
    title: "a PAM stack names modules that are not in the image",
    happened:
      "A file of /etc/pam.d names a module that the tree has and the image has not. Logins through it fail.",
    causes: ["/etc/pam.d came along with /etc"],
    remedies: ["add the module to `contents`", "write a shorter stack under `files`"],
    example: "contents: [{ object: /etc/pam.d/login }, { object: /bin/login }]",
    mended:
      "contents:\n  - object: /etc/pam.d/login\n  - object: /bin/login\n  - object: /lib/x86_64-linux-gnu/security/*",
  },
  "graph/thread-exit": {
    title: "libgcc_s.so.1 is opened where a thread is cancelled, and is not in the image",
    happened:
      "glibc opens the library when a thread ends early (pthread_exit, pthread_cancel), and aborts the program where it is missing. No header says so.",
    causes: ["programs with threads: cryptsetup, multipathd, mdadm's monitor"],
    remedies: ["add it to `contents`", "silence the code, if the program never gets there"],
    example: "contents: [{ object: /usr/sbin/cryptsetup }]",
    mended: "contents:\n  - object: /usr/sbin/cryptsetup\n  - object: /lib/x86_64-linux-gnu/libgcc_s.so.1",
  },
  "graph/gconv": {
    title: "programs convert character sets, and no converter is in the image",
    happened:
      "iconv opens modules of /usr/lib/…/gconv by name. Without them only UTF-8, Latin-1 and ASCII are known: mounting FAT or asking for a passphrase may need others.",
    causes: ["a program that uses iconv_open"],
    remedies: ["add the directory to `contents`", "silence the code, if ASCII and UTF-8 will do"],
    example: "contents: [{ object: /usr/bin/iconv }]",
    mended: "contents:\n  - object: /usr/bin/iconv\n  - object: /usr/lib/x86_64-linux-gnu/gconv",
  },
  "graph/dlopen-strings": {
    title: "a program opens libraries by name, and some that it names are not in the image",
    happened:
      "The program uses dlopen, and names of libraries stand in its text that the tree has and the image has not. Whether it opens them nobody can tell without running it.",
    causes: ["plugins, smart cards, optional features"],
    remedies: ["add to `contents` what the feature that you use needs", "silence the code"],
    example: "contents: [{ object: /usr/bin/systemd-cryptenroll }]",
    mended: "contents: [{ object: /usr/bin/systemd-cryptenroll }]\nsilence: [graph/dlopen-strings]",
  },
  "graph/library-dlopen-strings": {
    title: "a library opens others by name (only in the manifest)",
    happened:
      "The same as graph/dlopen-strings, of a library. Nearly every image has some, so it is told in the manifest alone.",
    causes: ["libraries with optional features, such as libsystemd"],
    remedies: ["look into <name>.manifest.json when something is missing at run time"],
    example: "contents: [{ object: /usr/bin/systemctl }]",
    mended: null,
  },
  "graph/unread-packing": {
    title: "store paths within what is packed cannot be seen",
    happened:
      "In a `content-pure` image every store path gets another name. Files in this packing were not looked into; if they name store paths, those names no longer exist in the image.",
    causes: ["bzip2, lz4 or squashfs within a store path"],
    remedies: ["unpack them in the derivation", "silence the code, if they name none"],
    example: "store: content-pure\ncontents: [{ object: /nix/store/0c0z6v8xr3rf1zyqj2n4m5gkpsyl7w9d-app }]",
    mended:
      "store: content-pure\ncontents: [{ object: /nix/store/0c0z6v8xr3rf1zyqj2n4m5gkpsyl7w9d-app }]\nsilence: [graph/unread-packing]",
  },
  "graph/prepended-names": {
    title: "a prepended archive names store paths that have other names in the image",
    happened:
      "Prepended archives stay as they are. In a `content-pure` image the store paths that it names are called otherwise, and are not found.",
    causes: ["an archive with scripts of the store, and its programs in the recipe"],
    remedies: ["put the archive's files into the recipe", "add the store paths to the archive itself"],
    example:
      "store: content-pure\nprepend: [./early.cpio]\ncontents: [{ object: /nix/store/0c0z6v8xr3rf1zyqj2n4m5gkpsyl7w9d-app }]",
    mended: null,
  },
  "packages/no-database": {
    title: "the sysroot names no packages, so the SBOM maps none of its files",
    happened:
      "Packages come from the tree's own database (dpkg, rpm, apk) or from store paths. This tree has none, so the SBOM lists files without packages.",
    causes: [
      "a tree that was unpacked by hand, or made by buildroot",
      "a container that removed /var/lib/dpkg",
    ],
    remedies: ["use a tree that a package manager installed", "silence the code"],
    example: "# the tree has no database of packages\n$ initgraph build --sbom spdx",
    mended: "silence: [packages/no-database]",
  },
  "packages/unreadable": {
    title: "a database of packages cannot be read",
    happened: "The SBOM lacks what stands in it.",
    causes: ["a damaged status file", "an rpm database that needs a program which is not here"],
    remedies: ["mend the database in the tree", "silence the code, if other tools tell what is missing"],
    example: "# var/lib/dpkg/status is damaged\n$ initgraph build --sbom spdx",
    mended: "silence: [packages/unreadable]",
  },
  "packages/no-file-lists": {
    title: "the sysroot does not say which files belong to some of its packages",
    happened:
      "Packages are named, and their lists of files are gone: their files are in the SBOM without a package.",
    causes: ["small container images, which remove /var/lib/dpkg/info"],
    remedies: ["keep the lists in the sysroot", "silence the code"],
    example: "# var/lib/dpkg/info was removed\n$ initgraph build --sbom spdx",
    mended: "silence: [packages/no-file-lists]",
  },
};
