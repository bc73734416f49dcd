/** How the image is packed: compressor, file names, U-Boot's wrapper, time. */
import { OTHER_ALGORITHMS } from "../core/digest.ts";
import type { TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import { type CompressorRequest, type ResolvedCompressor, resolveCompressor } from "./compressor.ts";
import { COMPRESSORS } from "./compressors.ts";
import { DEFAULTS } from "./defaults.ts";
import type { ImageSpec, UInitrdSpec } from "./image-spec.ts";
import type { Interpretation } from "./interpret.ts";
import { interpretBoard, interpretFit } from "./interpret-uboot.ts";
import { interpretUki } from "./interpret-uki.ts";
import { nearestOf } from "./nearest.ts";
import type { RecipeLayer } from "./schema-layers.ts";
import { shorten } from "./source-text.ts";

const EPOCH_LIMIT = 0xffff_ffff;

/** How a layer, or an image without layers, is packed. */
type Packing = Pick<ImageSpec, "compressor" | "extension">;

const PLAIN: Packing = {
  compressor: { name: "none", format: "none", engine: { by: "nobody" }, at: null },
  extension: COMPRESSORS.none.extension,
};

export function interpretImage(context: Interpretation, store: TargetPath): ImageSpec {
  const { recipe } = context;
  const ofRecipe = requestOfRecipe(context);
  const ofCommandLine = requestOfCommandLine(context);
  // The recipe's own is checked even where the command line overrides it: it must stay buildable.
  const said = ofRecipe && resolveWithExtension(ofRecipe, context);
  const resolved = ofCommandLine ? resolveWithExtension(ofCommandLine, context) : said;
  const ofTable = resolved?.row?.extension;
  // With another compressor the recipe's extension would be a lie.
  const extension = ofCommandLine ? (ofTable ?? recipe.extension) : (recipe.extension ?? ofTable);
  const image: ImageSpec = {
    ...(resolved === null ? PLAIN : { compressor: resolved.spec, extension: extension ?? PLAIN.extension }),
    uInitrd: resolved ? uInitrdOf(resolved, ofCommandLine !== null, context) : null,
    fit: interpretFit(context),
    uki: interpretUki(context, store),
    board: interpretBoard(context),
    epoch: epochOf(context),
    isSolid: recipe.solid ?? DEFAULTS.solid,
    // Several recipes may ask for the same; the order is ours.
    digests: OTHER_ALGORITHMS.filter((algorithm) => (recipe.digests ?? []).includes(algorithm)),
  };
  checkWrappers(image, context);
  checkOutputs(context);
  return image;
}

/** A layer's own compressor; what the command line says counts for all layers. */
export function interpretPacking(layer: RecipeLayer, image: Packing, context: Interpretation): Packing {
  const isSaid = ["compressor", "compressorArgs", "extension"].some((key) => Object.hasOwn(layer, key));
  if (!isSaid) return image;
  const within = { ...context, recipe: layer, mentioned: new Set(Object.keys(layer)) };
  const request = requestOfRecipe(within);
  const resolved = request && resolveWithExtension(request, within);
  if (context.input.overrides.compressor !== null) return image;
  if (resolved === null) return PLAIN; // a problem already
  return {
    compressor: resolved.spec,
    extension: layer.extension ?? resolved.row?.extension ?? image.extension,
  };
}

/** Null where the recipe's words about it are broken: the problem is reported already. */
function requestOfRecipe({ recipe, places, input, mentioned }: Interpretation): CompressorRequest | null {
  const said = recipe.compressor;
  const isBroken = ["compressor", "compressorArgs"].some(
    (key) => mentioned.has(key) && !Object.hasOwn(recipe, key),
  );
  if (isBroken) return null;
  const form = typeof said === "object" ? said : null;
  const args = recipe.compressorArgs ?? null;
  return {
    command: (form ? form.name : (said as string | undefined)) ?? DEFAULTS.compressor,
    level: form?.level ?? null,
    engine: form?.engine ?? DEFAULTS.engine,
    args,
    at: form
      ? places.ofValue(form, "name")
      : said === undefined
        ? null
        : places.ofValue(recipe, "compressor"),
    levelAt: form?.level === undefined ? null : places.ofKey(form, "level"),
    argsAt: argumentPlaces(recipe, args, places),
    directory: form
      ? places.directoryOf(form, "name")
      : said === undefined
        ? input.directory
        : places.directoryOf(recipe, "compressor"),
  };
}

/** An empty list is a place too: what it lacks is its fault. */
function argumentPlaces(
  recipe: object,
  args: readonly string[] | null,
  places: Interpretation["places"],
): Span[] {
  if (args === null) return [];
  if (args.length === 0) return [places.ofValue(recipe, "compressorArgs")];
  return args.map((_, index) => places.ofValue(args, index));
}

function requestOfCommandLine({ input }: Interpretation): CompressorRequest | null {
  const command = input.overrides.compressor;
  if (command === null) return null;
  const { directory } = input;
  return { command, level: null, engine: "auto", args: null, at: null, levelAt: null, argsAt: [], directory };
}

function resolveWithExtension(
  request: CompressorRequest,
  context: Interpretation,
): ResolvedCompressor | null {
  const resolved = resolveCompressor(request, context.report);
  if (resolved === null || resolved.row !== null || context.mentioned.has("extension")) return resolved;
  const { name } = resolved.spec;
  const known = Object.keys(COMPRESSORS);
  const { at } = request;
  context.report({
    code: "spec/unknown-compressor",
    at,
    name: shorten(name),
    nearest: nearestOf(name, known),
    known,
  });
  return null;
}

function uInitrdOf(
  { spec, row }: ResolvedCompressor,
  isOverride: boolean,
  { recipe, places, report, mentioned }: Interpretation,
): UInitrdSpec | null {
  if (!(recipe.makeUInitrd ?? DEFAULTS.makeUInitrd)) return null;
  const said = recipe.uInitrdCompression ?? null;
  const ofTable = row?.uboot ?? null;
  const compression = isOverride ? (ofTable ?? said) : (said ?? ofTable);
  const at = places.ofKey(recipe, "makeUInitrd");
  if (compression === null && !mentioned.has("uInitrdCompression")) {
    report({ code: "spec/needs-uinitrd-compression", at: spec.at ?? at, name: shorten(spec.name) });
  }
  return { arch: recipe.uInitrdArch ?? null, compression: compression ?? "none", at };
}

/** Each is the one final file. */
function checkWrappers({ uInitrd, fit, uki }: ImageSpec, { recipe, places, report }: Interpretation): void {
  const wished = Object.entries({ makeUInitrd: uInitrd, fit, uki }).filter(([, wish]) => wish !== null);
  const [first, ...others] = wished.map(([key]) => ({ key, at: places.ofKey(recipe, key) }));
  for (const { key, at } of others)
    report({ code: "spec/two-wrappers", at, key, first: first!.at, firstKey: first!.key });
}

/** `<name>`, `<name>.img`, `<name>.itb`, `<name>.efi` and `<name>.manifest.json` are other outputs. */
function checkOutputs({ recipe, places, report }: Interpretation): void {
  const { extension } = recipe;
  if (extension === undefined) return;
  const isFit = (recipe.fit ?? DEFAULTS.fit) !== false;
  const isTaken =
    extension === ".manifest.json" ||
    (extension === ".img" && recipe.makeUInitrd === true) ||
    (extension === ".itb" && isFit) ||
    (extension === ".efi" && recipe.uki !== undefined);
  if (!isTaken) return;
  const output = `${recipe.name ?? DEFAULTS.name}${extension}`;
  report({ code: "spec/output-collision", at: places.ofValue(recipe, "extension"), extension, output });
}

/** Seconds since 1970: the recipe's, else SOURCE_DATE_EPOCH, which is a decimal number (reproducible-builds.org). */
function epochOf({ recipe, input, report, mentioned }: Interpretation): number {
  const text = input.sourceDateEpoch;
  if (mentioned.has("epoch") || text === null) return recipe.epoch ?? DEFAULTS.epoch;
  const epoch = /^\d{1,20}$/.test(text) ? Number(text) : Number.NaN;
  if (epoch <= EPOCH_LIMIT) return epoch;
  report({ code: "spec/bad-source-date-epoch", value: shorten(text) });
  return DEFAULTS.epoch;
}
