/** The keys "fit" and "board": what U-Boot loads, and where to. */
import { type Area, overlapsOf } from "../core/area.ts";
import type { HostPath } from "../core/path.ts";
import { DEFAULTS } from "./defaults.ts";
import type { BoardArea, BoardSpec, FitSpec } from "./image-spec.ts";
import type { Interpretation } from "./interpret.ts";
import { bytesIn } from "./interpret-budget.ts";
import { readHostPath } from "./paths.ts";

type FitMap = Exclude<NonNullable<Interpretation["recipe"]["fit"]>, boolean>;

export function interpretFit(context: Interpretation): FitSpec | null {
  const { recipe, places } = context;
  const said = recipe.fit ?? DEFAULTS.fit;
  if (said === false) return null;
  const at = places.ofKey(recipe, "fit");
  const map: FitMap = said === true ? {} : said;
  return {
    at,
    arch: recipe.uInitrdArch ?? null,
    kernel: kernelOf(map, context),
    fdts: (map.fdt ?? []).flatMap((text, index, list) => {
      const file = hostPath(text, list, index, "fit.fdt", context);
      return file === null ? [] : [{ at: places.ofValue(list, index), path: file }];
    }),
    data: (map.embeddedData ?? DEFAULTS.embeddedData) ? "embedded" : "external",
    hashes: (map.crc32 ?? DEFAULTS.crc32) ? ["sha256", "crc32"] : ["sha256"],
  };
}

function kernelOf({ kernel }: FitMap, context: Interpretation): FitSpec["kernel"] {
  if (kernel === undefined) return null;
  const path = hostPath(kernel.file, kernel, "file", "fit.kernel.file", context);
  if (path === null) return null;
  const { load, entry = load, compression = null } = kernel;
  return { at: context.places.ofValue(kernel, "file"), path, load, entry, compression };
}

function hostPath(
  text: string,
  container: object,
  member: string | number,
  key: string,
  { places, path }: Interpretation,
): HostPath | null {
  return path(readHostPath(text, places.directoryOf(container, member)), container, member, key);
}

/** Areas that overlap whatever the image's size is are reported here. */
export function interpretBoard({ recipe, places, report }: Interpretation): BoardSpec | null {
  const { board } = recipe;
  if (board === undefined) return null;
  const areaOf = <Name extends keyof BoardSpec>(name: Name): BoardArea | null => {
    const area = board[name];
    if (area === undefined) return null;
    const { address, size } = area;
    return {
      at: places.ofKey(board, name),
      name,
      address,
      size: size === undefined ? null : bytesIn(size),
    };
  };
  const spec = { kernel: areaOf("kernel"), fdt: areaOf("fdt"), ramdisk: areaOf("ramdisk") };
  const known = Object.values(spec).flatMap((area) =>
    area === null || area.size === null ? [] : [{ ...area, size: area.size }],
  );
  for (const [first, second] of overlapsOf(known)) {
    report({ code: "spec/areas-overlap", at: second.at, first: factsOf(first), second: factsOf(second) });
  }
  return spec;
}

function factsOf({ name, address, size }: Area): Area {
  return { name, address, size };
}
