/** A lock as text: YAML, its maps sorted, one line an input, so that a review shows what moved. */
import { parseDocument, stringify } from "yaml";
import { z } from "zod";
import { type Digest, digestFromHex, hexOfDigest } from "../core/digest.ts";
import { LOCKED_PLACES, type Lock } from "../core/lock.ts";
import { BuildFailure } from "../core/problem.ts";

const HEAD =
  "# What the image of a recipe was made of. `initgraph lock` writes it; `initgraph build --locked` holds to it.\n";

const digest = z
  .string({ error: "a SHA-256 digest" })
  .regex(/^sha256-[0-9a-f]{64}$/, { error: "a SHA-256 digest" });
const inputs = z.record(z.string(), digest, { error: "a map of names to digests" });

/** The one source of the check and of schemas/lock.schema.json. */
export const LOCK_SCHEMA = z
  .strictObject({
    lock: z
      .literal(1, { error: "1, the version of the format" })
      .meta({ description: "The version of the format." }),
    recipe: digest.meta({ description: "Of the recipe's text, and of what it includes and what is set." }),
    compressor: z.array(z.string({ error: "text" }), { error: "a list of texts" }).meta({
      description: "All that decides which bytes the compressor makes. Empty: it is not compressed.",
    }),
    inputs: z
      .strictObject({
        sysroot: inputs.optional().meta({ description: "Files of the sysroot, by their paths in it." }),
        store: inputs.optional().meta({
          description:
            "Files of the Nix store, by their paths in it; of a content-pure image by those in the image.",
        }),
        host: inputs.optional().meta({ description: "Files beside the recipe, by their paths from there." }),
        prepend: inputs.optional().meta({ description: "Prepended archives, numbered as they stand." }),
      })
      .meta({ description: "Every file that the image was made of, with the digest of its content." }),
    originals: z
      .record(z.string(), z.string({ error: "text" }), { error: "a map of names to names" })
      .optional()
      .meta({
        description:
          "Of a content-pure image: which store paths its own were made of. Nothing is held to them.",
      }),
    image: z
      .strictObject({ file: z.string(), size: z.int().min(0), digest })
      .meta({ description: "The finished image; of one with secrets, what stands before them." }),
  })
  .meta({ title: "initgraph lock", description: "What the image of a recipe was made of." });

export function lockText({ recipe, compressor, inputs, originals, image }: Lock): string {
  const places = LOCKED_PLACES.filter((place) => inputs[place].size > 0);
  const all = places.map((place) => [place, Object.fromEntries(inputs[place])] as const);
  const names = originals.size === 0 ? {} : { originals: Object.fromEntries(originals) };
  const value = { lock: 1, recipe, compressor, inputs: Object.fromEntries(all), ...names, image };
  return HEAD + stringify(value, { lineWidth: 0, sortMapEntries: true, aliasDuplicateObjects: false });
}

/** `file`: what it is called in messages. Throws BuildFailure lock/unreadable. */
export function readLock(text: string, file: string): Lock {
  // Keys are not compared: the package takes quadratic time for that, and the last of two is as good.
  const document = parseDocument(text, { schema: "core", version: "1.2", merge: false, uniqueKeys: false });
  const [error] = document.errors;
  if (error)
    throw unreadable(
      file,
      error.linePos?.[0].line ?? 1,
      error.message.replace(/ at line \d+, column \d+:[\s\S]*$/, ""),
    );
  const read = LOCK_SCHEMA.safeParse(valuesOf(document, file));
  if (!read.success) {
    const { path, message } = read.error.issues[0]!;
    throw unreadable(file, 1, `${path.join(".") || "the file"} should be ${message}`);
  }
  const { recipe, compressor, inputs, originals, image } = read.data;
  const mapOf = (place: (typeof LOCKED_PLACES)[number]) =>
    new Map(Object.entries(inputs[place] ?? {}).map(([name, text]) => [name, digestIn(text)]));
  return {
    recipe: digestIn(recipe),
    compressor,
    inputs: {
      sysroot: mapOf("sysroot"),
      store: mapOf("store"),
      host: mapOf("host"),
      prepend: mapOf("prepend"),
    },
    originals: new Map(Object.entries(originals ?? {})),
    image: { ...image, digest: digestIn(image.digest) },
  };
}

function digestIn(text: string): Digest {
  return digestFromHex(hexOfDigest(text as Digest));
}

function unreadable(lock: string, line: number, why: string): BuildFailure {
  return new BuildFailure([{ code: "lock/unreadable", lock, line, why }]);
}

/** Aliases are no part of a lock; the package tells of one by throwing. */
function valuesOf(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 0 });
  } catch (error) {
    if (error instanceof ReferenceError) throw unreadable(file, 1, error.message);
    throw error;
  }
}
