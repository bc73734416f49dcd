/**
 * What is typed at U-Boot's prompt to boot an image that lies in memory already, and what U-Boot makes of it. Source: U-Boot
 * doc/usage/cmd/{booti,bootz,bootm}.rst; that a command which starts a kernel never comes back to the prompt.
 */
import type { UbootBoard } from "./machines.ts";
import { plainText } from "./plain-text.ts";

/** Where things lie in memory, and how large they are. Bytes. */
export interface UbootOrder {
  readonly board: UbootBoard;
  readonly image: UbootImage;
  /** Null: the image has one. */
  readonly kernel: { readonly size: number } | null;
  /** Of the kernel. */
  readonly arguments: string;
}

export type UbootImage = { readonly size: number } & (
  | { readonly kind: "bare" | "uInitrd" }
  /** The names of the nodes. `kernel: null`: there is none in it. */
  | { readonly kind: "fit"; readonly ramdisk: string; readonly kernel: string | null }
);

export interface UbootPlan {
  readonly kernelAt: number | null;
  readonly imageAt: number;
  /** Lines for the prompt. */
  readonly lines: readonly string[];
  /** What the board needs to hold all that, twice: U-Boot moves it. */
  readonly memory: number;
}

const MIB = 2 ** 20;
/** An arm64 kernel must begin at a multiple of it. Others do not mind. */
const ALIGNMENT = 2 * MIB;
/** A kernel needs more room than its file has: what it clears when it starts. */
const KERNEL_ROOM = 32 * MIB;

export function planUboot({ board, image, kernel, arguments: said }: UbootOrder): UbootPlan {
  const earliest = image.kind === "fit" && image.kernel !== null ? board.fit : board.ramdisk;
  const kernelEnd = kernel === null ? 0 : board.kernel + kernel.size + KERNEL_ROOM;
  const imageAt = Math.max(earliest, Math.ceil(kernelEnd / ALIGNMENT) * ALIGNMENT);
  const lines = [...board.settings, `setenv bootargs '${said}'`, startLine(board, image, imageAt)];
  const memory = imageAt - board.memory + 2 * image.size;
  return { kernelAt: kernel === null ? null : board.kernel, imageAt, lines, memory };
}

/** The device tree is QEMU's own, as U-Boot was given it: that of a board in a FIT would be of another machine. */
function startLine(board: UbootBoard, image: UbootImage, imageAt: number): string {
  const at = hex(imageAt);
  if (image.kind === "fit" && image.kernel !== null) {
    return `bootm ${at}:${image.kernel} ${at}:${image.ramdisk} ${DEVICE_TREE}`;
  }
  const ramdisk = { bare: `${at}:${hex(image.size)}`, uInitrd: at, fit: "" }[image.kind];
  const node = image.kind === "fit" ? `${at}:${image.ramdisk}` : ramdisk;
  return `${board.command} ${hex(board.kernel)} ${node} ${DEVICE_TREE}`;
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: for U-Boot
const DEVICE_TREE = "${fdtcontroladdr}";

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

export interface UbootTalk {
  /** Looks at what the console shows. `type`: what is to be typed now. `taken`: bytes up to where the kernel's turn begins. */
  see(piece: Uint8Array): { readonly type: string; readonly taken: number };
  /** `refused`: the prompt is back, and no kernel was started. */
  readonly state: "talking" | "booting" | "started" | "refused";
  /** The last lines that U-Boot said before it gave up. */
  readonly complaint: string;
}

const INTERRUPT = /Hit any key|autoboot/i;
const PROMPT = /(?:^|\n)=> $/;
const STARTED = /Starting kernel/;
/** Lines of a complaint. */
const MOST_LINES = 2;
/** Of what U-Boot says so much is looked back at. Characters. */
const LONGEST = 16_384;

export function talkWithUboot(lines: readonly string[]): UbootTalk {
  const waiting = [...lines];
  let state: UbootTalk["state"] = "talking";
  let isInterrupted = false;
  let read = plainText();
  let said = "";
  const answer = (): string => {
    if (!(isInterrupted ? PROMPT : INTERRUPT).test(said)) return "";
    said = "";
    const next = isInterrupted ? waiting.shift() : "";
    isInterrupted = true;
    return `${next}\n`;
  };
  const boot = (piece: Uint8Array): void => {
    said = (said + read(piece)).slice(-LONGEST);
    if (STARTED.test(said)) state = "started";
    else if (PROMPT.test(said)) state = "refused";
  };
  return {
    see: (piece) => {
      if (state !== "talking") {
        boot(piece);
        return { type: "", taken: 0 };
      }
      if (waiting.length > 0) {
        said = (said + read(piece)).slice(-LONGEST);
        return { type: answer(), taken: piece.length };
      }
      // The last line comes back as it was typed; what follows is its doing.
      const end = piece.indexOf(0x0a);
      if (end === -1) return { type: "", taken: piece.length };
      state = "booting";
      read = plainText();
      boot(piece.subarray(end + 1));
      return { type: "", taken: end + 1 };
    },
    get state() {
      return state;
    },
    get complaint() {
      const lines = said.split("\n").map((line) => line.trim());
      return lines
        .filter((line) => line !== "" && line !== "=>")
        .slice(-MOST_LINES)
        .join("; ");
    },
  };
}
