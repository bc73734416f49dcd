/** How a run ends before its time: the reader of our output went away, or somebody pressed Ctrl-C. */
import { constants } from "node:os";

/** `initgraph ls image | head` is no failure. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      throw error;
    });
  }
}

/**
 * Ends with 128 + the signal's number, as a shell says it. Whoever has a file half written removes it at the
 * process's end (`process.on("exit")`), which this brings about.
 */
export function endOnSignals(): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
