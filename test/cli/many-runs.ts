/** The command line for tests that run it some hundred times: as `runCli`, but one process for all, one run after the other. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { after } from "node:test";
import { type CliRun, type CliSurroundings, runCli } from "./run-cli.ts";

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

/** `runCli` for all tests of a file, in one process that ends with them. What Node itself is to be told needs a process of its own. */
export function runsOfThisFile(): typeof runCli {
  let runs: ManyRuns | null = null;
  after(() => runs?.close());
  return (words, surroundings) => {
    const isAlone = surroundings.uid !== undefined || surroundings.env?.["NODE_OPTIONS"] !== undefined;
    if (isAlone) return runCli(words, surroundings);
    runs ??= new ManyRuns();
    return runs.run(words, surroundings);
  };
}
