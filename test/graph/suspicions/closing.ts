/** The warnings of a recipe on trees in memory. */
import type { Warning } from "../../../src/core/warning.ts";
import { closeReferences } from "../../../src/graph/close.ts";
import type { Spec } from "../../../src/spec/spec.ts";
import { type MemoryFile, memoryTree } from "../../support/memory-tree.ts";
import { object, specOf } from "../../support/specs.ts";

export function warningsOf(
  sysroot: Readonly<Record<string, MemoryFile>>,
  objects: readonly string[],
  spec: Partial<Spec> = {},
): readonly Warning[] {
  const trees = {
    sysroot: memoryTree("/sysroot", sysroot),
    host: memoryTree("/", {}),
    store: memoryTree("/nix/store", {}),
  };
  const contents = objects.map((name) => object(name));
  return closeReferences(specOf({ contents, ...spec }), trees, { from: "scan" }, () => {}).warnings;
}
