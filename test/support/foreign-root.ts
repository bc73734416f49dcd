/** Roots in which programs of other machines run: natively, or under QEMU's user emulation. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildRecipe } from "./initgraph.ts";
import { type Requirement, requireAll, requireRoot, requireTool } from "./tools.ts";

export interface ForeignMachine {
  /** Of Debian. */
  readonly triplet: string;
  readonly qemu: string;
  /** What Node calls machines that run its programs themselves. */
  readonly native: readonly string[];
}

/** By the first part of a lab tree's name behind `sysroot-`. */
const MACHINES: Readonly<Record<string, ForeignMachine>> = {
  amd64: { triplet: "x86_64-linux-gnu", qemu: "x86_64", native: ["x64"] },
  arm64: { triplet: "aarch64-linux-gnu", qemu: "aarch64", native: ["arm64"] },
  armhf: { triplet: "arm-linux-gnueabihf", qemu: "arm", native: [] },
  i386: { triplet: "i386-linux-gnu", qemu: "i386", native: ["x64"] },
  mips64el: { triplet: "mips64el-linux-gnuabi64", qemu: "mips64el", native: [] },
  ppc64el: { triplet: "powerpc64le-linux-gnu", qemu: "ppc64le", native: [] },
  riscv64: { triplet: "riscv64-linux-gnu", qemu: "riscv64", native: [] },
  s390x: { triplet: "s390x-linux-gnu", qemu: "s390x", native: [] },
};

/** "sysroot-riscv64-trixie" is one for riscv64. */
export function machineOfTree(tree: string): ForeignMachine {
  return MACHINES[tree.split("-")[1] ?? ""]!;
}

/** What running a machine's programs in a root of their own needs. */
export function requireForeign({ qemu, native }: ForeignMachine): Requirement {
  const emulator = native.includes(process.arch) ? [] : [`qemu-${qemu}-static`];
  return requireAll(requireRoot(), requireTool("chroot", ...emulator));
}

export interface ForeignRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A directory that is some machine's root. */
export class ForeignRoot {
  readonly directory: string;
  readonly #emulator: string | null;

  /** Brings the emulator with it, in case it needs one. */
  constructor(directory: string, { qemu, native }: ForeignMachine) {
    this.directory = directory;
    this.#emulator = native.includes(process.arch) ? null : `/qemu-${qemu}-static`;
    if (this.#emulator === null) return;
    const places = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin"];
    const found = places.map((place) => join(place, this.#emulator!)).find((path) => existsSync(path));
    copyFileSync(realpathSync(found ?? ""), join(directory, this.#emulator));
  }

  /** `more` is for the program alone: chroot and the emulator have loaders of their own. */
  run(words: readonly string[], more: Readonly<Record<string, string>> = {}): ForeignRun {
    const settings = Object.entries(more).map(([name, value]) => `${name}=${value}`);
    const start =
      this.#emulator === null
        ? settings.length === 0
          ? []
          : ["/usr/bin/env", ...settings]
        : [this.#emulator, ...settings.flatMap((setting) => ["-E", setting])];
    const env = { LC_ALL: "C", PATH: "/usr/bin:/usr/sbin:/bin:/sbin" };
    const options = { encoding: "latin1", env, maxBuffer: 1 << 28 } as const;
    return spawnSync("chroot", [this.directory, ...start, ...words], options);
  }

  /** Where a loader finds the libraries of a program, by name; none where it misses one. */
  list(loader: string, program: string, ...options: readonly string[]): ReadonlyMap<string, string> {
    const { stdout } = this.run([loader, ...options, "--list", program]);
    const lines = [...stdout.matchAll(/^\t(\S+) => (\/\S+)/gm)];
    return new Map(lines.map(([, name, path]) => [name!, path!]));
  }
}

/** Builds a recipe and unpacks its image, as a kernel would. */
export function unpackedImage(recipe: string, scratch: string, ...options: readonly string[]): string {
  const image = buildRecipe(recipe, scratch, "--compressor", "none", ...options);
  const root = join(scratch, "root");
  mkdirSync(root);
  const run = spawnSync("cpio", ["-i", "--quiet", "-m", "-d"], { cwd: root, input: readFileSync(image) });
  assert.equal(run.status, 0, run.stderr.toString());
  return root;
}
