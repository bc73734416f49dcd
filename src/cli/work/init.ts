/** Looks into a root tree and writes a first recipe for it. */
import { bytesOf, type HostPath, showBytes, toBytes } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { BuildFailure } from "../../core/problem.ts";
import { FileScanner } from "../../graph/scan-file.ts";
import { hostPathFrom, isOnHost } from "../../machine/files.ts";
import { PathResolver } from "../../trees/resolve-path.ts";
import { firstRecipe, lookAround, SEARCHED } from "./first-recipe.ts";

export interface InitRequest {
  /** As it was typed. */
  readonly file: string;
  readonly sysroot: string;
}

/** Throws BuildFailure: cli/file-exists, cli/nothing-to-start, and what the host refuses. */
export function writeFirstRecipe(
  { file, sysroot }: InitRequest,
  host: Pick<Host, "tree" | "createOutput">,
): void {
  const path = hostPathFrom(file);
  if (isOnHost(path, host)) throw new BuildFailure([{ code: "cli/file-exists", file }]);
  const root = hostPathFrom(sysroot);
  const tree = host.tree(root);
  const scanner = new FileScanner(tree, () => {});
  const found = lookAround(new PathResolver(tree), (at) => {
    const kind = scanner.kindOf(at);
    return kind.kind === "elf" ? kind.elf.machine : null;
  });
  const text = firstRecipe(found, { file: showBytes(bytesOf(file)), sysroot: showBytes(root) });
  if (text === null) throw nothingToStart(root);
  const output = host.createOutput(path, 0o644);
  output.write(toBytes(bytesOf(text)));
  output.commit();
}

function nothingToStart(sysroot: HostPath): BuildFailure {
  return new BuildFailure([{ code: "cli/nothing-to-start", sysroot, searched: SEARCHED }]);
}
