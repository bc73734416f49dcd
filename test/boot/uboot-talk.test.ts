import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { EMULATED } from "../../src/boot/machines.ts";
import { planUboot, talkWithUboot, type UbootImage } from "../../src/boot/uboot-talk.ts";

const arm64 = EMULATED.aarch64.uboot!;
const MIB = 2 ** 20;

describe("what is typed for an image", () => {
  const kernel = { size: 30 * MIB };
  const cases: readonly (readonly [what: string, image: UbootImage, line: string])[] = [
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: for U-Boot
    ["a uInitrd", { kind: "uInitrd", size: 100 }, "booti 0x40400000 0x44200000 ${fdtcontroladdr}"],
    ["a bare one", { kind: "bare", size: 0x100 }, "booti 0x40400000 0x44200000:0x100 ${fdtcontroladdr}"],
    [
      "the ramdisk of a FIT",
      { kind: "fit", size: 100, ramdisk: "ramdisk-1", kernel: null },
      "booti 0x40400000 0x44200000:ramdisk-1 ${fdtcontroladdr}",
    ],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: for U-Boot
  ];
  for (const [what, image, line] of cases) {
    test(what, () => {
      const plan = planUboot({ board: arm64, image, kernel, arguments: "console=ttyAMA0" });
      assert.deepEqual(plan.lines, ["setenv bootargs 'console=ttyAMA0'", line]);
      assert.deepEqual([plan.kernelAt, plan.imageAt], [0x4040_0000, 0x4420_0000]);
    });
  }

  test("a FIT with a kernel needs no other", () => {
    const image = { kind: "fit", size: 10 * MIB, ramdisk: "ramdisk-1", kernel: "kernel-1" } as const;
    const plan = planUboot({ board: arm64, image, kernel: null, arguments: "x" });
    // biome-ignore lint/suspicious/noTemplateCurlyInString: for U-Boot
    assert.equal(plan.lines.at(-1), "bootm 0x50000000:kernel-1 0x50000000:ramdisk-1 ${fdtcontroladdr}");
    assert.equal(plan.kernelAt, null);
  });

  test("a 32-bit board starts with bootz, and keeps what is loaded within reach", () => {
    const board = EMULATED.armhf.uboot!;
    const image = { kind: "uInitrd", size: 100 } as const;
    const { lines } = planUboot({ board, image, kernel: { size: 5 * MIB }, arguments: "x" });
    assert.match(lines[0]!, /^setenv bootm_size /);
    assert.match(lines.at(-1)!, /^bootz 0x40400000 0x44000000 /);
  });

  test("nothing overlaps, however large the kernel is", () => {
    for (let size = MIB; size < 1024 * MIB; size *= 1.7) {
      const image = { kind: "uInitrd", size: 100 * MIB } as const;
      const plan = planUboot({ board: arm64, image, kernel: { size: Math.round(size) }, arguments: "x" });
      assert.ok(plan.imageAt >= plan.kernelAt! + size + 16 * MIB);
      assert.equal(plan.imageAt % (2 * MIB), 0);
      assert.ok(plan.memory >= plan.imageAt - arm64.memory + 2 * image.size);
    }
  });
});

const BANNER = "\r\nU-Boot 2023.01\r\n\r\nHit any key to stop autoboot:  2 ";
const LINES = ["setenv bootargs 'console=ttyAMA0 READY'", "booti 1 2 3"];

/** Plays a console byte by byte, as serial lines come. */
function play(console: string) {
  const talk = talkWithUboot(LINES);
  let typed = "";
  let rest = "";
  for (const byte of Buffer.from(console)) {
    const { type, taken } = talk.see(Uint8Array.of(byte));
    typed += type;
    if (taken === 0) rest += String.fromCharCode(byte);
  }
  return { state: talk.state, complaint: talk.complaint, typed, rest };
}

const DIALOGUE = `${BANNER}\b\b\b 0 \r\n=> ${LINES[0]}\r\n=> ${LINES[1]}\r\n`;

test("U-Boot is interrupted, told, and what comes behind the last line is the kernel's", () => {
  const { typed, state, rest } = play(`${DIALOGUE}## Booting\r\n\r\nStarting kernel ...\r\n\r\nREADY\r\n=> `);
  assert.equal(typed, `\n${LINES[0]}\n${LINES[1]}\n`);
  assert.equal(state, "started");
  assert.ok(rest.startsWith("## Booting") && rest.includes("READY"), rest);
});

test("the prompt that comes back is a refusal, with the last words", () => {
  const { state, complaint } = play(`${DIALOGUE}## Loading\r\n   Verifying Checksum ... Bad Data CRC\r\n=> `);
  assert.deepEqual([state, complaint], ["refused", "## Loading; Verifying Checksum ... Bad Data CRC"]);
});

test("without U-Boot's words nothing is typed", () => {
  assert.deepEqual(play("[    0.0] Booting Linux\r\n=> \r\n").typed, "");
});
