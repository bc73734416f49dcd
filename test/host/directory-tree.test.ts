import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, symlinkSync } from "node:fs";
import { test } from "node:test";
import { ROOT, type TargetPath } from "../../src/core/path.ts";
import type { OpenFile } from "../../src/core/ports.ts";
import { BuildFailure } from "../../src/core/problem.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import { hostPath, writeFiles } from "../support/disk-files.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { requireAll, requireRoot, requireTool } from "../support/tools.ts";
import { testTreeContract } from "../support/tree-contract.ts";

/** Facts that are the same for every device on a disk. */
const OWNED = { size: 0, uid: 0, gid: 0, uncarried: null };

testTreeContract("directory tree", (files, t) => {
  const directory = scratchDirectory(t);
  writeFiles(directory, files);
  return directoryTree(hostPath(directory));
});

test("a root may be a symlink to a directory, and its own path may be no UTF-8", (t) => {
  const directory = scratchDirectory(t);
  writeFiles(directory, { "/r\xff/etc/motd": "hello" });
  symlinkSync(Buffer.from("r\xff", "latin1"), `${directory}/link`);
  const tree = directoryTree(hostPath(`${directory}/link`));
  assert.equal(tree.stat(ROOT)?.kind, "directory");
  assert.deepEqual(tree.list(ROOT), ["etc"]);
  assert.equal(tree.open("etc/motd" as TargetPath).size, 5);
});

test("a root that is missing or no directory is a problem", (t) => {
  const directory = scratchDirectory(t);
  writeFiles(directory, { "/file": "" });
  const missing = hostPath(`${directory}/missing`);
  const file = hostPath(`${directory}/file`);
  assert.throws(() => directoryTree(missing), failure({ path: missing, found: null }));
  assert.throws(() => directoryTree(file), failure({ path: file, found: "file" }));

  function failure(facts: object): (error: unknown) => true {
    return (error) => {
      assert.ok(error instanceof BuildFailure);
      assert.deepEqual(error.problems, [{ code: "host/not-a-directory", ...facts }]);
      return true;
    };
  }
});

test("a symlink or a fifo in place of a file neither leads out nor blocks", requireTool("mknod"), (t) => {
  const directory = scratchDirectory(t);
  writeFiles(directory, { "/link": { symlink: "/etc/passwd" }, "/pipe": { fifo: 0o600 } });
  const tree = directoryTree(hostPath(directory));
  for (const name of ["link", "pipe"]) {
    for (const use of [(file: OpenFile) => file.read(new Uint8Array(1), 0), (file: OpenFile) => file.size]) {
      assert.throws(() => use(tree.open(name as TargetPath)), { message: "host/file-changed" });
    }
  }
  assert.equal(tree.stat("pipe" as TargetPath)?.kind, "fifo");
});

test("device numbers come out as mknod got them", requireAll(requireRoot(), requireTool("mknod")), (t) => {
  const directory = scratchDirectory(t);
  const made = spawnSync("mknod", [`${directory}/probe`, "c", "5", "1"]);
  if (made.status !== 0) return t.skip("device nodes cannot be made here");
  writeFiles(directory, {
    "/console": { char: [5, 1], mode: 0o600 },
    "/large": { block: [4095, 1048575], mode: 0o660 },
  });
  const tree = directoryTree(hostPath(directory));
  const { fileSystem: _, version: _v, ...console } = tree.stat("console" as TargetPath)!;
  assert.deepEqual(console, { kind: "char", mode: 0o600, major: 5, minor: 1, ...OWNED });
  const { fileSystem: __, version: __v, ...large } = tree.stat("large" as TargetPath)!;
  assert.deepEqual(large, { kind: "block", mode: 0o660, major: 4095, minor: 1048575, ...OWNED });
});

test("what the user may not read is a problem that says so", (t) => {
  const directory = scratchDirectory(t);
  writeFiles(directory, { "/secret": { mode: 0o000, bytes: "x" }, "/closed/file": "x" });
  chmodSync(directory, 0o755);
  chmodSync(`${directory}/closed`, 0o000);
  // Root reads everything, so a process of nobody tries.
  const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  const module = new URL("../../src/host/directory-tree.js", import.meta.url);
  const script = `
    import { directoryTree } from ${JSON.stringify(module.href)};
    const tree = directoryTree(${JSON.stringify(directory)});
    for (const read of [() => tree.open("secret"), () => tree.list("closed"), () => tree.stat("closed/file")]) {
      try { read(); console.log("read"); }
      catch (error) { console.log(JSON.stringify(error.problems)); }
    }`;
  const child = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
    ...user,
    cwd: "/",
    encoding: "utf8",
  });
  chmodSync(`${directory}/closed`, 0o700); // so that it can be removed
  if (child.stderr.includes("ERR_MODULE_NOT_FOUND") || child.stderr.includes("EACCES")) {
    return t.skip("nobody cannot read this checkout");
  }
  const said = child.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line)[0]);
  assert.deepEqual(said, [
    { code: "host/cannot-read", path: `${directory}/secret`, errno: "EACCES", what: "permission denied" },
    { code: "host/cannot-read", path: `${directory}/closed`, errno: "EACCES", what: "permission denied" },
    {
      code: "host/cannot-read",
      path: `${directory}/closed/file`,
      errno: "EACCES",
      what: "permission denied",
    },
  ]);
});
