/** `initgraph boot` with a script in QEMU's place: what it does with the console, with time, with signals. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { archiveOf, file } from "../support/archive.ts";
import { writeElf } from "../support/elf-writer.ts";
import { scratchDirectory } from "../support/scratch.ts";
import { uInitrdAround } from "../support/uinitrd.ts";
import { MAIN, runCli } from "./run-cli.ts";

const RISCV = { machine: 243, flags: 4 };
const PANIC = "Kernel panic - not syncing: No working init found.";

/** What the script does for `--append play=NAME`. It runs a program of its own, which must not be left behind either. */
const PLAYS = {
  ready: "printf 'booting\\r\\nREADY\\r\\n'; wait",
  silent: "wait",
  panics: `printf '[ 1.0] ${PANIC}\\r\\n'; kill $!`,
  "panics-and-stays": `printf '[ 1.0] ${PANIC}\\r\\n'; wait`,
  "goes-down": "printf 'reboot: Power down\\r\\n'; kill $!",
  fails: "kill $!; echo 'no such board' >&2; exit 1",
  unpacks: "printf 'Initramfs unpacking failed: junk\\r\\nREADY\\r\\n'; wait",
  repeats: `printf 'Kernel command line: %s\\r\\n' "$*"; kill $!`,
  talks: "while :; do echo talking; done",
  echoes: "read line; printf 'heard %s\\r\\n' \"$line\"; kill $!",
} as const;

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

function placeWithEmulator(t: TestContext): Place {
  const cwd = scratchDirectory(t);
  mkdirSync(join(cwd, "bin"));
  mkdirSync(join(cwd, "tmp"));
  const plays = Object.entries(PLAYS).map(([name, script]) => `*"play=${name} "*) ${script} ;;`);
  const script = `#!/bin/sh\nsleep 600 > /dev/null 2>&1 & echo "$$ $!" > ${cwd}/running\ncase "$* " in ${plays.join("\n")}\nesac\n`;
  const emulator = join(cwd, "bin/qemu-system-riscv64");
  writeFileSync(emulator, script);
  chmodSync(emulator, 0o755);
  const kernel = Buffer.alloc(1024);
  kernel.write("RSC\x05", 0x38, "latin1");
  writeFileSync(join(cwd, "kernel"), kernel);
  writeFileSync(join(cwd, "image"), archiveOf([file("init", writeElf(RISCV), 0o755)]));
  return { cwd, env: { PATH: `${join(cwd, "bin")}:/usr/bin:/bin`, TMPDIR: join(cwd, "tmp") } };
}

type Play = keyof typeof PLAYS;

function wordsFor(play: Play, ...more: readonly string[]): string[] {
  return ["boot", "image", "--kernel", "kernel", "--append", `play=${play}`, ...more];
}

/** Nothing that was started is running, and nothing was left in the place for temporary files. */
async function assertNothingIsLeft({ cwd }: Place): Promise<void> {
  assert.deepEqual(readdirSync(join(cwd, "tmp")), []);
  const numbers = readFileSync(join(cwd, "running"), "utf8").trim().split(" ").map(Number);
  for (let tries = 0; tries < 50 && numbers.some(isRunning); tries++) await sleep(20);
  assert.deepEqual(numbers.filter(isRunning), []);
}

/** A dead one that nobody waited for counts as none. */
function isRunning(number: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${number}/stat`, "latin1"));
  } catch {
    return false;
  }
}

describe("a boot ends with", { concurrency: 2 }, () => {
  const cases: readonly (readonly [play: Play, options: string, code: number, stderr: RegExp])[] = [
    ["ready", "--until READY", 0, /^it was seen after/],
    [
      "silent",
      "--until READY --timeout 0.3",
      1,
      /^error: the time is up after .*, and "READY" was not seen\n$/,
    ],
    ["silent", "--timeout 0.3", 1, /^error: the time is up after [^,]*\n$/],
    ["panics", "--until READY", 1, /^error: Kernel panic - not syncing: No working init found\. \(after/],
    ["panics", "", 1, /^error: Kernel panic/],
    ["panics-and-stays", "", 1, /^error: Kernel panic/],
    ["goes-down", "", 0, /^the guest went down after/],
    ["goes-down", "--until READY", 1, /^error: the guest went down after .*, and "READY" was not seen\n$/],
    ["fails", "", 1, /^error: QEMU ended with exit code 1 after .*: no such board\n$/],
    [
      "unpacks",
      "--until READY",
      0,
      /^warning: the kernel did not unpack .*: Initramfs unpacking failed: junk\nit was/,
    ],
    ["repeats", "--append READY --until READY", 1, /"READY" was not seen/],
  ];
  for (const [play, options, code, stderr] of cases) {
    test(`${code}: ${play} ${options}`, async (t) => {
      const place = placeWithEmulator(t);
      const run = await runCli(wordsFor(play, ...options.split(" ").filter(Boolean)), place);
      assert.match(run.stderr, stderr);
      assert.equal(run.code, code);
      await assertNothingIsLeft(place);
    });
  }
});

test("the console is the result, and with --json goes to standard error", async (t) => {
  const place = placeWithEmulator(t);
  const plain = await runCli(wordsFor("ready", "--until", "READY"), place);
  assert.equal(plain.stdout, "booting\r\nREADY\r\n");
  const json = await runCli(wordsFor("panics", "--until", "READY", "--json"), place);
  const { seconds, ...told } = JSON.parse(json.stdout);
  assert.equal(typeof seconds, "number");
  assert.deepEqual(told, {
    ok: false,
    end: "panic",
    panic: PANIC,
    unpacking: null,
    accelerator: "tcg",
    until: "READY",
    image: join(place.cwd, "image"),
    arch: "riscv64",
    by: "kernel",
    kernel: join(place.cwd, "kernel"),
    memoryMiB: 1024,
  });
  assert.match(json.stderr, /^\[ 1\.0\] Kernel panic/);
});

function started(place: Place, words: readonly string[]): ChildProcessWithoutNullStreams {
  const env = { ...place.env, HOME: place.cwd };
  return spawn(process.execPath, [MAIN, ...words], { cwd: place.cwd, env });
}

const codeOf = (child: ChildProcessWithoutNullStreams): Promise<number | null> =>
  new Promise((done) => child.on("close", done));

for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const) {
  test(`${signal} ends the guest with all that it started, and takes the files away`, async (t) => {
    const place = placeWithEmulator(t);
    // A wrapped image is copied out of its wrapper.
    const payload = archiveOf([file("init", writeElf(RISCV), 0o755)]);
    writeFileSync(join(place.cwd, "image"), uInitrdAround(payload));
    const child = started(place, wordsFor("ready"));
    const ended = codeOf(child);
    child.stdout.once("data", () => {
      assert.equal(readdirSync(join(place.cwd, "tmp")).length, 1);
      child.kill(signal);
    });
    assert.equal(await ended, code);
    await assertNothingIsLeft(place);
  });
}

test("a reader that goes away ends the guest", async (t) => {
  const place = placeWithEmulator(t);
  const child = started(place, wordsFor("talks"));
  child.stdout.destroy();
  await codeOf(child);
  await assertNothingIsLeft(place);
});

test("what is piped in is typed", async (t) => {
  const place = placeWithEmulator(t);
  const child = started(place, wordsFor("echoes"));
  let said = "";
  child.stdout.on("data", (bytes) => {
    said += bytes;
  });
  child.stdin.end("hello\n");
  assert.equal(await codeOf(child), 0);
  assert.equal(said, "heard hello\r\n");
});

test("what QEMU cannot be started with is told before", async (t) => {
  const { cwd, env } = placeWithEmulator(t);
  writeFileSync(join(cwd, "recipe.yaml"), "name: x\n");
  const elf = writeElf({ machine: 183 });
  writeFileSync(join(cwd, "arm.image"), archiveOf([file("init", elf)]));
  writeFileSync(join(cwd, "none.image"), archiveOf([file("init", "#!/bin/sh\n")]));
  writeFileSync(join(cwd, "nonsense"), "nonsense");
  const cases: readonly (readonly [words: string, says: RegExp])[] = [
    ["recipe.yaml", /^error\[boot\/is-a-recipe\]/],
    ["missing", /^error\[host\/cannot-read\]/],
    ["nonsense", /^error\[image\/unreadable\]/],
    ["image --kernel missing", /^error\[host\/cannot-read\]/],
    ["arm.image --kernel kernel", /^error\[boot\/other-machine\]/],
    ["none.image --kernel none.image", /^error\[boot\/machine-unknown\]/],
    ["image --kernel kernel --arch mips", /^error\[boot\/machine-not-emulated\]/],
    ["image --kernel kernel --arch s390x", /^error\[boot\/emulator-not-found\].*s390x.*\n.*the package qemu/],
    ["image --kernel kernel --uboot kernel", /^error\[boot\/uboot-not-found\]/],
  ];
  for (const [words, says] of cases) {
    const run = await runCli(["boot", ...words.split(" ")], { cwd, env: { ...env, PATH: join(cwd, "bin") } });
    assert.match(run.stderr, says);
    assert.deepEqual([run.code, run.stdout], [1, ""], words);
  }
});
