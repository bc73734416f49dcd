import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { scratchDirectory } from "../support/scratch.ts";
import type { Row } from "./contest.ts";
import type { Inputs } from "./inputs.ts";
import { measure } from "./measure.ts";
import { runRow } from "./run-rows.ts";

const RULES = { runs: 2, limitSeconds: 10, measure };

const INPUTS: Inputs = {
  tree: { from: [], needs: [], make: (out) => ["touch", out] },
  image: { from: ["tree"], needs: [], make: (out, tree) => ["cp", tree!, out] },
  scale: { from: [], needs: ["no-such-program"], make: () => [] },
  nix: { from: [], needs: [], make: () => ["bash", "-c", "echo nothing left >&2; exit 1"] },
};

const row = (more: Partial<Row>): Row => ({
  name: "row",
  title: "Row",
  counts: "cpu",
  inputs: [],
  contestants: () => [{ name: "true", command: ["true"] }],
  ...more,
});

test("inputs are made once, from what they are made of, and a row gets a directory of its own", (t) => {
  const directory = scratchDirectory(t);
  const seen: boolean[] = [];
  const contestants: Row["contestants"] = ({ input, work }) => {
    seen.push(existsSync(input("image")), existsSync(work));
    return [{ name: "write", command: ["cp", input("image"), join(work, "out")], output: join(work, "out") }];
  };
  const first = runRow(row({ inputs: ["image"], contestants }), { directory, inputs: INPUTS }, RULES);
  assert.deepEqual(
    [first.trouble, first.standings[0]!.runs.length, first.standings[0]!.outputBytes],
    [null, 2, 0],
  );
  assert.deepEqual(seen, [true, true]);
  assert.ok(!existsSync(join(directory, "work")));
  writeFileSync(join(directory, "image"), "kept");
  const second = runRow(row({ inputs: ["image"], contestants }), { directory, inputs: INPUTS }, RULES);
  assert.equal(second.standings[0]!.outputBytes, 4);
});

test("an input that cannot be made ends its row with the reason, and leaves nothing", (t) => {
  const place = { directory: scratchDirectory(t), inputs: INPUTS };
  const troubleOf = (input: "scale" | "nix" | "sysroot") =>
    runRow(row({ inputs: [input] }), place, RULES).trouble;
  assert.deepEqual(troubleOf("scale"), {
    kind: "missing",
    says: "not installed: no-such-program (to make scale)",
  });
  assert.deepEqual(troubleOf("nix"), { kind: "failed", says: "could not make nix:\nnothing left" });
  assert.deepEqual(troubleOf("sysroot"), { kind: "missing", says: "not in this variant: sysroot" });
  assert.ok(!existsSync(join(place.directory, "nix")));
});

test("a row whose preparation fails says with what", (t) => {
  const contestants = () => {
    throw new Error("the first build failed");
  };
  const result = runRow(row({ contestants }), { directory: scratchDirectory(t), inputs: {} }, RULES);
  assert.deepEqual(result.trouble, { kind: "failed", says: "the first build failed" });
});
