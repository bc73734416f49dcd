import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { HostPath } from "../../src/core/path.ts";
import type { Host, ProgramResult } from "../../src/core/ports.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { nodeHost } from "../../src/host/node-host.ts";
import { hostPath } from "../support/disk-files.ts";
import { scratchDirectory } from "../support/scratch.ts";

const HOST_MODULE = new URL("../../src/host/node-host.js", import.meta.url).href;
const SH = "/bin/sh" as HostPath;
const NO_BYTES = { bytes: new Uint8Array(0) };

const host = hostWithPath(process.env["PATH"]);

test("a program gets a file and writes a new one, byte for byte", async (t) => {
  const directory = scratchDirectory(t);
  const bytes = Buffer.from(Array.from({ length: 300_001 }, (_, index) => (index * 7) & 255).concat(0x0a));
  writeFileSync(`${directory}/in`, bytes);
  const output = hostPath(`${directory}/out`);
  const input = { file: hostPath(`${directory}/in`) };
  const result = await host.runProgram({ program: SH, args: ["-c", "cat"], input, output });
  assert.deepEqual({ ...result, bytes: result.bytes.length }, { exitCode: 0, complaint: "", bytes: 0 });
  assert.ok(readFileSync(`${directory}/out`).equals(bytes));
  assert.equal(statSync(`${directory}/out`).mode & 0o777, 0o600);
});

test("a program gets bytes and its output comes back as bytes", async () => {
  const bytes = Buffer.from("\xff\x00\r\n\n", "latin1");
  const result = await run("cat", { bytes });
  assert.deepEqual(Buffer.from(result.bytes), bytes);
});

test("a program that does not read its input is no problem", async () => {
  const result = await run("exit 0", { bytes: new Uint8Array(5_000_000) });
  assert.equal(result.exitCode, 0);
});

test("a program sees a clean environment and nothing of ours", async () => {
  const result = await run(
    "/usr/bin/env; pwd; read line; echo read $?",
    NO_BYTES,
    hostWithPath("/some/path"),
  );
  const lines = Buffer.from(result.bytes).toString().trim().split("\n").sort();
  const shellOwn = /^(PWD|OLDPWD|SHLVL|_)=/;
  assert.deepEqual(
    lines.filter((line) => !shellOwn.test(line)),
    ["/", "HOME=/nonexistent", "LANG=C", "LC_ALL=C", "PATH=/some/path", "TZ=UTC", "read 1"],
  );
});

test("an exit code and the end of the complaint are told", async () => {
  const result = await run("i=0; while [ $i -lt 2000 ]; do echo line $i >&2; i=$((i+1)); done; exit 3");
  assert.equal(result.exitCode, 3);
  assert.equal(result.complaint.length <= 4096 && result.complaint.endsWith("line 1999"), true);
});

test("a program that a signal ended has an exit code as in a shell", async () => {
  const result = await run("kill -TERM $$");
  assert.deepEqual([result.exitCode, result.complaint], [143, "ended by SIGTERM"]);
});

test("a program that never stops printing is stopped", async () => {
  assert.deepEqual(await problemsOf(run("cat /dev/zero")), [
    { code: "host/program-output-too-large", program: SH, limit: 64 * 1024 * 1024 },
  ]);
});

test("what cannot run is a problem", async (t) => {
  const directory = scratchDirectory(t);
  writeFileSync(`${directory}/text`, "no program");
  const program = hostPath(`${directory}/text`);
  const [problem] = await problemsOf(host.runProgram({ program, args: [], input: NO_BYTES, output: null }));
  assert.deepEqual(problem, {
    code: "host/cannot-run",
    program,
    errno: "EACCES",
    what: "permission denied",
  });
});

test("an output that exists is not overwritten, and one of a program that did not start is removed", async (t) => {
  const directory = scratchDirectory(t);
  writeFileSync(`${directory}/taken`, "old");
  const taken = hostPath(`${directory}/taken`);
  const [first] = await problemsOf(
    host.runProgram({ program: SH, args: ["-c", "echo new"], input: NO_BYTES, output: taken }),
  );
  assert.equal(first?.code, "host/cannot-write");
  assert.equal(readFileSync(`${directory}/taken`, "latin1"), "old");
  const program = hostPath(`${directory}/missing`);
  const output = hostPath(`${directory}/fresh`);
  const [second] = await problemsOf(host.runProgram({ program, args: [], input: NO_BYTES, output }));
  assert.equal(second?.code, "host/cannot-run");
  assert.equal(existsSync(`${directory}/fresh`), false);
});

test("a program is found by the search path, the first executable file wins", (t) => {
  const directory = scratchDirectory(t);
  for (const part of ["a", "b", "c"]) mkdirSync(`${directory}/${part}`);
  mkdirSync(`${directory}/a/tool`); // a directory of that name
  writeFileSync(`${directory}/b/tool`, "not executable");
  makeProgram(`${directory}/c/real`, "exit 0");
  symlinkSync("real", `${directory}/c/tool`);
  const here = hostWithPath(`::relative:${directory}/a:${directory}/b/:${directory}//c`);
  assert.equal(here.findProgram("tool"), `${directory}/c/tool`);
  assert.equal(here.findProgram("other"), null);
  assert.equal(here.findProgram(""), null);
  assert.equal(here.findProgram(`${directory}/c/tool`), `${directory}/c/tool`);
  assert.equal(here.findProgram(`${directory}/b/tool`), null);
});

test("a version is the first line of text, from wherever it comes", async (t) => {
  const directory = scratchDirectory(t);
  const versionOf = (script: string): Promise<string> => {
    makeProgram(`${directory}/tool`, script);
    return host.programVersion(hostPath(`${directory}/tool`));
  };
  assert.equal(await versionOf('echo; echo "  tool 1.2  "; echo more'), "tool 1.2");
  assert.equal(await versionOf("echo tool 1.3 >&2"), "tool 1.3");
  // As bzip2 does: the version as a complaint, and what it makes of its empty input.
  assert.equal(await versionOf("printf 'BZh9\\027rE8P\\220'; echo tool 1.4 >&2; cat"), "tool 1.4");
  assert.equal(await versionOf("echo invalid option >&2; exit 1"), "");
  assert.equal(await versionOf("exec cat /dev/zero"), "");
  assert.equal(await host.programVersion(hostPath(`${directory}/missing`)), "");
});

test("no more than the jobs run at a time", async () => {
  const limited = nodeHost({ jobs: 2, environment: {} });
  let [running, most] = [0, 0];
  const work = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
  };
  await Promise.all(Array.from({ length: 10 }, () => limited.limit(work)));
  assert.equal(most, 2);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  test(`${signal} ends us and whatever our programs started`, async (t) => {
    const directory = scratchDirectory(t);
    // The grandchild's number tells later whether it still runs.
    const script = `sleep 60 & echo $! > ${directory}/pid; mv ${directory}/pid ${directory}/started; wait`;
    const ended = await endWhileRunning(t, script, { signal, started: `${directory}/started` });
    assert.equal(ended, signal);
    const grandchild = readFileSync(`${directory}/started`, "latin1").trim();
    for (let tries = 0; isRunning(grandchild) && tries < 100; tries++) await sleep(20);
    assert.equal(isRunning(grandchild), false);
  });
}

async function endWhileRunning(
  t: TestContext,
  script: string,
  { signal, started }: { signal: NodeJS.Signals; started: string },
): Promise<NodeJS.Signals | null> {
  const source = `import { nodeHost } from ${JSON.stringify(HOST_MODULE)};
    const host = nodeHost({ jobs: 1, environment: process.env });
    await host.runProgram({ program: "/bin/sh", args: ["-c", ${JSON.stringify(script)}],
      input: { bytes: new Uint8Array(0) }, output: null });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], { stdio: "inherit" });
  t.after(() => child.kill("SIGKILL"));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.on("exit", (_, by) => resolve(by)));
  while (!existsSync(started)) await sleep(20);
  child.kill(signal);
  return ended;
}

function isRunning(pid: string): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, "latin1").includes(") Z ");
  } catch {
    return false;
  }
}

function run(
  script: string,
  input: { readonly bytes: Uint8Array } = NO_BYTES,
  on: Host = host,
): Promise<ProgramResult> {
  return on.runProgram({ program: SH, args: ["-c", script], input, output: null });
}

function hostWithPath(PATH: string | undefined): Host {
  return nodeHost({ jobs: 1, environment: { PATH } });
}

function makeProgram(path: string, script: string): void {
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}

async function problemsOf(work: Promise<unknown>): Promise<BuildFailure["problems"]> {
  try {
    await work;
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  return [];
}
