/** The ELF files of a real tree, for reference tests. */
import { type ByteString, childOf, type TargetPath } from "../../src/core/path.ts";
import type { ElfFile } from "../../src/formats/elf.ts";
import type { FileScanner } from "../../src/graph/scan-file.ts";
import type { PathResolver } from "../../src/trees/resolve-path.ts";

/** A tree with what reads it. */
export interface ElfTree {
  readonly paths: PathResolver;
  readonly scanner: FileScanner;
}

export interface ElfInTree {
  readonly path: TargetPath;
  readonly elf: ElfFile;
}

/** Regular ELF files at and below a directory, each once, in byte order; a missing directory has none. */
export function elfFilesBelow(directory: string, { paths, scanner }: ElfTree): ElfInTree[] {
  const found: ElfInTree[] = [];
  const visit = (at: TargetPath): void => {
    const facts = paths.stat(at);
    if (facts?.kind === "directory") {
      for (const name of paths.tree.list(at)) visit(childOf(at, name));
    } else if (facts?.kind === "file") {
      const kind = scanner.kindOf(at);
      if (kind.kind === "elf") found.push({ path: at, elf: kind.elf });
    }
  };
  const { path, facts } = paths.resolve(directory as ByteString);
  if (facts !== null) visit(path);
  return found;
}
