/** How a run ends before its time: the reader of our output went away, or somebody pressed Ctrl-C. */
import { constants } from "node:os";
import type { Host, Output, Progress, ProgressEvent } from "../core/ports.ts";

/** `initgraph ls image | head` is no failure. */
export function endQuietlyOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit();
      throw error;
    });
  }
}

const ENDINGS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Discards outputs that are being written when a signal ends the run. A listener is called between events
 * only, and the closure is found without a pause: while files are read nobody listens, so that Ctrl-C ends
 * the run at once, as it does by default. Nothing is half written then.
 */
export class SignalGuard {
  readonly #open = new Set<Output>();
  readonly #close: () => Promise<void>;
  #isListening = false;
  #isEnding = false;
  readonly #end = (signal: NodeJS.Signals): void => {
    const code = 128 + constants.signals[signal];
    // Whoever sends a second one will not wait.
    if (this.#isEnding) process.exit(code);
    this.#isEnding = true;
    for (const output of this.#open) output.discard();
    // What still writes may put something where the first try has just cleaned up.
    this.#close()
      .catch(() => this.#close())
      .finally(() => process.exit(code));
  };

  /** `close` lets go of what else must not stay behind. */
  constructor(close: () => Promise<void>) {
    this.#close = close;
  }

  /** What fails while the run is ending fails because of it, and is not worth a word: this never comes back then. */
  async unlessEnding(): Promise<void> {
    if (this.#isEnding) await new Promise(() => {});
  }

  /** The same host, its outputs guarded from the moment they are there. */
  guard(host: Host): Host {
    return {
      ...host,
      createOutput: (path, mode) => {
        this.listen();
        const output = host.createOutput(path, mode);
        this.#open.add(output);
        return {
          write: (bytes) => output.write(bytes),
          writeBeside: (bytes) => output.writeBeside(bytes),
          writeAt: (bytes, position) => output.writeAt(bytes, position),
          commit: () => {
            output.commit();
            this.#open.delete(output);
          },
          discard: () => {
            output.discard();
            this.#open.delete(output);
          },
        };
      },
    };
  }

  /** Files are read without a pause; all else that is told has pauses. */
  #notice({ step }: ProgressEvent): void {
    if (step === "files" || step === "modules") this.release();
    else this.listen();
  }

  /** Notices what happens, and passes it on. */
  heard(...listeners: readonly Progress[]): Progress {
    return (event) => {
      this.#notice(event);
      for (const listen of listeners) listen(event);
    };
  }

  listen(): void {
    if (this.#isListening) return;
    this.#isListening = true;
    for (const signal of ENDINGS) process.on(signal, this.#end);
  }

  /** Stops listening. */
  release(): void {
    if (!this.#isListening) return;
    this.#isListening = false;
    for (const signal of ENDINGS) process.off(signal, this.#end);
  }
}
