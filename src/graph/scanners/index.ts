/** Every kind of file that can refer to others, and who reads it. */
import { archOf, type ElfMachine } from "../../core/arch.ts";
import { showPath } from "../../core/path.ts";
import type { Chain } from "../../core/problems/chain.ts";
import type { GraphProblem } from "../../core/problems/graph.ts";
import type { PathResolver } from "../../trees/resolve-path.ts";
import { type FileToScan, type Finding, referrersIn } from "../findings.ts";
import type { LibraryLoader } from "../loader/load-program.ts";
import { scanElf } from "./elf.ts";
import { scanScript } from "./script.ts";

export interface ScannerTools {
  readonly loader: LibraryLoader;
  readonly paths: PathResolver;
}

/** What a file refers to, and what it refers to in vain. */
export function findingsIn(file: FileToScan, { loader, paths }: ScannerTools): Finding[] {
  const { content } = file.scanned;
  switch (content.kind) {
    case "elf":
      return scanElf(file, content.elf, loader, paths.tree.label);
    case "script":
      return scanScript(file, content.shebang, paths);
    case "broken-elf":
      return brokenElf(file, content.why);
    case "plain":
      return [];
  }
}

/** A damaged ELF file matters where something would run it; elsewhere it is data. */
function brokenElf({ path, mode }: FileToScan, why: string): Finding[] {
  if ((mode & 0o111) === 0) return [];
  const problem = (chain: Chain): GraphProblem => {
    return { code: "graph/bad-file", path, chain: referrersIn(chain), why };
  };
  return [{ kind: "hole", by: path, names: [showPath(path)], problem, closedBy: [] }];
}

/** `aarch64`, or what the header says where no name is known. */
export function nameMachine(elf: ElfMachine): string {
  return archOf(elf)?.name ?? `machine ${elf.machine} (${elf.bits} bits, ${elf.endian}-endian)`;
}
