import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import type { ByteString, HostPath } from "../../src/core/path.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { createOutput, makeDirectory, replaceSymlink } from "../../src/host/output.ts";
import { processNames } from "../../src/host/processes.ts";
import { hostPath } from "../support/disk-files.ts";
import { scratchDirectory } from "../support/scratch.ts";

const processes = processNames();
const OUTPUT_MODULE = new URL("../../src/host/output.js", import.meta.url).href;
const PROCESSES_MODULE = new URL("../../src/host/processes.js", import.meta.url).href;

test("a file is invisible until it is committed, and then whole", (t) => {
  const directory = scratchDirectory(t);
  const path = `${directory}/result/initrd.zst`;
  const output = createOutput(hostPath(path), 0o644, processes);
  output.write(Buffer.from("HEAD----"));
  output.write(Buffer.from("body"));
  output.writeAt(Buffer.from("sums"), 4);
  assert.deepEqual(visible(`${directory}/result`), []);
  output.commit();
  output.discard();
  assert.deepEqual(readdirSync(`${directory}/result`), ["initrd.zst"]);
  assert.equal(readFileSync(path, "latin1"), "HEADsumsbody");
});

test("what is written beside stands in the order in which it was asked for", async (t) => {
  const path = `${scratchDirectory(t)}/initrd`;
  const output = createOutput(hostPath(path), 0o644, processes);
  const pieces = [0, 1, 2, 3].map((digit) => Buffer.alloc(3_000_000, `${digit}`));
  const written = pieces.map((piece) => output.writeBeside(piece));
  output.write(Buffer.from("end"));
  await Promise.all(written);
  output.commit();
  assert.ok(readFileSync(path).equals(Buffer.concat([...pieces, Buffer.from("end")])));
});

test("a file that is discarded while it is written leaves nothing, and no other file gets its bytes", async (t) => {
  const directory = scratchDirectory(t);
  const output = createOutput(hostPath(`${directory}/initrd`), 0o644, processes);
  const written = [1, 2, 3, 4, 5, 6, 7, 8].map(() => output.writeBeside(Buffer.alloc(4_000_000, "x")));
  output.discard();
  writeFileSync(`${directory}/other`, "other");
  await Promise.allSettled(written);
  assert.deepEqual(readdirSync(directory), ["other"]);
  assert.equal(readFileSync(`${directory}/other`, "latin1"), "other");
  await assert.rejects(output.writeBeside(Buffer.from("late")), TypeError);
});

test("a discarded file leaves the old one", (t) => {
  const directory = scratchDirectory(t);
  writeFileSync(`${directory}/initrd`, "old");
  const output = createOutput(hostPath(`${directory}/initrd`), 0o644, processes);
  output.write(Buffer.from("new"));
  output.discard();
  output.discard();
  assert.deepEqual(readdirSync(directory), ["initrd"]);
  assert.equal(readFileSync(`${directory}/initrd`, "latin1"), "old");
});

test("a header cannot be written beyond the end", (t) => {
  const output = createOutput(hostPath(`${scratchDirectory(t)}/initrd`), 0o644, processes);
  output.write(Buffer.from("1234"));
  assert.throws(() => output.writeAt(Buffer.from("567"), 2), RangeError);
  output.discard();
});

for (const umask of ["0000", "0077"]) {
  test(`the mode is as asked under umask ${umask}`, (t) => {
    const directory = scratchDirectory(t);
    const script = `process.umask(0o${umask}); const output = create("${directory}/initrd", 0o640);
      output.write(Buffer.from("x")); output.commit(); link("${directory}/link", "initrd");`;
    assert.equal(runScript(script).stderr, "");
    assert.equal(statSync(`${directory}/initrd`).mode & 0o7777, 0o640);
    assert.equal(readlinkSync(`${directory}/link`), "initrd");
  });
}

test("a symlink is replaced in one step, and a file gives way to it", (t) => {
  const directory = scratchDirectory(t);
  writeFileSync(`${directory}/initrd`, "a file of that name");
  for (const to of ["initrd.zst", "initrd.img", "x\xff"]) {
    replaceSymlink(hostPath(`${directory}/initrd`), to as ByteString, processes);
    assert.equal(readlinkSync(`${directory}/initrd`, "latin1"), to);
  }
  assert.deepEqual(readdirSync(directory), ["initrd"]);
});

test("a committed file replaces a symlink and leaves what it pointed at", (t) => {
  const directory = scratchDirectory(t);
  writeFileSync(`${directory}/other`, "other");
  replaceSymlink(hostPath(`${directory}/initrd`), "other" as ByteString, processes);
  const output = createOutput(hostPath(`${directory}/initrd`), 0o644, processes);
  output.write(Buffer.from("image"));
  output.commit();
  assert.equal(readFileSync(`${directory}/initrd`, "latin1"), "image");
  assert.equal(readFileSync(`${directory}/other`, "latin1"), "other");
});

test("names may be as long as names can be, and of any bytes", (t) => {
  const directory = scratchDirectory(t);
  for (const name of ["x".repeat(255), "\xff.zst"]) {
    const output = createOutput(`${hostPath(directory)}/${name}` as HostPath, 0o644, processes);
    output.write(Buffer.from("x"));
    output.commit();
  }
  const names = readdirSync(directory, "latin1").sort();
  assert.deepEqual(names, ["x".repeat(255), "\xff.zst"]);
});

test("what stands in the way is a problem with its path", (t) => {
  const directory = scratchDirectory(t);
  mkdirSync(`${directory}/taken`);
  writeFileSync(`${directory}/file`, "");
  const taken = hostPath(`${directory}/taken`);
  const below = hostPath(`${directory}/file/below`);
  assert.deepEqual(
    problemsOf(() => createOutput(taken, 0o644, processes)),
    [{ code: "host/is-a-directory", path: taken }],
  );
  assert.deepEqual(
    problemsOf(() => replaceSymlink(taken, "x" as ByteString, processes)),
    [{ code: "host/is-a-directory", path: taken }],
  );
  const [problem] = problemsOf(() => makeDirectory(below));
  assert.equal(problem?.code, "host/cannot-write");
});

test("a full disk is a problem and leaves nothing behind", (t) => {
  const directory = scratchDirectory(t);
  // A limit on the size of files does to write(2) what a full disk does.
  const script = `const output = create("${directory}/initrd", 0o644);
    try { for (let i = 0; i < 100; i++) output.write(Buffer.alloc(100_000)); }
    catch (error) { console.log(error.problems[0].code, error.problems[0].errno); }`;
  const limited = ["-c", `trap '' XFSZ; ulimit -f 1000; exec "$0" "$@"`, process.execPath];
  const child = spawnSync("sh", [...limited, "--input-type=module", "--eval", prelude(script)], {
    encoding: "utf8",
  });
  assert.equal(child.stdout, "host/cannot-write EFBIG\n", child.stderr);
  assert.deepEqual(readdirSync(directory), []);
});

test("a build that is killed leaves the old file, and the next one cleans up", async (t) => {
  const directory = scratchDirectory(t);
  const path = `${directory}/initrd.zst`;
  writeFileSync(path, "old");
  await killWhileWriting(t, path);
  assert.equal(readFileSync(path, "latin1"), "old");
  assert.equal(readdirSync(directory).length, 2);
  const foreign = `${directory}/.initrd.zst.1-2-00000000.00000000.tmp`;
  writeFileSync(foreign, "of another container");

  const output = createOutput(hostPath(path), 0o644, processes);
  const other = createOutput(hostPath(path), 0o644, processes); // a living build's file stays
  output.write(Buffer.from("new"));
  output.commit();
  other.discard();
  assert.equal(readFileSync(path, "latin1"), "new");
  assert.deepEqual(readdirSync(directory), [".initrd.zst.1-2-00000000.00000000.tmp", "initrd.zst"]);
});

test("a build that is killed while it commits leaves one of the two files, whole", async (t) => {
  const directory = scratchDirectory(t);
  const path = `${directory}/initrd`;
  const [one, two] = ["1", "2"].map((digit) => digit.repeat(300_000));
  writeFileSync(path, one!);
  const script = `for (let i = 0; ; i++) { const output = create("${path}", 0o644);
    output.write(Buffer.alloc(300_000, i % 2 ? "1" : "2")); output.commit(); if (i === 3) console.log("ready"); }`;
  for (let round = 0; round < 5; round++) {
    await killWhenReady(t, script);
    assert.ok([one, two].includes(readFileSync(path, "latin1")));
  }
  createOutput(hostPath(path), 0o644, processes).discard();
  assert.deepEqual(readdirSync(directory), ["initrd"]);
});

async function killWhileWriting(t: TestContext, path: string): Promise<void> {
  const script = `const output = create("${path}", 0o644); output.write(Buffer.from("half"));
    console.log("ready"); setInterval(() => output.write(Buffer.from("x")), 1);`;
  await killWhenReady(t, script);
}

/** kill -9 as soon as the script prints something. */
async function killWhenReady(t: TestContext, script: string): Promise<void> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", prelude(script)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => child.kill("SIGKILL"));
  const ended = new Promise((resolve) => child.on("exit", resolve));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  child.kill("SIGKILL");
  await ended;
}

function runScript(script: string): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["--input-type=module", "--eval", prelude(script)], {
    encoding: "utf8",
  });
}

function prelude(script: string): string {
  return `import { createOutput, replaceSymlink } from ${JSON.stringify(OUTPUT_MODULE)};
    import { processNames } from ${JSON.stringify(PROCESSES_MODULE)};
    const create = (path, mode) => createOutput(path, mode, processNames());
    const link = (path, to) => replaceSymlink(path, to, processNames());
    ${script}`;
}

function problemsOf(step: () => unknown): BuildFailure["problems"] {
  try {
    step();
  } catch (error) {
    if (error instanceof BuildFailure) return error.problems;
    throw error;
  }
  return [];
}

function visible(directory: string): string[] {
  return readdirSync(directory).filter((name) => !name.startsWith("."));
}
