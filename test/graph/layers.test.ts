/** Layers are closed one over another, and no file of any is passed by. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { showPath } from "../../src/core/path.ts";
import { decideRecipe } from "../support/decided.ts";
import { writeElf } from "../support/elf-writer.ts";
import { LOADER, loaderFile } from "./loader/loading.ts";

test("what the first file of every layer refers to comes along", async () => {
  const program = (needed: string) => ({
    mode: 0o755,
    bytes: writeElf({ interpreter: LOADER, needed: [needed] }),
  });
  const library = (soname: string) => writeElf({ soname });
  const names = ["a", "b", "c", "d"];
  const tree = {
    [LOADER]: loaderFile(),
    ...Object.fromEntries(names.map((name) => [`/usr/bin/${name}`, program(`lib${name}.so.1`)])),
    ...Object.fromEntries(names.map((name) => [`/usr/lib/lib${name}.so.1`, library(`lib${name}.so.1`)])),
  };
  const layer = (name: string) => `  - { name: ${name}, contents: [{ object: /usr/bin/${name} }] }\n`;
  const empty = "  - { name: none, files: { /etc/x: x } }\n";
  const recipe = `sysroot: /sysroot\ncontents: [{ object: /usr/bin/d }]\nlayers:\n${layer("a")}${layer("b")}${empty}${layer("c")}`;
  const { decision } = await decideRecipe(recipe, tree);
  const libraries = decision.plan.layers.flatMap(({ name, entries }) =>
    entries.map(({ entry }) => `${name} ${showPath(entry.path)}`).filter((text) => /lib\w\.so/.test(text)),
  );
  assert.deepEqual(libraries, [
    "a /usr/lib/liba.so.1",
    "b /usr/lib/libb.so.1",
    "c /usr/lib/libc.so.1",
    "main /usr/lib/libd.so.1",
  ]);
});
