import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { archiveOf, directory, file, seededBytes, special, symlink } from "../support/archive.ts";
import { ODD_FILES, oddBody } from "../support/odd-image.ts";
import { NOBODY, requireOtherUser } from "../support/other-user.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { runsOfThisFile } from "./many-runs.ts";
import { MAIN } from "./run-cli.ts";

const runCli = runsOfThisFile();

/** Names as they stand in the archive, whatever a path may be. */
const named = (name: string, ...rest: Parameters<typeof file> extends [string, ...infer R] ? R : never) =>
  file(name, ...rest);

test("an image is unpacked as the kernel has it, links and odd names too", async (t) => {
  const cwd = scratchDirectory(t);
  writeFileSync(join(cwd, "odd.img"), Buffer.concat([oddBody(), archiveOf([])]));
  const run = await runCli(["unpack", "odd.img"], { cwd });
  assert.deepEqual([run.code, run.stdout], [0, `${cwd}/odd.img.unpacked\n`], run.stderr);
  const root = join(cwd, "odd.img.unpacked");
  for (const [path, content] of Object.entries(ODD_FILES)) {
    const at = join(root, path);
    // Absolute targets are the image's, not this machine's.
    if (content === null) assert.ok(!lstatSync(at, { throwIfNoEntry: false })?.isFile(), path);
    else if (path !== "symlink-over-file") assert.equal(readFileSync(at, "utf8"), content, path);
  }
  assert.equal(lstatSync(join(root, "data-last-1")).ino, lstatSync(join(root, "data-last-2")).ino);
  assert.equal(lstatSync(join(root, "a")).mtimeMs, 1000);
});

test("nothing is made outside of the directory, whatever names and links an image has", async (t) => {
  const cwd = scratchDirectory(t);
  mkdirSync(join(cwd, "victim"));
  const victim = join(cwd, "victim");
  const image = archiveOf([
    named("../out-1", "x"),
    named("/out-2", "x"),
    named("../../../../../../../tmp/initgraph-out-3", "x"),
    symlink("up", ".."),
    named("up/out-4", "x"),
    symlink("away", victim),
    named("away/out-5", "x"),
    directory("dir"),
    symlink("dir/up", "../../victim"),
    named("dir/up/out-6", "x"),
    symlink("self", "victim-file"),
    named("self", "a file in place of a symlink"),
    symlink("chain-1", "chain-2"),
    symlink("chain-2", victim),
    named("chain-1/out-7", "x"),
    directory("away/out-8"),
    special("away/out-9", "fifo", 0o644),
    named(`${victim.slice(1)}/out-10`, "x"),
  ]);
  writeFileSync(join(cwd, "image"), image);
  const run = await runCli(["unpack", "image", "--out", "into"], { cwd });
  assert.equal(run.code, 0, run.stderr);
  assert.deepEqual(readdirSync(cwd).sort(), ["image", "into", "victim"]);
  assert.deepEqual(readdirSync(victim), []);
  assert.equal(existsSync("/tmp/initgraph-out-3"), false);
  // ".." ends at the root, as it does for the kernel.
  for (const name of ["out-1", "out-2", "out-4"]) assert.ok(existsSync(join(cwd, "into", name)), name);
});

test("a directory with something in it is refused, and is as it was", async (t) => {
  const cwd = scratchDirectory(t);
  writeFileSync(join(cwd, "image"), archiveOf([directory("etc"), file("etc/passwd", "theirs")]));
  mkdirSync(join(cwd, "into"));
  symlinkSync("/etc", join(cwd, "into/etc"));
  const refused = await runCli(["unpack", "image", "--out", "into"], { cwd });
  assert.deepEqual([refused.code, refused.stdout], [1, ""]);
  assert.match(refused.stderr, /host\/not-empty/);
  const added = await runCli(["unpack", "image", "--out", "into", "--add"], { cwd });
  assert.match(added.stderr, /host\/names-taken.*\n.*there are +etc/);
  assert.deepEqual(readdirSync(join(cwd, "into")), ["etc"]);
});

test("PATH takes what lies below it and the links that lead there; parts take their members", async (t) => {
  const cwd = scratchDirectory(t);
  const early = archiveOf([
    directory("kernel"),
    directory("kernel/x86"),
    directory("kernel/x86/microcode"),
    file("kernel/x86/microcode/GenuineIntel.bin", "microcode"),
  ]);
  const main = archiveOf([
    directory("usr"),
    directory("usr/bin"),
    symlink("bin", "usr/bin"),
    file("usr/bin/busybox", "busybox", 0o755),
    symlink("usr/bin/sh", "busybox"),
    directory("etc"),
    file("etc/fstab", "fstab"),
  ]);
  writeFileSync(join(cwd, "image"), Buffer.concat([early, main]));
  const unpacked = async (...words: string[]) => {
    const run = await runCli(["unpack", "image", "-q", "--json", ...words], { cwd });
    if (run.code !== 0) return run.stdout;
    return namesBelow(JSON.parse(run.stdout).output);
  };
  assert.deepEqual(await unpacked("--out", "sh", "/bin/sh"), [
    "bin",
    "usr",
    "usr/bin",
    "usr/bin/busybox",
    "usr/bin/sh",
  ]);
  assert.deepEqual(await unpacked("--out", "etc", "etc"), ["etc", "etc/fstab"]);
  assert.deepEqual((await unpacked("--out", "early", "--early")).slice(-1), [
    "kernel/x86/microcode/GenuineIntel.bin",
  ]);
  assert.ok(!(await unpacked("--out", "main", "--main")).includes("kernel"));
  assert.match(String(await unpacked("--out", "none", "etc/fstap")), /image\/path-not-found.*etc\/fstab/);
  assert.equal(existsSync(join(cwd, "none")), false);
});

test("who is not root gets files of their own, and is told what they lack", requireOtherUser(), async (t) => {
  const cwd = scratchDirectory(t);
  chmodSync(cwd, 0o777);
  const image = archiveOf([
    directory("shut", 0),
    file("shut/su", "su", 0o4755),
    special("null", "char", 0o666, [1, 3]),
    special("pipe", "fifo", 0o600),
  ]);
  writeFileSync(join(cwd, "image"), image);
  const run = await runCli(["unpack", "image"], { cwd, uid: NOBODY });
  assert.equal(run.code, 0, run.stderr);
  assert.match(run.stderr, /left out: \/null \(a character device 1:3\)\nleft out: \/pipe \(a fifo\)/);
  assert.match(run.stderr, /setuid and setgid bits were left out, of 1 file/);
  const root = join(cwd, "image.unpacked");
  assert.equal(statSync(join(root, "shut")).mode & 0o7777, 0);
  assert.equal(statSync(join(root, "shut/su")).mode & 0o7777, 0o755);
  assert.equal(statSync(join(root, "shut/su")).uid, NOBODY);
});

test(
  "a target that cannot be written to, and an image cut short, leave nothing",
  requireOtherUser(),
  async (t) => {
    const cwd = scratchDirectory(t);
    chmodSync(cwd, 0o755);
    const image = archiveOf([file("a", seededBytes(1, 5000)), file("b", "b")]);
    writeFileSync(join(cwd, "image"), image);
    writeFileSync(join(cwd, "short"), image.subarray(0, 5000));
    const shut = await runCli(["unpack", "image"], { cwd, uid: NOBODY });
    assert.equal(shut.code, 1);
    assert.match(shut.stderr, /host\/cannot-write.*permission denied/);
    const short = await runCli(["unpack", "short", "--out", "new/deep"], { cwd });
    assert.match(short.stderr, /image\/unreadable/);
    const tar = await runCli(["unpack", "short", "--as-tar", "short.tar"], { cwd });
    assert.equal(tar.code, 1);
    assert.deepEqual(readdirSync(cwd).sort(), ["image", "short"]);
  },
);

test("a run that is ended leaves nothing", async (t) => {
  const cwd = scratchDirectory(t);
  const big = seededBytes(1, 4_000_000);
  writeFileSync(join(cwd, "image"), archiveOf(Array.from({ length: 100 }, (_, at) => file(`f${at}`, big))));
  const child = spawn(process.execPath, [MAIN, "unpack", "image"], { cwd, stdio: "ignore" });
  const ended = new Promise<number | null>((done) => child.on("close", (code) => done(code)));
  for (let tries = 0; tries < 500 && readdirSync(cwd).length < 2; tries++) await sleep(5);
  child.kill("SIGTERM");
  assert.equal(await ended, 143);
  assert.deepEqual(readdirSync(cwd), ["image"]);
});

/** Without a look through symlinks. */
function namesBelow(root: string): string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  const names = entries.flatMap((entry) => {
    const below = entry.isDirectory() ? namesBelow(join(root, entry.name)) : [];
    return [entry.name, ...below.map((name) => join(entry.name, name))];
  });
  return names.sort();
}
