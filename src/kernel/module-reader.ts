/** Reads modules, each at most once: unpacked, and parsed. */
import { unpack } from "../codecs/unpack.ts";
import { byteString, childOf, type TargetPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { FormatError } from "../formats/format-error.ts";
import { readKernelModule } from "../formats/kmod-module.ts";
import { moduleCompressionOf } from "../formats/kmod-names.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import type { ModuleFacts, ModuleFile } from "./kernel.ts";

export class ModuleReader {
  readonly #paths: PathResolver;
  readonly #directory: TargetPath;
  readonly #read = new Map<TargetPath, Promise<ModuleFacts>>();

  constructor(paths: PathResolver, directory: TargetPath) {
    this.#paths = paths;
    this.#directory = directory;
  }

  /** Throws BuildFailure (kernel/bad-module). */
  read(module: ModuleFile): Promise<ModuleFacts> {
    const known = this.#read.get(module.path) ?? this.#readNow(module);
    this.#read.set(module.path, known);
    return known;
  }

  async #readNow({ name, path }: ModuleFile): Promise<ModuleFacts> {
    const file = childOf(this.#directory, path);
    try {
      const bytes = await unpack(
        readWhole(this.#paths.tree, this.#paths.resolve(file).path),
        moduleCompressionOf(path) ?? "none",
      );
      return { name, path, ...readKernelModule(bytes) };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const why = `${error.message} (at byte ${error.offset})`;
      throw new BuildFailure([{ code: "kernel/bad-module", path: file, why }]);
    }
  }
}

/** The bytes of a regular file at a canonical path. */
export function readWhole(tree: Tree, path: TargetPath): Uint8Array {
  const file = tree.open(path);
  try {
    const bytes = new Uint8Array(file.size);
    let filled = 0;
    while (filled < bytes.length) {
      const length = file.read(bytes.subarray(filled), filled);
      if (length === 0) break; // it shrank: what is parsed of it will say so
      filled += length;
    }
    return bytes.subarray(0, filled);
  } finally {
    file.close();
  }
}

/** A text file, one character for each byte; null: no file is there. */
export function readText(paths: PathResolver, path: TargetPath): string | null {
  const to = paths.resolve(path);
  return to.facts?.kind === "file" ? byteString(readWhole(paths.tree, to.path)) : null;
}
