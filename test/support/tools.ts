/**
 * What reference tests need from the machine. Where it is missing they are skipped with a message that says
 * how to get it; with INITGRAPH_REQUIRE_TOOLS=1 (as in CI) they fail instead.
 *
 *     test("writes what mkimage writes", requireTool("mkimage"), (t) => { … });
 */
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Options for `test()`: `skip` is false where all is there, else the reason. */
export interface Requirement {
  readonly skip: string | false;
}

/** The Debian packages of tools whose package has another name. */
const PACKAGES: Readonly<Record<string, string>> = {
  "3cpio": "3cpio",
  bsdcpio: "libarchive-tools",
  bsdtar: "libarchive-tools",
  chroot: "coreutils",
  depmod: "kmod",
  dracut: "dracut-core",
  dot: "graphviz",
  dtc: "device-tree-compiler",
  dumpimage: "u-boot-tools",
  fdtdump: "device-tree-compiler",
  lddtree: "pax-utils",
  lsinitramfs: "initramfs-tools-core",
  lsinitrd: "dracut-core",
  lz4: "lz4",
  lzma: "xz-utils",
  mkimage: "u-boot-tools",
  mkinitramfs: "initramfs-tools-core",
  mcopy: "mtools",
  mformat: "mtools",
  mke2fs: "e2fsprogs",
  mmd: "mtools",
  modinfo: "kmod",
  modprobe: "kmod",
  "nix-build": "nix-bin",
  "nix-hash": "nix-bin",
  "nix-store": "nix-bin",
  nix: "nix-bin",
  pzstd: "zstd",
  "qemu-system-aarch64": "qemu-system-arm",
  "qemu-system-x86_64": "qemu-system-x86",
  ...Object.fromEntries(
    ["aarch64", "arm", "i386", "mips64el", "ppc64le", "riscv64", "s390x", "x86_64"].map((machine) => [
      `qemu-${machine}-static`,
      "qemu-user-static",
    ]),
  ),
  readelf: "binutils",
  rpmbuild: "rpm",
  setcap: "libcap2-bin",
  strip: "binutils",
  unmkinitramfs: "initramfs-tools-core",
  unshare: "util-linux",
  xz: "xz-utils",
};

/** For tests that need programs of the machine. */
export function requireTool(...names: readonly string[]): Requirement {
  const missing = names.filter((name) => !isInstalled(name, PATH));
  if (missing.length === 0) return { skip: false };
  const packages = [...new Set(missing.map((name) => PACKAGES[name] ?? name))];
  return lacking(`${missing.join(", ")} not found: apt-get install ${packages.join(" ")}`);
}

/** For tests that need a file that some package of Debian brings. */
export function requireFile(path: string, debian: string): Requirement {
  return existsSync(path) ? { skip: false } : lacking(`${path} not found: apt-get install ${debian}`);
}

/** For tests that need real inputs, which live in the directory that INITGRAPH_LAB names. */
export function requireLabTree(...names: readonly string[]): Requirement {
  const missing = names.filter((name) => !existsSync(labTree(name)));
  return missing.length === 0
    ? { skip: false }
    : lacking(
        `${missing.join(", ")} not found in INITGRAPH_LAB (${process.env["INITGRAPH_LAB"] ?? "not set"})`,
      );
}

/** Where such an input lies; ask `requireLabTree` first. */
export function labTree(name: string): string {
  return join(process.env["INITGRAPH_LAB"] ?? "/nonexistent", name);
}

/** For tests that take longer than a first look at the project should: where the lab is, there is time. */
export function requireTime(): Requirement {
  return requireLabTree(".");
}

/** All of several requirements. */
export function requireAll(...requirements: readonly Requirement[]): Requirement {
  const reasons = requirements.flatMap(({ skip }) => (skip === false ? [] : [skip]));
  return { skip: reasons.length === 0 ? false : reasons.join("; ") };
}

/** For tests that only root can do, such as making device nodes. */
export function requireRoot(): Requirement {
  return process.getuid?.() === 0 ? { skip: false } : { skip: "only root can do this" };
}

function lacking(reason: string): Requirement {
  if (process.env["INITGRAPH_REQUIRE_TOOLS"] === "1") throw new Error(reason);
  return { skip: reason };
}

/** The sbin directories are not on every user's PATH, and chroot, depmod and modinfo lie there. */
const PATH = [process.env["PATH"] ?? "", "/usr/sbin", "/sbin"].join(delimiter);

/** Whether a directory of `path` (as in the environment) has such a program. */
export function isInstalled(program: string, path: string): boolean {
  return path
    .split(delimiter)
    .some((directory) => directory !== "" && isExecutable(join(directory, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
