/** Starts an image in an emulator as the command line asks for it, and says what became of it. */
import { bytesOf, type HostPath, showBytes } from "../../core/path.ts";
import { BootFiles } from "../../machine/boot-files.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import type { ExitCode } from "../command.ts";
import type { BootOptions } from "../commands/boot.ts";
import { SignalGuard } from "../ending.ts";
import type { Terminal } from "../terminal.ts";
import { type BootOutcome, isWell, sayOutcome } from "../text/boot-outcome.ts";
import { safeText } from "../text/safe.ts";
import { type BootChoice, chooseBoot } from "./boot-choice.ts";
import { playMachine } from "./boot-session.ts";

/** What was asked for; null: not said. */
export interface BootOrder {
  readonly image: HostPath;
  readonly kernel: HostPath | null;
  readonly uboot: HostPath | null;
  readonly arch: string | null;
  readonly append: string;
  readonly memoryMiB: number | null;
  readonly until: string | null;
  readonly timeoutMs: number | null;
}

const UNTIL_TIMEOUT_MS = 300_000;
/** What the kernels of all machines take. Characters. */
const LONGEST_APPEND = 1500;

export async function runBoot(image: string, options: BootOptions, terminal: Terminal): Promise<ExitCode> {
  const order = readOrder(image, options);
  const files = new BootFiles();
  const signals = new SignalGuard(async () => files.close());
  try {
    const choice = await chooseBoot(order, files, terminal);
    signals.listen();
    const outcome = await playMachine(choice, order, terminal);
    await signals.unlessEnding();
    return tellOutcome(outcome, { choice, order, terminal });
  } finally {
    signals.release();
    files.close();
  }
}

interface Told {
  readonly choice: BootChoice;
  readonly order: BootOrder;
  readonly terminal: Terminal;
}

function tellOutcome(outcome: BootOutcome, { choice, order, terminal }: Told): ExitCode {
  const ok = isWell(outcome, order.until);
  if (terminal.isJson) {
    terminal.printJson({ ok, ...outcomeJson(outcome), until: order.until, ...choiceJson(choice, order) });
  } else {
    const { said, warnings } = sayOutcome(outcome, order.until);
    for (const warning of warnings) terminal.complain(`warning: ${safeText(warning)}\n`);
    if (ok) terminal.note(`${safeText(said)}\n`);
    else terminal.complain(`error: ${safeText(said)}\n`);
  }
  return ok ? 0 : 1;
}

function outcomeJson({ end, seconds, unpacking, accelerator }: BootOutcome): object {
  return {
    end: end.kind,
    seconds,
    panic: end.kind === "panic" ? end.line : null,
    unpacking,
    ...(end.kind === "ended" ? { exitCode: end.exitCode, complaint: end.complaint } : {}),
    ...(end.kind === "u-boot" ? { complaint: end.said } : {}),
    accelerator,
  };
}

function choiceJson({ arch, start, kernel, memoryMiB }: BootChoice, { image }: BootOrder): object {
  return { image: showBytes(image), arch, by: start.by, kernel, memoryMiB };
}

/** Throws WrongUsage. */
function readOrder(image: string, options: BootOptions): BootOrder {
  const { kernel, uboot, arch, append, until } = options;
  if (until !== null && !/^[\x20-\x7e\u0080-\uffff]+$/.test(until)) {
    throw new WrongUsage("--until takes text of one line");
  }
  return {
    image: hostPathFrom(image),
    kernel: kernel === null ? null : hostPathFrom(kernel),
    uboot: uboot === null ? null : hostPathFrom(uboot),
    arch,
    append: readAppend(append, uboot !== null),
    memoryMiB: options.memory === null ? null : readMemory(options.memory),
    until,
    timeoutMs: options.timeout === null ? defaultTimeout(until) : readTimeout(options.timeout),
  };
}

function defaultTimeout(until: string | null): number | null {
  return until === null ? null : UNTIL_TIMEOUT_MS;
}

function readAppend(texts: readonly string[], isTyped: boolean): string {
  const text = texts.join(" ");
  if (/[\u0000-\u001f\u007f]/.test(text)) throw new WrongUsage("--append takes text of one line");
  if (isTyped && text.includes("'")) throw new WrongUsage("--append with U-Boot takes no '");
  if (bytesOf(text).length > LONGEST_APPEND)
    throw new WrongUsage(`--append takes up to ${LONGEST_APPEND} bytes`);
  return text;
}

const LEAST_MIB = 64;
const MOST_MIB = 2 ** 20;

function readMemory(text: string): number {
  const [, digits = "", unit = "M"] = /^(\d{1,9})([MG]?)(?:i?B)?$/i.exec(text) ?? [];
  const mib = Number(digits) * (unit.toUpperCase() === "G" ? 1024 : 1);
  if (digits !== "" && mib >= LEAST_MIB && mib <= MOST_MIB) return mib;
  throw new WrongUsage(
    `--memory must be a size from ${LEAST_MIB}M on, as 512M or 2G, not "${safeText(text)}"`,
  );
}

function readTimeout(text: string): number {
  const seconds = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (seconds > 0) return seconds * 1000;
  throw new WrongUsage(`--timeout must be seconds, more than none, not "${safeText(text)}"`);
}
