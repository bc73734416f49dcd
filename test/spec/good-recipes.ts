// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are a recipe's own.
/** Recipes that are taken as they are. */
export const GOOD_RECIPES: readonly string[] = [
  "contents: [{object: /bin/busybox, symlink: /init}]\n",
  "files: {/init: hello}\n",
  "prepend: [./microcode.cpio, './early/*.cpio']\n",
  `# every key there is
include: []
vars: {BOARD: router}
name: rescue
sysroot: ../rootfs
arch: arm64
storeDir: /gnu/store
storeRoot: /srv/store
store: whole
layout: make-initrd
contents:
  - object: /usr/sbin/*fs*
  - object: /gnu/store/abc-tools
    symlink: /init
    suffix: /bin/init
  - {object: ./overlay, target: /}
  - {object: /bin/sh, symlink: /bin/ash, suffix: none}
files:
  /: {directory: true, mode: 0700}
  /init: |
    #!/bin/sh
    exec /bin/sh
  /etc/hostname: {text: "router\\n", mode: "0640", uid: 1, gid: 2}
  /etc/conf: {source: conf/x.conf, mode: 0o600}
  /bin/bash: {symlink: sh}
  /run: {directory: true, mode: 01777}
  /dev/console: {device: c, major: 5, minor: 1}
  /dev/sda: {device: b, major: 8, minor: 0, mode: 0660, gid: 6}
  /run/initctl: {fifo: true}
secrets:
  /etc/wireguard/wg0.conf: ./wg0.conf
  /etc/key: {source: /run/keys/key, mode: "0440", uid: 1, gid: 2}
kernel: {version: 6.1.0-50-arm64, modules: [virtio-pci, "pci:v00001AF4*", kernel/fs/**], firmware: [amdgpu/*]}
prepend: [microcode.cpio]
compressor: {name: xz, level: 9, engine: tool}
compressorArgs: null
extension: .xz
makeUInitrd: true
uInitrdArch: arm64
uInitrdCompression: none
closure:
  libraryPath: [/opt/vendor/lib]
  dlopen: suggested
  hwcaps: [x86-64-v3, power10]
  loaderCache: always
  references: {files: [./closure, ./registration]}
allow:
  - {missing: "libfoo.so.*", neededBy: /usr/bin/x, reason: not used here}
  - {missing: /lib/firmware/*, reason: none needed}
silence: [graph/nss-modules]
budget: {image: 33554432, unpacked: 1.5 GiB}
digests: [sha384, sha512]
epoch: 1700000000
solid: true
`,
  "contents: [{object: /a}]\nclosure: {references: nix}\n",
  "contents: [{object: /a}]\nstore: files\nclosure: {references: scan}\n",
  "contents: [{object: /a}]\nstore: content-pure\nclosure: {references: nix}\n",
  "contents: [{object: /a}]\nstore: [files, content-pure]\n",
  "include: []\nvars: {A: x, B: 1.5, _C9: true, D: '$A ${a} $$'}\nfiles: {/a: '${A}', /b: '$${A}'}\n",
  "contents: [{object: /a}]\nfit: true\nuInitrdArch: riscv\nboard: {}\n",
  `contents: [{object: /a}]
fit:
  kernel: {file: ./Image.gz, load: 0x40400000, entry: 0x40400000, compression: gzip}
  fdt: [./board-a.dtb, /srv/board-b.dtb]
  embeddedData: true
  crc32: true
board:
  kernel: {address: 0x40400000, size: 48 MiB}
  fdt: {address: 0x4f000000, size: 65536}
  ramdisk: {address: 0x44000000, size: 64 MiB}
`,
  "secrets: {/etc/key: /run/keys/key}\n",
  "contents: [{object: /a}]\nuki: {stub: /stub.efi, kernel: ./bzImage}\n",
  `contents: [{object: /a}]
uki:
  stub: /usr/lib/systemd/boot/efi/linuxx64.efi.stub
  kernel: /boot/vmlinuz
  cmdline: console=ttyS0
  osRelease: {source: /etc/os-release}
  uname: 6.1.0-50-amd64
  fdt: ./board.dtb
  splash: ./logo.bmp
  pcrPublicKey: ./key.pem
  microcode: ./ucode.cpio
`,
  "kernel: {modules: [ext4], firmware: required, modprobe: false}\n",
  "contents: [{object: /a}]\nclosure: {references: {database: /nix/var/nix/db/db.sqlite}}\n",
  "contents: [{object: /a}]\ncompressor: /opt/bin/zstd -19 --long=27\nextension: .zst\n",
  "contents: [{object: /a}]\ncompressor: squish\nextension: .sq\n",
  "contents: &c [{object: /a}]\nprepend: &p [x]\nclosure: {libraryPath: []}\nepoch: 0\n",
];
