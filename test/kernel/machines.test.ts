/** A kernel's modules are for the recipe's machine, or for that of the image's programs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { archByName } from "../../src/core/arch.ts";
import { BuildFailure, type Problem } from "../../src/core/problem.ts";
import { closeReferences } from "../../src/graph/close.ts";
import { writeElf } from "../support/elf-writer.ts";
import { KERNEL_TREE, kernelOf, kernelSpec, MODULES } from "../support/kernel-tree.ts";
import { type MemoryFile, memoryTree } from "../support/memory-tree.ts";
import { writeModule } from "../support/module-writer.ts";
import { object, spanAt, specOf } from "../support/specs.ts";

const LATE = `${MODULES}/kernel/drivers/late.ko`;
/** e_machine */
const [I386, ARM, X86_64, AARCH64, RISCV] = [3, 40, 62, 183, 243];

async function problemsOf(
  late: Parameters<typeof writeModule>[0],
  { arch, program }: { readonly arch?: string; readonly program?: MemoryFile },
): Promise<readonly Problem[]> {
  const files = { ...KERNEL_TREE, [LATE]: { mode: 0o755, bytes: writeModule(late) } };
  const tree = program === undefined ? files : { ...files, "/bin/x": program };
  const kernel = kernelSpec(["late"]);
  const contents = program === undefined ? [] : [object("/bin/x")];
  const spec = specOf({ kernel, contents, arch: arch === undefined ? null : archByName(arch) });
  const trees = { sysroot: memoryTree("/", tree), host: memoryTree("/", {}), store: memoryTree("/nix", {}) };
  try {
    closeReferences(spec, trees, { from: "scan" }, () => {}, [await kernelOf(kernel, tree)]);
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  return [];
}

test("a module of another machine than the recipe's is a problem at the line that asks for it", async () => {
  assert.deepEqual(await problemsOf({ machine: AARCH64 }, { arch: "x86_64" }), [
    {
      code: "kernel/wrong-arch",
      path: LATE.slice(1),
      chain: { through: [], from: spanAt(2) },
      found: "aarch64",
      expected: "x86_64",
      by: "recipe",
    },
  ]);
  assert.equal((await problemsOf({ machine: RISCV, endian: "big" }, { arch: "riscv64" })).length, 1);
  assert.equal((await problemsOf({ machine: I386, bits: 32 }, { arch: "x86_64" })).length, 1);
});

test("a kernel may have more bits than its programs, and no floating point", async () => {
  assert.deepEqual(await problemsOf({ machine: RISCV }, { arch: "riscv64" }), []);
  assert.deepEqual(await problemsOf({ machine: X86_64 }, { arch: "i386" }), []);
  assert.deepEqual(await problemsOf({ machine: AARCH64 }, { arch: "armhf" }), []);
  assert.deepEqual(await problemsOf({ machine: ARM, bits: 32 }, { arch: "armhf" }), []);
});

test("without a machine in the recipe the image's programs say it", async () => {
  const program: MemoryFile = { mode: 0o755, bytes: writeElf({ machine: X86_64 }) };
  assert.deepEqual(await problemsOf({ machine: X86_64 }, { program }), []);
  const [problem] = await problemsOf({ machine: AARCH64 }, { program });
  assert.ok(problem?.code === "kernel/wrong-arch" && problem.by === "programs");
  assert.equal(problem.expected, "x86_64");
});
