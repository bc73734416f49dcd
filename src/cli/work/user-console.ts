/** The user's side of a guest's serial console: the terminal, key by key, or whatever stands in its place. */
import { once } from "node:events";
import { escapeKeys } from "../../boot/escape-keys.ts";
import type { Terminal } from "../terminal.ts";

export interface UserConsole {
  /** Settles when there is room for more. */
  show(piece: Uint8Array): Promise<void>;
  /** Takes what is typed from now on, or holds it back until `mayType`. */
  listen(guest: Guest): void;
  mayType(): void;
  /** Gives the terminal back as it was, the cursor on a line of its own. */
  close(): void;
}

export interface Guest {
  readonly isHeld: boolean;
  readonly type: (bytes: Uint8Array) => void;
  /** The user wants to leave. */
  readonly leave: () => void;
}

const NEWLINE = 0x0a;

/** Where results are for programs, the console goes to standard error. */
export function consoleOf(terminal: Terminal): UserConsole {
  const { stdin } = process;
  const screen = terminal.isJson ? process.stderr : process.stdout;
  const isTyped = Boolean(stdin.isTTY);
  const keys = escapeKeys();
  let guest: Guest | null = null;
  let held: Uint8Array[] | null = null;
  let last = NEWLINE;
  const take = (piece: Uint8Array): void => {
    const { pass, isLeaving } = isTyped ? keys(piece) : { pass: piece, isLeaving: false };
    if (held !== null) held.push(pass);
    else if (pass.length > 0) guest?.type(pass);
    if (isLeaving) guest?.leave();
  };
  const release = (): void => {
    if (isTyped) stdin.setRawMode(false);
  };
  const begin = (): void => {
    process.once("exit", release);
    stdin.on("error", () => {}); // whoever typed is gone
    stdin.on("data", take);
    if (!isTyped) return;
    stdin.setRawMode(true);
    terminal.note("Ctrl-A X ends the guest\n");
  };
  return {
    show: async (piece) => {
      last = piece.at(-1) ?? last;
      if (!screen.write(piece)) await once(screen, "drain");
    },
    listen: (wanted) => {
      if (guest === null) begin();
      guest = wanted;
      held = wanted.isHeld ? [] : null;
    },
    mayType: () => {
      const waiting = held ?? [];
      held = null;
      for (const piece of waiting) guest?.type(piece);
    },
    close: () => {
      process.off("exit", release);
      release();
      stdin.off("data", take);
      stdin.pause();
      stdin.unref?.();
      if (last !== NEWLINE && screen.isTTY) screen.write("\n");
    },
  };
}
