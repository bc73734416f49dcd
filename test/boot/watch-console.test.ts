import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { plainText } from "../../src/boot/plain-text.ts";
import { type Watched, watchConsole } from "../../src/boot/watch-console.ts";
import { randomSource } from "../support/random.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

/** What is made of a console, given whole and byte by byte: the same. */
function watch(text: string, marker: string | null, kernelArguments = "console=ttyS0 panic=-1"): Watched {
  const [whole, bytewise] = [[bytes(text)], [...bytes(text)].map((byte) => Uint8Array.of(byte))].map(
    (pieces) => {
      const one = watchConsole({ marker, kernelArguments });
      for (const piece of pieces) one.see(piece);
      one.end();
      return one.watched;
    },
  );
  assert.deepEqual(whole, bytewise);
  return whole!;
}

const SEEN = { kind: "marker" } as const;

describe("the text that is waited for", () => {
  const cases: readonly (readonly [what: string, console: string, isSeen: boolean])[] = [
    ["in a line", "a\r\nit is READY now\r\n", true],
    ["as a prompt, its line without an end", "\r\nREADY", true],
    ["painted", "[\x1b[0;32m  \x1b[1mRE\x1b[0mADY \x1b[0m]", true],
    ["behind the title of a window", "\x1b]0;root@guest\x07READY", true],
    ["within the title of a window", "\x1b]0;READY\x07", false],
    ["across two lines", "REA\r\nDY", false],
    ["in the kernel's own line", "[    0.0] Kernel command line: console=ttyS0 -- echo READY\r\n", false],
    ["in early x86's line", "[    0.0] Command line: console=ttyS0 READY", false],
    ["as a word the kernel does not know", '[    0.1] Unknown kernel command line parameters "READY"', false],
    ["in the list of init's arguments", "[    1.25]   with arguments:\r\n[    1.25]     READY\r\n", false],
    ["where /proc/cmdline is printed", "console=ttyS0 panic=-1 -- echo READY\r\n", false],
    ["by init, after all that", "Kernel command line: echo READY\r\n[    1.25]     READY\r\nREADY\r\n", true],
    ["behind itself in the same line", "console=ttyS0 panic=-1 -- echo READY READY", true],
  ];
  for (const [what, console, isSeen] of cases) {
    test(what, () => {
      const { verdict } = watch(console, "READY", "console=ttyS0 panic=-1 -- echo READY");
      assert.deepEqual(verdict, isSeen ? SEEN : null);
    });
  }

  test("in a line that goes on for ever", () => {
    const one = watchConsole({ marker: "READY", kernelArguments: "" });
    for (let count = 0; count < 300; count++) one.see(bytes("x".repeat(1000)));
    one.see(bytes("REA"));
    one.see(bytes("DY"));
    assert.deepEqual(one.watched.verdict, SEEN);
  });

  test("in other letters than ASCII", () => {
    const marker = Buffer.from("готово", "utf8").toString("latin1");
    assert.deepEqual(watch(`\n${marker}\n`, marker).verdict, SEEN);
  });
});

const PANIC = "Kernel panic - not syncing: No working init found.";

test("a panic is told with its line, without the time", () => {
  const { verdict } = watch(`[    1.5] ${PANIC}  \r\n[    1.6] CPU: 0 PID: 1\r\n`, "READY");
  assert.deepEqual(verdict, { kind: "panic", line: PANIC });
});

test("a panic that cuts the console short is told too", () => {
  assert.deepEqual(watch(PANIC, null).verdict, { kind: "panic", line: PANIC });
});

test("what comes first decides", () => {
  assert.deepEqual(watch(`READY\n${PANIC}\n`, "READY").verdict, SEEN);
  assert.deepEqual(watch(`${PANIC}\nREADY\n`, "READY").verdict, { kind: "panic", line: PANIC });
  assert.deepEqual(watch(`${PANIC}\n`, "Kernel panic").verdict, SEEN, "who waits for a panic gets it");
});

test("an image that was not unpacked is told, and decides nothing", () => {
  const line = "[    0.7] Initramfs unpacking failed: junk within compressed archive\r\n";
  const watched = watch(`${line}READY\r\n`, "READY");
  assert.deepEqual(watched, {
    verdict: SEEN,
    unpacking: "Initramfs unpacking failed: junk within compressed archive",
  });
});

test("escape sequences go whatever bytes come, and no line is lost", () => {
  const random = randomSource(42);
  for (let round = 0; round < 200; round++) {
    const noise = Buffer.from(Array.from({ length: 60 }, () => random(256)));
    const text = plainText()(Buffer.concat([noise, bytes("\nREADY\n")]));
    assert.match(text, /\nREADY\n$/);
    assert.doesNotMatch(text, /[\x00-\x08\x0b-\x1f\x7f]/);
  }
});
