import assert from "node:assert/strict";
import { test } from "node:test";
import { SignalGuard } from "../../src/cli/ending.ts";
import type { HostPath } from "../../src/core/path.ts";
import type { Host, Output } from "../../src/core/ports.ts";

test("from the moment an output is there a signal is waited for, until all is done", () => {
  const before = process.listenerCount("SIGINT");
  const output = { write: () => {}, commit: () => {}, discard: () => {} } as unknown as Output;
  const signals = new SignalGuard(async () => {});
  const host = signals.guard({
    createOutput: () => {
      assert.equal(process.listenerCount("SIGINT"), before + 1, "it is not there yet");
      return output;
    },
  } as unknown as Host);
  assert.equal(process.listenerCount("SIGINT"), before);
  host.createOutput("/out" as HostPath, 0o644).commit();
  assert.equal(process.listenerCount("SIGINT"), before + 1);
  signals.release();
  assert.equal(process.listenerCount("SIGINT"), before);
});
