/** Whether a finished image keeps to the areas that a recipe gives it in a board's memory. */
import { type Area, overlapsOf } from "../core/area.ts";
import { BuildFailure, type Problem } from "../core/problem.ts";
import type { BoardSpec } from "../spec/image-spec.ts";
import type { FitFacts, ImageFacts } from "./manifest.ts";

/** Throws BuildFailure: image/larger-than-its-area, image/areas-overlap. */
export function checkBoard(
  board: BoardSpec | null,
  { file, size, wrapped }: Pick<ImageFacts, "file" | "size" | "wrapped">,
): void {
  if (board === null || board.ramdisk === null) return;
  const { kernel, fdt, ramdisk } = board;
  const problems: Problem[] = [];
  const { at, address } = ramdisk;
  if (ramdisk.size !== null && size > ramdisk.size) {
    problems.push({ code: "image/larger-than-its-area", at, file, size, limit: ramdisk.size });
  }
  const image = { name: file, address, size };
  const others = [kernel, fdt].flatMap((area): Area[] =>
    area === null || area.size === null ? [] : [{ name: area.name, address: area.address, size: area.size }],
  );
  // Overlaps of the others with one another are the recipe's own, and known by now.
  for (const other of [...others, ...loadedFrom(wrapped.fit)]) {
    if (overlapsOf([image, other]).length > 0)
      problems.push({ code: "image/areas-overlap", at, image, other });
  }
  if (problems.length > 0) throw new BuildFailure(problems);
}

/** Where U-Boot copies the kernel out of the image itself: over what it has still to read, were they to overlap. */
function loadedFrom(fit: FitFacts | null): Area[] {
  return (fit?.parts ?? []).flatMap(({ name, load, size }) =>
    load === undefined ? [] : [{ name: `${name} from within it`, address: load, size }],
  );
}
