/**
 * The live line on a terminal, for what takes over a second. Stages run synchronously, so no timer would
 * fire while they work: every event that a stage tells may draw, straight to the descriptor, and most do not.
 */
import type { Progress, ProgressEvent } from "../core/ports.ts";
import { showCount, showNumber, showSize, showTime } from "./text/size.ts";
import { fitWidth } from "./text/width.ts";

/** What the line needs of the outside. */
export interface ProgressScreen {
  /** Writes without waiting; what does not get through is lost, and no harm is done. */
  readonly write: (text: string) => void;
  /** Milliseconds, from any beginning. */
  readonly now: () => number;
  readonly columns: () => number;
}

export interface ProgressLine {
  readonly tell: Progress;
  /** Takes the line away, before other text or for good; the next event may draw it again. */
  erase(): void;
}

const FIRST_AFTER_MS = 1000;
const AGAIN_AFTER_MS = 100;
const ERASE = "\r\x1b[K";

/** For a pipe or a quiet run. */
export const NO_PROGRESS: ProgressLine = { tell: () => {}, erase: () => {} };

export function progressLine(screen: ProgressScreen): ProgressLine {
  const start = screen.now();
  let nextAt = start + FIRST_AFTER_MS;
  let isDrawn = false;
  return {
    tell(event) {
      const now = screen.now();
      if (now < nextAt) return;
      nextAt = now + AGAIN_AFTER_MS;
      isDrawn = true;
      const line = `${showEvent(event)}  ${showTime(now - start)}`;
      // A full last column would make some terminals wrap, and the line could not be erased.
      screen.write(`${ERASE}${fitWidth(line, screen.columns() - 1)}`);
    },
    erase() {
      if (isDrawn) screen.write(ERASE);
      isDrawn = false;
    },
  };
}

export function showEvent(event: ProgressEvent): string {
  switch (event.step) {
    case "modules":
      return `modules       ${showNumber(event.done)} of ${showNumber(event.total)}`;
    case "files":
      return `reading       ${showCount(event.files, "file")}, ${showSize(event.bytes)}`;
    case "layers":
      return `layers        ${showNumber(event.done)} of ${showNumber(event.total)}, ${showSize(event.bytes)}`;
    case "image":
      return `writing       ${showSize(event.bytes)}`;
  }
}
