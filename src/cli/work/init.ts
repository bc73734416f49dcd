/** Looks into a root tree and writes a first recipe for it. */
import { bytesOf, type HostPath, showBytes, toBytes } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import { FileScanner } from "../../graph/scan-file.ts";
import { hostPathFrom, isOnHost } from "../../machine/files.ts";
import { machinePorts } from "../../machine/ports.ts";
import { withRoot } from "../../machine/root.ts";
import { PathResolver } from "../../trees/resolve-path.ts";
import { firstRecipe, lookAround, SEARCHED } from "./first-recipe.ts";

export interface InitRequest {
  /** As it was typed. */
  readonly file: string;
  readonly sysroot: string;
  /** Picks one image of several; null: not said. */
  readonly arch: string | null;
}

/** Throws BuildFailure: cli/file-exists, cli/nothing-to-start, and what the host and archives refuse. */
export async function writeFirstRecipe({ file, sysroot, arch }: InitRequest): Promise<void> {
  const { host } = machinePorts(1);
  const path = hostPathFrom(file);
  if (isOnHost(path, host)) throw new BuildFailure([{ code: "cli/file-exists", file }]);
  const root = hostPathFrom(sysroot);
  const found = await withRoot({ sysroot, arch, purpose: "initgraph init" }, host, (tree) => {
    const scanner = new FileScanner(tree, () => {});
    return lookAround(new PathResolver(tree), (at) => {
      const kind = scanner.kindOf(at);
      return kind.kind === "elf" ? kind.elf.machine : null;
    });
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
