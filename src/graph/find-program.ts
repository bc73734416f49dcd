/** Programs by their names, as execvp(3) and every shell look for them. */
import { type ByteString, showPath, type TargetPath } from "../core/path.ts";
import type { PathResolver, ResolvedPath } from "../trees/resolve-path.ts";

/** What the kernel gives /init (linux init/main.c) and most init scripts keep, plus where distributions put things. */
const PROGRAM_PATH = ["usr/local/sbin", "usr/local/bin", "usr/sbin", "usr/bin", "sbin", "bin"];

const EXECUTE_BITS = 0o111;

export interface ProgramFound {
  /** Null: it is not there, or nobody may run it. */
  readonly to: ResolvedPath | null;
  /** Directories without it, in order. */
  readonly tried: readonly string[];
}

/** A name without "/" is looked up in PATH. */
export function findProgram(program: ByteString, paths: PathResolver): ProgramFound {
  const cut = program.lastIndexOf("/");
  const directories = cut === -1 ? PROGRAM_PATH : [program.slice(0, cut).replace(/^\/+/, "")];
  const tried: string[] = [];
  for (const directory of directories) {
    const to = paths.resolve(`${directory}/${program.slice(cut + 1)}`);
    if (to.facts?.kind === "file" && (to.facts.mode & EXECUTE_BITS) !== 0) return { to, tried };
    tried.push(showPath(directory as TargetPath));
  }
  return { to: null, tried };
}
