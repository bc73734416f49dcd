/** The layers of an image. */
import { z } from "zod";
import { compressor, compressorArgs, extension } from "./schema-packing.ts";
import { budget, contents, files, kernel } from "./schema-parts.ts";
import { path } from "./schema-values.ts";

const NAME = "a name of letters, digits, dots, - and _, at most 64";

/** What a recipe and a layer have alike. */
export const LAYER_PARTS = [
  "contents",
  "files",
  "kernel",
  "compressor",
  "compressorArgs",
  "extension",
] as const satisfies readonly (keyof z.output<typeof layer>)[];

const layer = z.strictObject({
  name: z
    .string({ error: NAME })
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, { error: NAME })
    .meta({
      description: "What the layer is called in messages, in the manifest and in the names of emitted files.",
      examples: ["base"],
    }),
  use: path()
    .optional()
    .meta({
      description:
        "A recipe whose parts (contents, files, kernel, and the layers that it has itself) make this layer; what stands beside this is added. How it looks things up (sysroot, arch, store, closure, allow, silence) counts as if it were included; what it says of its own image does not.",
      examples: ["./base.yaml"],
    }),
  contents: contents.optional(),
  files: files.optional(),
  kernel: kernel.optional(),
  compressor: compressor.optional(),
  compressorArgs: compressorArgs.optional(),
  extension: extension.optional(),
  budget: budget.optional(),
});

export type RecipeLayer = z.output<typeof layer>;

export const layers = z.array(layer).meta({
  description:
    "Layers that lie over one another, first to last; what the recipe holds beside them is the last. Each holds the closure of its parts without what earlier layers hold, is built and kept by itself, and may have a compressor of its own.",
  examples: [
    [
      { name: "base", use: "./base.yaml" },
      { name: "modules", kernel: { modules: ["virtio-pci"] }, compressor: "none" },
    ],
  ],
});
