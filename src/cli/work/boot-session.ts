/** An emulator's run: its console to the user, the user's keys to its guest, and both watched until the matter is decided. */
import { type Accelerator, emulatorArguments } from "../../boot/command-line.ts";
import { talkWithUboot, type UbootTalk } from "../../boot/uboot-talk.ts";
import { watchConsole } from "../../boot/watch-console.ts";
import { bytesOf } from "../../core/path.ts";
import { type LiveProgram, startProgram } from "../../host/live-program.ts";
import { emulatorGroups } from "../../machine/emulators.ts";
import type { Terminal } from "../terminal.ts";
import type { BootEnd, BootOutcome } from "../text/boot-outcome.ts";
import type { BootOrder } from "./boot.ts";
import type { BootChoice } from "./boot-choice.ts";
import { consoleOf, type UserConsole } from "./user-console.ts";

/** A panicked kernel that was not told to go down stays: it has so long for its last words. */
const LAST_WORDS_MS = 3_000;

/** Throws BuildFailure host/cannot-run. */
export async function playMachine(
  choice: BootChoice,
  order: BootOrder,
  terminal: Terminal,
): Promise<BootOutcome> {
  const startedAt = performance.now();
  const user = consoleOf(terminal);
  try {
    for (const accelerator of choice.accelerators) {
      const last = await playOnce({ choice, order, accelerator, user, startedAt });
      const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
      if (accelerator === "tcg" || !neverBegan(last)) return { ...last, accelerator, seconds };
      terminal.note("note: KVM does not run this machine here; it is emulated\n");
    }
    throw new TypeError("a machine without an accelerator");
  } finally {
    user.close();
  }
}

interface Play {
  readonly choice: BootChoice;
  readonly order: BootOrder;
  readonly accelerator: Accelerator;
  readonly user: UserConsole;
  /** As `performance.now` says it. */
  readonly startedAt: number;
}

interface Played {
  readonly end: BootEnd;
  readonly unpacking: string | null;
  /** Bytes. */
  readonly heard: number;
}

/** KVM may be there and not work, in a virtual machine above all. */
function neverBegan({ end, heard }: Played): boolean {
  return end.kind === "ended" && end.exitCode !== 0 && heard === 0;
}

async function playOnce({ choice, order, accelerator, user, startedAt }: Play): Promise<Played> {
  const { emulated, memoryMiB, start, kernelArguments, program, typed } = choice;
  const marker = order.until === null ? null : bytesOf(order.until);
  const watch = watchConsole({ marker, kernelArguments });
  const talk = typed === null ? null : talkWithUboot(typed);
  const timers: NodeJS.Timeout[] = [];
  let decided: BootEnd | null = null;
  let isPanicking = false;
  let heard = 0;
  const end = (how: BootEnd): void => {
    decided ??= how;
    live.kill();
  };
  const endIn = (milliseconds: number, how: BootEnd): void => {
    timers.push(setTimeout(() => end(how), milliseconds));
  };
  const judge = (): void => {
    const { verdict } = watch.watched;
    if (verdict?.kind === "marker") end(verdict);
    else if (verdict?.kind === "panic" && !isPanicking) endIn(LAST_WORDS_MS, verdict);
    isPanicking = verdict?.kind === "panic";
  };
  const hear = async (piece: Uint8Array): Promise<void> => {
    if (decided !== null) return;
    heard += piece.length;
    await user.show(piece);
    const rest = talk === null ? piece : piece.subarray(talkOn(talk, piece, live));
    if (talk?.state === "refused") return end({ kind: "u-boot", said: talk.complaint });
    if (talk?.state !== "talking") user.mayType();
    watch.see(rest);
    judge();
  };
  const args = emulatorArguments({ emulated, accelerator, memoryMiB, start });
  const live = startProgram({ program, args, hear }, emulatorGroups());
  const left = order.timeoutMs === null ? null : order.timeoutMs - (performance.now() - startedAt);
  if (left !== null) endIn(Math.max(0, left), { kind: "timeout" });
  user.listen({ isHeld: talk !== null, type: live.type, leave: () => end({ kind: "left" }) });
  try {
    const ended = await live.ended;
    watch.end();
    const { verdict, unpacking } = watch.watched;
    return { end: decided ?? verdict ?? { kind: "ended", ...ended }, unpacking, heard };
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}

/** Types what U-Boot waits for. @returns how many bytes of the piece were U-Boot's, and nobody else's business. */
function talkOn(talk: UbootTalk, piece: Uint8Array, live: Pick<LiveProgram, "type">): number {
  const { type, taken } = talk.see(piece);
  if (type !== "") live.type(Buffer.from(type));
  return taken;
}
