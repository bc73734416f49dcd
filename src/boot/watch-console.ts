/**
 * What a serial console tells of a boot: the text that is waited for, a panic, an image that was not unpacked. Where the text
 * stands in the kernel's own command line, and that is only repeated, it counts for nothing. Source: linux init/main.c, kernel/panic.c.
 */
import { plainText } from "./plain-text.ts";

export interface Watched {
  /** The first of them that was seen decides. `panic`: its whole line. */
  readonly verdict: { readonly kind: "marker" } | { readonly kind: "panic"; readonly line: string } | null;
  /** The kernel's words about an image that it did not wholly unpack: it goes on with what it has by then. */
  readonly unpacking: string | null;
}

export interface ConsoleWatch {
  see(piece: Uint8Array): void;
  /** Nothing more will come. */
  end(): void;
  readonly watched: Watched;
}

export interface WatchOrder {
  /** As the console shows it, one character for each byte; null: nothing is waited for. */
  readonly marker: string | null;
  /** What the kernel is told. Its console repeats it. */
  readonly kernelArguments: string;
}

const PANIC = "Kernel panic - not syncing";
const UNPACKING = "Initramfs unpacking failed";
/** `Kernel command line: …`, `Unknown kernel command line parameters "…"`. */
const REPEATED = /command line(?: parameters)?[: ]/i;
/** The arguments of init, which a kernel that is told to be talkative lists line by line. */
const LISTED = /^\[ *\d+\.\d+\] {5}/;
/** Of a line that never ends no more is held. Characters. */
const LONGEST_LINE = 65_536;

export function watchConsole({ marker, kernelArguments }: WatchOrder): ConsoleWatch {
  const read = plainText();
  let line = "";
  let verdict: Watched["verdict"] = null;
  let unpacking: string | null = null;
  const isMarkerIn = (from: number): boolean => {
    if (marker === null) return false;
    for (let at = line.indexOf(marker, from); at !== -1; at = line.indexOf(marker, at + 1)) {
      if (!isRepeated(line.slice(0, at), marker, kernelArguments)) return true;
    }
    return false;
  };
  const endLine = (): void => {
    if (verdict === null && line.includes(PANIC)) verdict = { kind: "panic", line: told(line, PANIC) };
    if (line.includes(UNPACKING)) unpacking ??= told(line, UNPACKING);
    line = "";
  };
  const add = (text: string): void => {
    if (line.length > LONGEST_LINE) line = line.slice(-(marker?.length ?? 0) - PANIC.length);
    const from = Math.max(0, line.length - (marker?.length ?? 0));
    line += text;
    if (verdict === null && isMarkerIn(from)) verdict = { kind: "marker" };
  };
  return {
    see: (piece) => {
      for (const [index, text] of read(piece).split("\n").entries()) {
        if (index > 0) endLine();
        add(text);
      }
    },
    end: endLine,
    get watched() {
      return { verdict, unpacking };
    },
  };
}

/** What stands before the marker says whether it is only repeated. */
function isRepeated(before: string, marker: string, kernelArguments: string): boolean {
  const at = kernelArguments.indexOf(marker);
  if (REPEATED.test(before)) return true;
  if (at === -1) return false;
  const ahead = kernelArguments.slice(0, at).trimEnd();
  return LISTED.test(before) || (ahead !== "" && before.trimEnd().endsWith(ahead));
}

/** From the words on: what stands before them is a time. */
function told(line: string, words: string): string {
  return line.slice(line.indexOf(words)).trim();
}
