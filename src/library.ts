/** The corridor with this machine at its ends: what a program imports. Paths are seen from the working directory. */
import { build as buildWith, closureOf as closeWith } from "./build.ts";
import type { BuildResult, BuiltContents } from "./carry-out.ts";
import type { Progress } from "./core/ports.ts";
import type { Closure } from "./graph/graph.ts";
import { type ImageListing, listImage as listWith } from "./inspect/list-image.ts";
import { BuildStore } from "./machine/build-store.ts";
import { openMemory, openStore } from "./machine/cache.ts";
import { hostPathFrom } from "./machine/files.ts";
import { imageHost } from "./machine/image-host.ts";
import { machinePorts } from "./machine/ports.ts";
import { type RecipeOrder, readRecipe } from "./machine/recipe.ts";
import { ownTool } from "./machine/tool.ts";
import { describeImage, type SbomFormat } from "./sbom/describe-image.ts";

export interface RecipeOptions {
  readonly recipe: string;
  /** In place of the recipe's. */
  readonly sysroot?: string;
  /** In place of the recipe's. */
  readonly compressor?: string;
  /** The kernel's version, in place of the recipe's; of a recipe for several, the one that the image is for. */
  readonly kernel?: string;
  /** Values of variables, in place of the recipe's. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Where finished pieces are kept; null: nowhere. Default: as for the command line. */
  readonly cache?: string | null;
  /** Is told what takes long, while it happens. */
  readonly onProgress?: Progress;
}

export interface BuildOptions extends RecipeOptions {
  /** The directory for the image, its manifest and the symlink to it. Default: `result`. */
  readonly out?: string;
  /** What the image is made of, in files beside it. Default: none. */
  readonly sbom?: readonly SbomFormat[];
  /** Whether each layer is also written as an initrd of its own. Default: false. */
  readonly emitLayers?: boolean;
  /** How many programs and codecs run at a time. Default: one for each core. */
  readonly jobs?: number;
}

/** Builds the image of a recipe. Throws BuildFailure with all problems of the stage that found any. */
export async function build(options: BuildOptions): Promise<BuildResult> {
  const {
    recipe,
    out = "result",
    cache,
    jobs = null,
    sbom = [],
    emitLayers: emitsLayers = false,
    onProgress: tell = ignore,
  } = options;
  const ports = machinePorts(jobs);
  const input = readRecipe(orderOf(options), ports.host);
  const wish = cache === null ? "nowhere" : { named: cache ?? null };
  const memory = await openMemory(wish, recipe);
  const store = await openStore(wish, recipe);
  const describe =
    sbom.length === 0 ? null : (made: BuiltContents) => describeImage(made, sbom, ownTool()).documents;
  try {
    return await buildWith(input, hostPathFrom(out), {
      ...ports,
      store,
      memory,
      tell,
      timekeeper: null,
      approve: null,
      describe,
      emitsLayers,
    });
  } finally {
    memory.save();
    await store.close();
  }
}

/** What a recipe's contents refer to, and why. Builds nothing. Throws BuildFailure. */
export async function closureOf(options: RecipeOptions): Promise<Closure> {
  const { recipe, cache, onProgress: tell = ignore } = options;
  const ports = machinePorts(null);
  const input = readRecipe(orderOf(options), ports.host);
  // Only a root tree in an archive needs it.
  const store = new BuildStore(() =>
    openStore(cache === null ? "nowhere" : { named: cache ?? null }, recipe),
  );
  try {
    return await closeWith(input, { ...ports, store, tell });
  } finally {
    await store.close();
  }
}

/** The members and entries of any initrd. Throws BuildFailure for what the kernel would not read. */
export async function listImage(image: string): Promise<ImageListing> {
  return listWith(hostPathFrom(image), { host: imageHost() });
}

function orderOf({ recipe, sysroot, compressor, kernel, variables = {} }: RecipeOptions): RecipeOrder {
  const set = new Map(Object.entries(variables));
  return {
    recipe,
    sysroot: sysroot ?? null,
    compressor: compressor ?? null,
    kernel: kernel ?? null,
    variables: set,
  };
}

function ignore(): void {}
