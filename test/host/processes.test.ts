import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test } from "node:test";
import { processNames } from "../../src/host/processes.ts";

const processes = processNames();
const [pid, startTime, where] = processes.self.split("-");

test("a process knows its own name, and a second look gives the same", () => {
  assert.equal(pid, String(process.pid));
  assert.equal(processNames().self, processes.self);
  assert.equal(processes.isAlive(processes.self), true);
});

test("another process is alive until it ends", async () => {
  const module = new URL("../../src/host/processes.js", import.meta.url).href;
  const script = `import { processNames } from ${JSON.stringify(module)};
    console.log(processNames().self); process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.on("exit", resolve));
  const name = await new Promise<string>((resolve) => {
    child.stdout.once("data", (data) => resolve(String(data).trim()));
  });
  assert.equal(processes.isAlive(name), true);
  child.stdin.end();
  await ended;
  assert.equal(processes.isAlive(name), false);
});

test("a number that was used again is another process", () => {
  assert.equal(processes.isAlive(`${pid}-${Number(startTime) - 1}-${where}`), false);
});

test("a number that is not in use is dead", () => {
  const { pid: ended } = spawnSync(process.execPath, ["--version"]);
  assert.equal(processes.isAlive(`${ended}-1-${where}`), false);
});

test("of another machine, container or boot nothing is known", () => {
  assert.equal(processes.isAlive(`${pid}-${startTime}-00000000`), null);
  assert.equal(processes.isAlive("550e8400-e29b-41d4-a716-446655440000"), null);
});
