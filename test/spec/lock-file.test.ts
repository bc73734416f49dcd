import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "../../src/core/digest.ts";
import type { Lock } from "../../src/core/lock.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { lockText, readLock } from "../../src/spec/lock-file.ts";
import { randomSource } from "../support/random.ts";

const digest = (text: string) => digestOf(Buffer.from(text));
/** Names that YAML would read as something else, or not at all. */
const NAMES = ["/etc/passwd", "/a: b", "/- x", "/#", "/'\"", "/\n\t", "null", "1", "~", "/ä/字"];

const LOCK: Lock = {
  recipe: digest("recipe"),
  compressor: ["program", "xz: 5.4", "--x=y", ""],
  inputs: {
    sysroot: new Map(NAMES.map((name) => [name, digest(name)])),
    store: new Map(),
    host: new Map([["./init", digest("init")]]),
    prepend: new Map([["1 microcode.cpio", digest("microcode")]]),
  },
  originals: new Map([["/0123-new", "/4567-old"]]),
  image: { file: "board.xz", size: 7, digest: digest("image") },
};

test("a lock comes back from its text as it was", () => {
  assert.deepEqual(readLock(lockText(LOCK), "l"), LOCK);
});

test("one line an input, in the order of their names", () => {
  const lines = lockText(LOCK).split("\n");
  const inputs = lines.filter((line) => line.startsWith("    "));
  assert.equal(inputs.length, NAMES.length + 2);
  assert.ok(lines.every((line) => line.length < 160));
});

test("aliases are refused", () => {
  for (const text of ["lock: &a 1\nrecipe: *a\n", "lock: *none\n"]) {
    assert.throws(() => readLock(text, "l"), { name: "BuildFailure" });
  }
});

test("of a damaged text nothing but the typed error comes out", () => {
  const text = lockText(LOCK);
  const below = randomSource(7);
  for (let round = 0; round < 2000; round++) {
    const at = below(text.length);
    const piece = String.fromCharCode(below(128)).repeat(1 + below(3));
    const damaged = text.slice(0, at) + piece + text.slice(at + below(20));
    try {
      readLock(damaged, "l");
    } catch (error) {
      assert.ok(error instanceof BuildFailure, `${error}`);
      assert.equal(error.problems[0]!.code, "lock/unreadable");
    }
  }
});
