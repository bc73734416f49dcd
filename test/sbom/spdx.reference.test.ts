/** SPDX's own validator (https://github.com/spdx/tools-python) has no complaint of what we write. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { spdxDocument } from "../../src/sbom/spdx.ts";
import { IMAGE, oddSbom, textOf } from "../support/odd-sbom.ts";
import { scratchDirectory } from "../support/scratch.ts";

// From PyPI alone, which not every machine reaches: so it is not among the tools that CI must have.
const isThere = spawnSync("pyspdxtools", ["--version"]).error === undefined;
const options = { skip: isThere ? false : "pyspdxtools not found: pip install spdx-tools" };

test("pyspdxtools finds nothing wrong in the oddest document, and sees what is wrong", options, (t) => {
  const file = join(scratchDirectory(t), "odd.spdx.json");
  const validate = (text: string) => {
    writeFileSync(file, text);
    return spawnSync("pyspdxtools", ["-i", file], { encoding: "utf8" });
  };
  const text = textOf(spdxDocument(oddSbom(), IMAGE));
  const right = validate(text);
  assert.equal(right.status, 0, right.stdout + right.stderr);
  assert.notEqual(validate(text.replace('"algorithm":"SHA1"', '"algorithm":"MD2"')).status, 0);
});
