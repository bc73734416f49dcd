/**
 * Reference test: the closure of this machine's own programs, as its own loader tells it
 * (`ld.so --list`, and trace mode, as ldd has it, where something is missing).
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "node:test";
import type { HostPath } from "../../../src/core/path.ts";
import { lddLines } from "../../../src/graph/loader/ldd.ts";
import { directoryTree } from "../../../src/host/directory-tree.ts";
import { elfFilesBelow } from "../../support/elf-files.ts";
import { labTree, requireAll, requireLabTree, requireRoot, requireTool } from "../../support/tools.ts";
import { loadingOf } from "./loading.ts";

const ENVIRONMENT = { LC_ALL: "C", PATH: "/usr/bin:/usr/sbin:/bin:/sbin" };

/** The loaders that this machine's kernel runs, by e_machine. */
const NATIVE: Readonly<Record<string, number>> = { x64: 62, arm64: 183, s390x: 22, riscv64: 243 };

test("every program of this machine has the closure that its own loader tells", () => {
  const tree = directoryTree("/" as HostPath);
  const { access, load } = loadingOf(tree);
  const programs = ["/usr/bin", "/usr/sbin"].flatMap((directory) => elfFilesBelow(directory, access));
  const differences: string[] = [];
  let compared = 0;
  for (const { path, elf } of programs) {
    const loader = elf.interpreter;
    if (loader === null || elf.machine.machine !== NATIVE[process.arch] || elf.machine.bits !== 64) continue;
    if (!existsSync(loader) || /ld-musl/.test(loader)) continue;
    const ours = lddLines(load(`/${path}`)).lines.map(withoutAddress);
    const theirs = tellLoader(loader, `/${path}`);
    compared += 1;
    if (ours.join("\n") !== theirs.join("\n"))
      differences.push(`/${path}\n${ours.join("\n")}\n-\n${theirs.join("\n")}`);
  }
  assert.deepEqual(differences, []);
  assert.ok(compared > 50, `only ${compared} programs were compared`);
});

test("so have this machine's libraries, each for itself", () => {
  const { access, load } = loadingOf(directoryTree("/" as HostPath));
  const libc = access.paths.resolve("/bin/sh").path;
  const kind = access.scanner.kindOf(libc);
  assert.ok(kind.kind === "elf" && kind.elf.interpreter !== null);
  const loader = kind.elf.interpreter;
  const machine = kind.elf.machine;
  const libraries = elfFilesBelow("/usr/lib", access).filter(({ elf }) => {
    const isOwn = elf.machine.machine === machine.machine && elf.machine.bits === machine.bits;
    return isOwn && elf.interpreter === null && elf.isDynamic && elf.needed.length > 0;
  });
  const sample = libraries.filter((_, index) => index % Math.ceil(libraries.length / 400) === 0);
  const differences = sample.flatMap(({ path }) => {
    const ours = lddLines(load(`/${path}`)).lines.map(withoutAddress);
    const theirs = tellLoader(loader, `/${path}`);
    return ours.join("\n") === theirs.join("\n")
      ? []
      : [`/${path}\n${ours.join("\n")}\n-\n${theirs.join("\n")}`];
  });
  assert.deepEqual(differences, []);
});

const muslPrograms = requireAll(requireLabTree("sysroot-musl"), requireRoot(), requireTool("chroot"));

test("musl programs have the closure that musl's loader tells", muslPrograms, () => {
  const root = labTree("sysroot-musl");
  const { load } = loadingOf(directoryTree(root as HostPath));
  for (const program of ["/usr/bin/hello", "/usr/bin/hello-norpath"]) {
    const loaded = load(program);
    const args = [root, loaded.interpreter?.asked ?? "", "--list", program];
    const { stdout, status } = spawnSync("chroot", args, { encoding: "latin1", env: ENVIRONMENT });
    assert.equal(status, 0);
    const theirs = linesOf(stdout);
    assert.deepEqual(lddLines(loaded).lines.map(withoutAddress), theirs);
  }
});

/** As ldd: what the loader would map, without the kernel's own page, which is no file. */
function tellLoader(loader: string, program: string): string[] {
  const options = { encoding: "latin1", env: { LC_ALL: "C" } } as const;
  const list = spawnSync(loader, ["--list", program], options);
  const trace = { ...options, env: { LC_ALL: "C", LD_TRACE_LOADED_OBJECTS: "1" } };
  const { stdout } = list.status === 0 ? list : spawnSync(loader, [program], trace);
  return linesOf(stdout)
    .filter((line) => !/^\tlinux-(vdso|gate)/.test(line))
    .map(asBaseline);
}

/**
 * The loader prefers libraries for its own processor, which an image for any processor cannot; the plain one
 * beside them is the one that we take.
 */
function asBaseline(line: string): string {
  return line.replace(/\/glibc-hwcaps\/[^/]+\//, "/");
}

function linesOf(output: string): string[] {
  return output
    .split("\n")
    .filter((line) => line !== "")
    .map(withoutAddress);
}

function withoutAddress(line: string): string {
  return line.replace(/ \(0x[0-9a-f]+\)$/, "");
}
