/** Reference test: what strip(1) takes away. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { readElfParts } from "../../src/formats/elf-sections.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireTool } from "../support/tools.ts";

const SOURCE = `
struct pair { int one; long other; };
static int twice(int x) { struct pair p = { x, x }; return p.one + (int)p.other; }
int main(int argc, char **argv) { (void)argv; return twice(argc); }
`;

test("a program shrinks by what is told, once it is stripped", requireTool("gcc", "strip"), (t) => {
  const cwd = scratchDirectory(t);
  writeFileSync(join(cwd, "a.c"), SOURCE);
  const rows = [
    { built: ["-g", "-o", "out"], strip: [] },
    { built: ["-g", "-m32", "-c", "-o", "out"], strip: ["--strip-debug"] },
    { built: ["-g", "-c", "-o", "out"], strip: ["--strip-debug"] },
    { built: ["-o", "out"], strip: [] },
    { built: ["-s", "-o", "out"], strip: [] },
  ];
  for (const { built, strip } of rows) {
    execFileSync("gcc", [...built, "a.c"], { cwd });
    execFileSync("strip", [...strip, "-o", "stripped", "out"], { cwd });
    const [whole, rest] = ["out", "stripped"].map((name) => readFileSync(join(cwd, name)));
    const told = readElfParts(sourceOf(whole!))!.strippable;
    assert.equal(readElfParts(sourceOf(rest!))!.strippable, 0, built.join(" "));
    // Beside the sections go their headers, their names, and what aligns them; of an object file the debug sections' symbols.
    const gone = whole!.length - rest!.length;
    assert.ok(
      gone - told >= 0 && gone - told < 3000,
      `${built.join(" ")}: ${gone} bytes went, ${told} were told`,
    );
  }
});
