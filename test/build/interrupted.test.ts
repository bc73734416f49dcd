/** Whatever happens to a build, the result of the last one stays whole, and the next one works. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { scratchDirectory } from "../support/scratch.ts";

const MAIN = fileURLToPath(new URL("../../bin/cli/main.js", import.meta.url));
const FILES = 60;

/** A tree that takes a while: 30 MB that compress badly. */
function makeRecipe(t: TestContext): string {
  const directory = scratchDirectory(t);
  mkdirSync(join(directory, "root/data"), { recursive: true });
  fillTree(directory, 1);
  writeFileSync(
    join(directory, "initrd.yaml"),
    "sysroot: ./root\ncontents:\n  - object: /data\ncompressor: zstd\n",
  );
  return directory;
}

function fillTree(directory: string, seed: number): void {
  let state = seed;
  for (let at = 0; at < FILES; at++) {
    const bytes = Buffer.alloc(500_000);
    for (let word = 0; word < bytes.length; word += 4) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      bytes.writeUInt32LE(state, word);
    }
    writeFileSync(join(directory, `root/data/file${at}`), bytes);
  }
}

function startBuild(directory: string, cache = "kept"): ChildProcess {
  const args = [MAIN, "build", "--cache", cache, "--quiet"];
  return spawn(process.execPath, args, { cwd: directory, stdio: ["ignore", "ignore", "inherit"] });
}

async function codeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  return new Promise((resolve) => child.on("exit", resolve));
}

function results(directory: string): Map<string, string> {
  const out = join(directory, "result");
  const names = readdirSync(out).filter((name) => !name.startsWith("."));
  return new Map(names.map((name) => [name, readFileSync(join(out, name), "latin1")]));
}

test("kill -9 at any time leaves the last result whole, and the next build works", async (t) => {
  const directory = makeRecipe(t);
  assert.equal(await codeOf(startBuild(directory)), 0);
  const before = results(directory);
  fillTree(directory, 2);
  for (const delayMs of [150, 300, 450, 600, 800, 1000, 1300]) {
    const child = startBuild(directory);
    await sleep(delayMs);
    child.kill("SIGKILL");
    if ((await codeOf(child)) === 0) break;
    const image = results(directory);
    // A kill between two renames leaves the new image beside the old manifest; each of them is whole.
    assert.ok(image.get("initrd.zst") === before.get("initrd.zst") || image.size === before.size);
    assert.equal(readlinkSync(join(directory, "result/initrd")), "initrd.zst");
  }
  assert.equal(await codeOf(startBuild(directory)), 0);
  const repaired = results(directory);
  assert.equal(await codeOf(startBuild(directory, "another")), 0);
  assert.deepEqual(results(directory), repaired);
  const left = readdirSync(join(directory, "result")).filter((name) => name.startsWith("."));
  assert.deepEqual(left, []);
});

test("two builds of one recipe at once agree with each other", async (t) => {
  const directory = makeRecipe(t);
  const codes = await Promise.all(
    [startBuild(directory), startBuild(directory), startBuild(directory)].map(codeOf),
  );
  assert.deepEqual(codes, [0, 0, 0]);
  const together = results(directory);
  assert.equal(await codeOf(startBuild(directory, "another")), 0);
  assert.deepEqual(results(directory), together);
});

test("damaged cache content is built anew, not used", async (t) => {
  const directory = makeRecipe(t);
  assert.equal(await codeOf(startBuild(directory)), 0);
  const before = results(directory);
  const content = readdirSync(join(directory, "kept"), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.parentPath.includes("content"),
  );
  assert.ok(content.length > 2);
  for (const entry of content) {
    const path = join(entry.parentPath, entry.name);
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(path, bytes);
  }
  assert.equal(await codeOf(startBuild(directory)), 0);
  assert.deepEqual(results(directory), before);
});
