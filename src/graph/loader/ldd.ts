/**
 * A closure in the output format of ldd(1), for the tools that read that. Sources: glibc elf/rtld.c (trace
 * mode), musl ldso/dynlink.c (ldd mode).
 */
import { showBytes } from "../../core/path.ts";
import type { LoadedProgram } from "./load-program.ts";

export interface LddOutput {
  readonly lines: readonly string[];
  /** Whether every library that the loader insists on was found. */
  readonly isComplete: boolean;
}

const NOT_FOUND = " => not found";

/** The paths are those the loader would open, their symlinks not resolved. */
export function lddLines(loaded: LoadedProgram): LddOutput {
  const { interpreter, libraries, flavour } = loaded;
  // An address is only known where a program runs.
  const address = `(0x${"".padStart(loaded.machine.bits / 4, "0")})`;
  if (libraries.length === 0 && (interpreter === null || flavour !== "musl")) {
    const isThere = interpreter === null || interpreter.resolved.facts !== null;
    const lines = ["\tstatically linked"];
    return isThere ? { lines, isComplete: true } : { lines: missing(interpreter.asked), isComplete: false };
  }
  const lines: string[] = [];
  const told = new Set<string>();
  let isComplete = true;
  // musl tells its loader first, glibc where the first library needs it.
  if (flavour === "musl" && interpreter?.resolved.facts) {
    lines.push(`\t${showBytes(interpreter.asked)} ${address}`);
  }
  for (const { soname, isOptional, outcome } of libraries) {
    if (outcome.kind !== "found") {
      if (!isOptional) lines.push(...missing(soname));
      isComplete = isComplete && isOptional;
      continue;
    }
    const isLoader = outcome.rule === "the loader itself";
    const key = isLoader && flavour === "musl" ? soname : outcome.foundAt;
    if ((outcome.isAlreadyLoaded && !isLoader) || told.has(key)) continue;
    told.add(key);
    // A name with a slash is a path, told with its tokens expanded.
    const isNamedByPath = soname.includes("/") || (isLoader && flavour !== "musl");
    const path = showBytes(outcome.foundAt);
    const line = isNamedByPath ? `\t${path} ${address}` : `\t${showBytes(soname)} => ${path} ${address}`;
    if (isLoader && flavour !== "musl") lines.splice(lastFound(lines), 0, line);
    else lines.push(line);
  }
  if (interpreter !== null && interpreter.resolved.facts === null) {
    lines.push(...missing(interpreter.asked));
    isComplete = false;
  }
  return { lines, isComplete };
}

/** glibc enters its loader behind the last library that it found, and so before those that it missed since. */
function lastFound(lines: readonly string[]): number {
  return lines.findLastIndex((line) => !line.endsWith(NOT_FOUND)) + 1;
}

function missing(name: Parameters<typeof showBytes>[0]): string[] {
  return [`\t${showBytes(name)}${NOT_FOUND}`];
}
