/** A root tree of this machine, for verbs that read one without a recipe. */
import { openRoot } from "../archives/open-root.ts";
import { ARCH_NAMES, archByName } from "../core/arch.ts";
import type { Host, Tree } from "../core/ports.ts";
import { BuildStore } from "./build-store.ts";
import { openMemory, openStore } from "./cache.ts";
import { hostPathFrom } from "./files.ts";
import { WrongUsage } from "./wrong-usage.ts";

/** As it was typed. */
export interface RootRequest {
  readonly sysroot: string;
  /** Picks one image of several; null: not said. */
  readonly arch: string | null;
  /** Who asks, for whoever waits for the cache: "initgraph ldd". */
  readonly purpose: string;
}

/** Opens the tree for as long as `use` runs. Throws BuildFailure. */
export async function withRoot<T>(
  { sysroot, arch: name, purpose }: RootRequest,
  host: Host,
  use: (tree: Tree) => T,
): Promise<T> {
  const arch = name === null ? null : archByName(name);
  if (name !== null && arch === null) throw new WrongUsage(`--arch is one of ${ARCH_NAMES.join(", ")}`);
  // Only an archive needs it.
  const wish = { named: null };
  const store = new BuildStore(() => openStore(wish, "initrd.yaml", purpose));
  const memory = await openMemory(wish, "initrd.yaml");
  try {
    return use(await openRoot(hostPathFrom(sysroot), arch, { host, store, memory }));
  } finally {
    if (store.isOpen) memory.save();
    await store.close();
  }
}
