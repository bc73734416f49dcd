/** The command line for tests that run it some hundred times: as `runCli`, but one process for all, one run after the other. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { CliRun, CliSurroundings } from "./run-cli.ts";

export class ManyRuns {
  readonly #child: ChildProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    this.#child = fork(join(import.meta.dirname, "many-runs-child.js"), {
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
  }

  run(words: readonly string[], { cwd, env = {} }: Omit<CliSurroundings, "uid">): Promise<CliRun> {
    const surroundings = { PATH: process.env["PATH"] ?? "", HOME: cwd, ...env };
    const run = this.#last.then(() => this.#ask({ words, cwd, env: surroundings }));
    this.#last = run.catch(() => {});
    return run;
  }

  close(): void {
    this.#child.disconnect();
  }

  #ask(order: object): Promise<CliRun> {
    return new Promise((done, failed) => {
      const ended = (code: number | null) => failed(new Error(`the run ended its process with ${code}`));
      this.#child.once("exit", ended);
      this.#child.once("message", (run: CliRun) => {
        this.#child.off("exit", ended);
        done(run);
      });
      this.#child.send(order);
    });
  }
}
