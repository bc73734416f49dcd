/**
 * Reference test: the closure of the programs of foreign trees, as the tree's own loader tells it: run by the
 * machine where it can, else under QEMU's user emulation.
 */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type HostPath, showPath } from "../../../src/core/path.ts";
import { lddLines } from "../../../src/graph/loader/ldd.ts";
import { directoryTree } from "../../../src/host/directory-tree.ts";
import { elfFilesBelow } from "../../support/elf-files.ts";
import { ForeignRoot, machineOfTree, requireForeign } from "../../support/foreign-root.ts";
import { scratchDirectory } from "../../support/scratch.ts";
import { labTree, requireAll, requireLabTree } from "../../support/tools.ts";
import { loadingOf } from "./loading.ts";

/** How many programs are asked for at most, and how many libraries: under emulation each takes its time. */
const TREES: Readonly<Record<string, readonly [programs: number, libraries: number]>> = {
  "sysroot-amd64": [Infinity, 60],
  "sysroot-amd64-trixie": [Infinity, 60],
  "sysroot-arm64": [Infinity, 40],
  "sysroot-armhf": [50, 20],
  "sysroot-i386": [Infinity, 60],
  "sysroot-mips64el": [50, 20],
  "sysroot-ppc64el": [50, 20],
  "sysroot-riscv64": [50, 20],
  "sysroot-s390x": [50, 20],
};
const FEWEST = 60;

for (const [tree, [programs, libraries]] of Object.entries(TREES)) {
  const machine = machineOfTree(tree);
  const needs = requireAll(requireLabTree(tree), requireForeign(machine));

  test(`programs and libraries of ${tree} have the closure that its own loader tells`, needs, (t) => {
    const directory = join(scratchDirectory(t), "root");
    cpSync(labTree(tree), directory, { recursive: true, verbatimSymlinks: true });
    const root = new ForeignRoot(directory, machine);
    const { access, load } = loadingOf(directoryTree(directory as HostPath));
    const files = ["/usr/bin", "/usr/sbin", "/usr/lib"].flatMap((at) => elfFilesBelow(at, access));
    const all = files.filter(({ elf }) => elf.isDynamic && elf.needed.length > 0);
    const isProgram = ({ elf }: (typeof all)[number]) => elf.interpreter !== null;
    const loader = all.find(isProgram)?.elf.interpreter ?? "";
    const chosen = [
      ...sample(all.filter(isProgram), programs),
      ...sample(
        all.filter((file) => !isProgram(file)),
        libraries,
      ),
    ];
    const differences = chosen.flatMap(({ path }) => {
      const ours = lddLines(load(`/${path}`)).lines.map(withoutAddress);
      const theirs = tellLoader(root, loader, `/${path}`);
      return ours.join("\n") === theirs.join("\n") ? [] : [{ path: showPath(path), ours, theirs }];
    });
    assert.deepEqual(differences, []);
    assert.ok(chosen.length > FEWEST, `only ${chosen.length} files were compared`);
    t.diagnostic(`${chosen.length} of ${all.length} files`);
  });
}

/** Spread evenly. */
function sample<Value>(values: readonly Value[], most: number): Value[] {
  const step = Math.max(1, values.length / most);
  return values.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
}

/** As ldd: where something is missing, the old way of asking tells all that is. */
function tellLoader(root: ForeignRoot, loader: string, program: string): string[] {
  const list = root.run([loader, "--list", program]);
  const { stdout } = list.status === 0 ? list : root.run([loader, program], { LD_TRACE_LOADED_OBJECTS: "1" });
  return (
    stdout
      .split("\n")
      // The kernel's own page is no file; under emulation it has no name.
      .filter((line) => line !== "" && !/^\t(linux-(vdso|gate)| )/.test(line))
      .map((line) => withoutAddress(line).replace(/\/glibc-hwcaps\/[^/]+\//, "/"))
  );
}

function withoutAddress(line: string): string {
  return line.replace(/ \(0x[0-9a-f]+\)$/, "");
}
