/**
 * Boots an image under QEMU and talks with it over the serial console. TCG only: the same on every machine.
 *
 * The kernel goes on when it cannot unpack an initramfs, with a message and whatever it has by then, so a
 * marker alone proves little: such messages fail a boot here, and a test looks at contents beside.
 */
import { spawn } from "node:child_process";
import { labTree } from "./tools.ts";

/** One turn of the talk: wait until the console, behind what earlier turns saw, shows `expect`; then type `send`, if any. */
export interface Turn {
  readonly expect: RegExp;
  readonly send?: string;
}

export interface Boot {
  readonly machine: Machine;
  /** Path of the initramfs. */
  readonly image: string;
  /** Path of a kernel; the lab's own for the machine where none is named. */
  readonly kernel?: string;
  readonly turns?: readonly Turn[];
  /** Seen behind the last turn, it ends the boot well. */
  readonly until: RegExp;
  readonly timeoutMs?: number;
  readonly memoryMiB?: number;
  readonly kernelArguments?: string;
  /** Path of a disk's image, which the machine may write to and which stays as it was. */
  readonly disk?: string;
  /** Trouble of such words is what a test is about, and ends no boot. */
  readonly tolerates?: RegExp;
}

export type Machine = keyof typeof MACHINES;

const MACHINES = {
  x86: {
    program: "qemu-system-x86_64",
    // On a busy machine the emulated timer fails the kernel's own test, which would panic.
    append: "console=ttyS0 no_timer_check",
    options: ["-M", "q35", "-cpu", "max"],
  },
  arm64: {
    program: "qemu-system-aarch64",
    append: "console=ttyAMA0",
    // "max" has pointer authentication, which costs an emulator a second boot's time.
    options: ["-M", "virt", "-cpu", "cortex-a57"],
  },
} as const;

/** @returns all that the console showed. @throws Error with its last lines: a panic, lost contents, no marker in time. */
export function boot(wanted: Boot): Promise<string> {
  const { append } = MACHINES[wanted.machine];
  const kernelArguments = `${append} panic=-1 quiet ${wanted.kernelArguments ?? ""}`;
  const kernel = wanted.kernel ?? labTree(`kernels/${wanted.machine}/vmlinuz`);
  const options = ["-kernel", kernel, "-initrd", wanted.image, "-append", kernelArguments];
  const disk =
    wanted.disk === undefined ? [] : ["-drive", `file=${wanted.disk},format=raw,if=virtio,snapshot=on`];
  return converse(wanted.machine, wanted, [...options, ...disk]);
}

/** Runs one emulator and plays the turns of a talk with its serial console. */
export function converse(
  machine: Machine,
  talk: Omit<Boot, "machine" | "image">,
  options: readonly string[],
): Promise<string> {
  const { program, options: machineOptions } = MACHINES[machine];
  const common = ["-accel", "tcg", "-nodefaults", "-no-user-config", "-display", "none", "-serial", "stdio"];
  const memory = ["-no-reboot", "-m", String(talk.memoryMiB ?? 512)];
  const timeoutMs = talk.timeoutMs ?? 180_000;
  const turns: Turn[] = [...(talk.turns ?? []), { expect: talk.until }];
  let text = "";
  let seen = 0;
  let failure = "";

  const emulator = spawn(program, [...common, ...memory, ...machineOptions, ...options]);
  const stop = (why: string): void => {
    failure ||= why;
    emulator.kill("SIGKILL");
  };
  const timer = setTimeout(() => stop(`nothing after ${timeoutMs} ms`), timeoutMs);
  const kill = (): void => stop("the test run ended");
  process.once("exit", kill);

  emulator.stdout.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1").replaceAll("\r", "");
    const trouble = TROUBLE.exec(text);
    if (trouble !== null && !talk.tolerates?.test(trouble[0])) stop(trouble[0].trim());
    while (turns.length > 0) {
      const found = turns[0]!.expect.exec(text.slice(seen));
      if (found === null) return;
      seen += found.index + found[0].length;
      const { send } = turns.shift()!;
      if (send !== undefined) emulator.stdin.write(`${send}\n`);
    }
    emulator.kill("SIGKILL");
  });
  emulator.stderr.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
  });
  emulator.stdin.on("error", () => {}); // it ended while we typed: "close" says so

  return new Promise((resolve, reject) => {
    emulator.on("error", (error) => {
      failure ||= error.message;
    });
    emulator.on("close", (code) => {
      clearTimeout(timer);
      process.removeListener("exit", kill);
      if (failure === "" && turns.length === 0) return resolve(text);
      const missing = turns[0] === undefined ? "" : `; waited for ${turns[0].expect}`;
      const tail = text.split("\n").slice(-40).join("\n");
      reject(new Error(`${program}: ${failure || `ended (${code})`}${missing}\n--- console ---\n${tail}`));
    });
  });
}

/** What a console says when a boot went wrong, be it by the kernel's own words or by U-Boot's. */
const TROUBLE = new RegExp(
  `(?:${[
    "Kernel panic - not syncing",
    "Initramfs unpacking failed",
    "Attempted to kill init",
    "Bad (?:Header|Data|Magic|CRC|Linux)",
    "Wrong (?:Ramdisk )?Image Format",
    "image is corrupt",
    "No Linux \\S+ Ramdisk Image",
    "Unable to read file",
    "TEST-FAILED",
  ].join("|")}).*\n`,
);
