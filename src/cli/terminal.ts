/** Where a command's words go: results to standard output, everything else to standard error. */
import { writeSync } from "node:fs";
import type { Progress } from "../core/ports.ts";
import { NO_PROGRESS, type ProgressLine, progressLine } from "./progress.ts";
import type { Page } from "./report/layout.ts";
import { COLOURED, PLAIN, wantsColour } from "./report/paint.ts";

/** What every verb takes. */
export interface Manner {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
}

export interface Terminal extends Manner {
  /** A result. Characters are written as UTF-8, bytes as they are. */
  print(result: string | Uint8Array): void;
  /** A result for programs, as one line of JSON. */
  printJson(value: unknown): void;
  /** What is good to know; nothing under --quiet. */
  note(text: string): void;
  /** What has to be known. */
  complain(text: string): void;
  readonly tell: Progress;
  /** The page that `complain` is read on. */
  readonly page: Page;
  /** Takes the progress line away, for good. */
  close(): void;
}

/** Where there is no terminal to ask for its width. */
const COLUMNS = 100;

export function openTerminal({ isJson, isQuiet }: Manner): Terminal {
  const { stdout, stderr } = process;
  const isLive = Boolean(stderr.isTTY) && !isQuiet && process.env["TERM"] !== "dumb";
  const line = isLive ? progressLine(screen()) : NO_PROGRESS;
  const columns = Math.max(stderr.isTTY ? stderr.columns || COLUMNS : COLUMNS, 40);
  return {
    isJson,
    isQuiet,
    print: (result) => withoutLine(line, () => stdout.write(result)),
    printJson: (value) => withoutLine(line, () => stdout.write(`${JSON.stringify(value)}\n`)),
    note: (text) => {
      if (!isQuiet) withoutLine(line, () => stderr.write(text));
    },
    complain: (text) => withoutLine(line, () => stderr.write(text)),
    tell: line.tell,
    page: { columns, paint: wantsColour(Boolean(stderr.isTTY), process.env) ? COLOURED : PLAIN },
    close: () => line.erase(),
  };
}

function withoutLine(line: ProgressLine, write: () => void): void {
  line.erase();
  write();
}

function screen() {
  return {
    write: (text: string) => {
      try {
        writeSync(process.stderr.fd, text);
      } catch {
        // A terminal that is busy or gone: the line is not worth a failure.
      }
    },
    now: () => performance.now(),
    columns: () => process.stderr.columns || COLUMNS,
  };
}
