/**
 * Reads modules, each at most once: unpacked, and parsed. One that an earlier build has read, and that looks as it
 * did then, is not opened: where depmod never ran all are asked for, thousands of them.
 */
import { unpack } from "../codecs/unpack.ts";
import { childOf, type TargetPath } from "../core/path.ts";
import type { InputMemory, TreeMemory } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { FormatError } from "../formats/format-error.ts";
import { type KernelModule, readKernelModule } from "../formats/kmod-module.ts";
import { moduleCompressionOf } from "../formats/kmod-names.ts";
import type { ModInfo } from "../formats/kmod-text.ts";
import { readWhole } from "../trees/read-file.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import { INFO_KEYS, type InfoKey, type ModuleFacts, type ModuleFile } from "./kernel.ts";

/** A memory for each kernel of a tree, which other builds need not load. Raise the number when facts say more or other things. */
const MEMORY = "kernel modules 1";

export class ModuleReader {
  readonly #paths: PathResolver;
  readonly #directory: TargetPath;
  readonly #memory: TreeMemory;
  readonly #read = new Map<TargetPath, Promise<ModuleFacts>>();

  constructor(paths: PathResolver, directory: TargetPath, memory: InputMemory) {
    this.#paths = paths;
    this.#directory = directory;
    this.#memory = memory.of(`${MEMORY} ${directory} of ${paths.tree.identity}`);
  }

  /** Throws BuildFailure (kernel/bad-module). */
  read(module: ModuleFile): Promise<ModuleFacts> {
    const known = this.#read.get(module.path) ?? this.#readNow(module);
    this.#read.set(module.path, known);
    return known;
  }

  async #readNow({ name, path }: ModuleFile): Promise<ModuleFacts> {
    const file = childOf(this.#directory, path);
    const to = this.#paths.resolve(file);
    // One that is linked in is read each time: how it is packed is told by its name here, and whoever takes up an
    // earlier decision (decide-again.ts) looks for what went into it below the directory, and among what was opened.
    const look = to.path === file ? to.facts : null;
    const known = look === null ? null : this.#memory.recall(file, look)?.scan;
    if (known != null) return { name, path, ...(known as Remembered) };
    try {
      const bytes = await unpack(readWhole(this.#paths.tree, to.path), moduleCompressionOf(path) ?? "none");
      const facts = factsOf(readKernelModule(bytes));
      if (look !== null) this.#memory.remember(file, look, { scan: facts });
      return { name, path, ...facts };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const why = `${error.message} (at byte ${error.offset})`;
      throw new BuildFailure([{ code: "kernel/bad-module", path: file, why }]);
    }
  }
}

type Remembered = Omit<ModuleFacts, keyof ModuleFile>;

function factsOf({ machine, info, exports, needs }: KernelModule): Remembered {
  return { machine, exports, needs, info: wantedInfo(info) };
}

export function wantedInfo(info: ModInfo): ModuleFacts["info"] {
  return info.flatMap(([key, value]) => (isInfoKey(key) ? [[key, value] as const] : []));
}

function isInfoKey(key: string): key is InfoKey {
  return (INFO_KEYS as readonly string[]).includes(key);
}
