import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { gunzipSync } from "node:zlib";
import { seededBytes } from "../support/archive.ts";
import type { Starved } from "./starved-worker.ts";

const ENTRY = new URL("./starved-worker.js", import.meta.url);
const MIB = 2 ** 20;

async function memberOf(starved: Starved): Promise<Uint8Array | string> {
  const worker = new Worker(ENTRY, { workerData: starved });
  const [member] = await once(worker, "message");
  return member;
}

test("without memory gzip gives nothing, never a damaged member", async () => {
  const refused: boolean[] = [];
  for (const size of [5 * MIB, 6 * MIB, 9 * MIB, 12 * MIB, 20 * MIB]) {
    const text = Buffer.alloc(size, Buffer.from(seededBytes(1, 6000)).toString("hex"));
    for (const bytes of [new Uint8Array(size), text, seededBytes(size, size)]) {
      for (const growths of [0, 1]) {
        const member = await memberOf({ bytes, level: 1, growths });
        refused.push(typeof member === "string");
        if (typeof member !== "string") assert.ok(gunzipSync(member).equals(bytes), `${size} bytes`);
      }
    }
  }
  assert.ok(refused.includes(true) && refused.includes(false));
});

test("what is small needs no memory but the first", async () => {
  for (const level of [1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    const bytes = seededBytes(level, 4 * MIB);
    const member = await memberOf({ bytes, level, growths: 0 });
    assert.ok(typeof member !== "string" && gunzipSync(member).equals(bytes));
  }
});

test("where WebAssembly does not run at all gzip says why", async () => {
  const refusal = await memberOf({ bytes: seededBytes(1, 100), level: 9, growths: null });
  assert.equal(refusal, "no memory");
});
