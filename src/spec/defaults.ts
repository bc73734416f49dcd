/** What a recipe means where it says nothing. Defaults of compressors are in compressors.ts. */

export const DEFAULTS = {
  name: "initrd",
  sysroot: "/",
  storeDir: "/nix/store",
  store: "whole",
  layout: "plain",
  layering: "none",
  dlopen: "recommended",
  hwcaps: "baseline",
  loaderCache: "auto",
  compressor: "zstd",
  engine: "auto",
  makeUInitrd: false,
  fit: false,
  embeddedData: false,
  crc32: false,
  solid: false,
  /** Of the chosen drivers and of those built in. */
  firmware: true,
  /** The image's modprobe behaves as the sysroot's. */
  modprobe: true,
  /** As nixpkgs, which sets all times to 1: 0 means "no time" to some tools. */
  epoch: 1,
  uid: 0,
  gid: 0,
  textMode: 0o644,
  /** Of text that begins with "#!": a script that cannot run is of no use. */
  scriptMode: 0o755,
  directoryMode: 0o755,
  /** The console's mode in the archive that the kernel builds in. */
  deviceMode: 0o600,
  fifoMode: 0o600,
  /** For root's eyes, and for nobody's hands: what wants a key refuses one that others could read. */
  secretMode: 0o400,
} as const;
