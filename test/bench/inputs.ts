/** What is measured on. Made by the scripts of inputs/ when a row first asks for it, and kept for the next time. */
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lacking, type Need, PATH, ROOT_RIGHTS } from "./needs.ts";
import type { Extent } from "./table.ts";
import { filesOf, walk } from "./walk.ts";

export type InputName =
  | "sysroot"
  | "tree"
  | "tree-mkinitramfs"
  | "next-kernel"
  | "image"
  | "scale"
  | "nix-packages"
  | "nix";

interface Recipe {
  readonly from: readonly InputName[];
  readonly needs: readonly Need[];
  /** The command that makes `out`, or prints it. */
  readonly make: (out: string, ...from: string[]) => readonly string[];
  readonly prints?: true;
}

export type Inputs = Partial<Record<InputName, Recipe>>;

/** An input that cannot be made here, and why. */
export class InputMissing extends Error {
  override readonly name = "InputMissing";
}

const SCRIPTS = join(process.cwd(), "test/bench/inputs");
const script = (name: string): string => join(SCRIPTS, name);
const program = (name: string): readonly string[] => [
  process.execPath,
  join(import.meta.dirname, "inputs", name),
];
const CHROOT = [ROOT_RIGHTS, "unshare", "chroot", "cpio", "zstd"];

/** What a store's closure begins with: the programs of an initrd. */
const STORE_SEEDS =
  "bash btrfs-progs busybox coreutils cryptsetup-bin e2fsprogs iproute2 kmod lvm2 mount openssh-server systemd udev util-linux";

export const INPUTS: Inputs = {
  sysroot: { from: [], needs: [ROOT_RIGHTS, "mmdebstrap"], make: (out) => [script("sysroot.sh"), out] },
  tree: {
    from: ["sysroot"],
    needs: CHROOT,
    make: (out, sysroot) => [script("unpacked.sh"), out, "dracut", sysroot!],
  },
  "tree-mkinitramfs": {
    from: ["sysroot"],
    needs: CHROOT,
    make: (out, sysroot) => [script("unpacked.sh"), out, "mkinitramfs", sysroot!],
  },
  "next-kernel": {
    from: ["tree"],
    needs: ["apt-get", "dpkg-deb"],
    make: (out, tree) => [script("next-kernel.sh"), out, tree!],
  },
  image: { from: ["tree"], needs: ["cpio", "zstd"], make: (out, tree) => [script("image.sh"), out, tree!] },
  scale: { from: [], needs: [], make: (out) => [...program("scale-tree.js"), out, "200000", "2000000000"] },
  "nix-packages": {
    from: ["sysroot"],
    needs: ["patchelf"],
    make: (_, sysroot) => [...program("nix-packages.js"), sysroot!, ...STORE_SEEDS.split(" ")],
    prints: true,
  },
  nix: {
    from: ["sysroot", "nix-packages"],
    needs: ["nix-build", "patchelf", "depmod"],
    make: (out, sysroot, packages) => [script("nix-store.sh"), out, sysroot!, packages!],
  },
};

/** For a look at whether all still works: nothing is downloaded, no root rights are needed. */
export const SMALL_INPUTS: Inputs = {
  tree: { from: [], needs: [], make: (out) => [...program("scale-tree.js"), out, "1500", "20000000"] },
  image: INPUTS.image!,
  scale: { from: [], needs: [], make: (out) => [...program("scale-tree.js"), out, "10000", "50000000"] },
};

/** The input's path below `directory`. Throws InputMissing. */
export function provideInput(name: InputName, inputs: Inputs, directory: string): string {
  const path = join(directory, name);
  if (existsSync(path)) return path;
  const recipe = inputs[name];
  if (recipe === undefined) throw new InputMissing(`not in this variant: ${name}`);
  const reason = lacking(recipe.needs);
  if (reason !== null) throw new InputMissing(`${reason} (to make ${name})`);
  const from = recipe.from.map((other) => provideInput(other, inputs, directory));
  console.error(`making ${path}`);
  // It gets its name only when it is whole.
  const part = `${path}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  const [command = "", ...args] = recipe.make(part, ...from);
  const run = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    env: { ...process.env, PATH },
  });
  if (run.status !== 0)
    throw new Error(`could not make ${name}:\n${run.error?.message ?? run.stderr.trim().slice(-1000)}`);
  if (recipe.prints) writeFileSync(part, run.stdout);
  renameSync(part, path);
  return path;
}

/** How large an input is; a name of a file counts as an entry, its bytes count once. */
export function extentOf(name: string, path: string): Extent {
  const facts = lstatSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return { name, entries: 0, bytes: 0 };
  if (!facts.isDirectory()) return { name, entries: 1, bytes: facts.size };
  const seen = new Set<number>();
  let bytes = 0;
  for (const file of filesOf(path)) {
    const { ino, size } = lstatSync(file);
    if (!seen.has(ino)) bytes += size;
    seen.add(ino);
  }
  return { name, entries: walk(path).length, bytes };
}
