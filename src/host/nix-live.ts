/**
 * Asks the machine's Nix which store path refers to which. `nix-store` tells it in the form of a registration;
 * where only the new `nix` is there, it tells it in JSON. Sources: nix-store(1), nix3-path-info(1).
 */
import { spawnSync } from "node:child_process";
import { type HostPath, showBytes, type TargetPath } from "../core/path.ts";
import type { StoreDatabase } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { DEFAULT_PATH, findProgram } from "./programs.ts";
import { systemError } from "./system-error.ts";

/** Arguments of one call: far below the 2 MiB that Linux takes for all, and 128 KiB per argument. */
const PATHS_PER_CALL = 1000;
const MOST_OUTPUT_BYTES = 2 ** 30;
const COMPLAINT_CHARACTERS = 4096;

export interface LiveStore {
  /** Where the files lie. */
  readonly root: HostPath;
  /** What the store directory is called: `nix/store`. */
  readonly directory: TargetPath;
  readonly environment: NodeJS.ProcessEnv;
}

/** Throws BuildFailure: host/nix-not-found, host/nix-store-elsewhere, host/nix-failed. */
export function liveNix(store: LiveStore): StoreDatabase {
  return { label: "Nix", exportClosure: (roots) => exportClosure(store, roots) };
}

function exportClosure(store: LiveStore, roots: readonly string[]): Uint8Array {
  const { environment } = store;
  const searchPath = environment["PATH"] ?? DEFAULT_PATH;
  const at = storeArguments(store);
  const nixStore = findProgram("nix-store", searchPath);
  if (nixStore !== null) {
    return new NixStore([nixStore, ...at], environment).exportClosure(roots);
  }
  const nix = findProgram("nix", searchPath);
  if (nix === null) throw new BuildFailure([{ code: "host/nix-not-found", store: store.root }]);
  const pathInfo = [
    "path-info",
    "--extra-experimental-features",
    "nix-command",
    ...at,
    "--json",
    "--recursive",
  ];
  return run([nix, ...pathInfo, "--", ...roots], environment);
}

/** The machine's own store is the default one, perhaps behind a daemon; another is told by the root above it. */
function storeArguments({ root, directory }: LiveStore): string[] {
  const end = `/${directory}`;
  if (root === end && directory === "nix/store") return [];
  if (!root.endsWith(end)) {
    throw new BuildFailure([{ code: "host/nix-store-elsewhere", store: root, directory }]);
  }
  const above = encodeURI(Buffer.from(root.slice(0, -end.length) || "/", "latin1").toString("utf8"));
  const names = directory === "nix/store" ? "" : `&store=${encodeURI(end)}`;
  return ["--store", `local?root=${above}${names}`];
}

class NixStore {
  readonly #program: readonly string[];
  readonly #environment: NodeJS.ProcessEnv;

  constructor(program: readonly string[], environment: NodeJS.ProcessEnv) {
    this.#program = program;
    this.#environment = environment;
  }

  exportClosure(roots: readonly string[]): Uint8Array {
    // Asked for a path that it does not have, it says nothing of the others either.
    const invalid = new Set(this.#lines(["--check-validity", "--print-invalid"], roots));
    const valid = roots.filter((root) => !invalid.has(root));
    const closure = [...new Set(this.#lines(["--query", "--requisites"], valid))];
    return Buffer.concat(this.#ask(["--dump-db"], closure));
  }

  #lines(question: readonly string[], paths: readonly string[]): string[] {
    const text = Buffer.concat(this.#ask(question, paths)).toString("latin1");
    return text.split("\n").filter((line) => line !== "");
  }

  #ask(question: readonly string[], paths: readonly string[]): Uint8Array[] {
    const answers: Uint8Array[] = [];
    for (let from = 0; from < paths.length; from += PATHS_PER_CALL) {
      const some = paths.slice(from, from + PATHS_PER_CALL);
      answers.push(run([...this.#program, ...question, ...some], this.#environment));
    }
    return answers;
  }
}

function run(command: readonly string[], environment: NodeJS.ProcessEnv): Uint8Array {
  const [program = "", ...args] = command;
  const ran = spawnSync(program, args, {
    env: { ...environment, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: MOST_OUTPUT_BYTES,
  });
  if (ran.error !== undefined && systemError(ran.error) === null) throw ran.error;
  if (ran.error === undefined && ran.status === 0) return ran.stdout;
  const said = ran.stderr?.toString("latin1").trim().slice(-COMPLAINT_CHARACTERS) ?? "";
  const complaint = ran.error === undefined ? said : (systemError(ran.error)?.what ?? "");
  const shown = command
    .slice(0, 8)
    .map((word) => showBytes(word as HostPath))
    .join(" ");
  throw new BuildFailure([{ code: "host/nix-failed", command: shown, exitCode: ran.status, complaint }]);
}
