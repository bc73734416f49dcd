/** The objects of "contents": what they are, and where they and their symlinks land. */
import { type ByteString, bytesOf, type TargetPath } from "../core/path.ts";
import type { Interpretation } from "./interpret.ts";
import { hasMagic, type Parsed, readBytes, readObject, readTarget } from "./paths.ts";
import type { RecipeContents } from "./schema.ts";
import { shorten } from "./source-text.ts";
import type { ContentsItem } from "./spec.ts";

export function interpretContents(context: Interpretation, store: TargetPath): ContentsItem[] {
  const list = context.recipe.contents ?? [];
  return list.flatMap((item, index) => {
    const key = `contents[${index}]`;
    const directory = context.places.directoryOf(item, "object");
    const object = context.path(
      readObject(item.object, { directory, store }),
      item,
      "object",
      `${key}.object`,
    );
    const symlink = targetAt("symlink", item, key, context);
    const target = targetAt("target", item, key, context);
    const suffix = suffixOf(item, key, context);
    checkTogether(item, context);
    if (object === null) return [];
    return [{ at: context.places.ofValue(list, index), object, symlink, suffix, target }];
  });
}

function targetAt(
  name: "symlink" | "target",
  item: RecipeContents,
  key: string,
  context: Interpretation,
): TargetPath | null {
  const text = item[name];
  if (text === undefined) return null;
  const parsed = readTarget(text);
  // A tree may land at the root; a symlink cannot be it.
  const isRoot = name === "symlink" && "value" in parsed && parsed.value === "";
  const checked: Parsed<TargetPath> = isRoot ? { fault: "root" } : parsed;
  return context.path(checked, item, name, `${key}.${name}`);
}

/** "none" is nixpkgs' word for no suffix. */
function suffixOf(item: RecipeContents, key: string, context: Interpretation): ByteString {
  const text = item.suffix ?? "";
  if (text === "" || text === "none") return bytesOf("");
  if (item.symlink === undefined) {
    context.report({ code: "spec/suffix-without-symlink", at: context.places.ofKey(item, "suffix") });
  }
  return context.path(readBytes(text), item, "suffix", `${key}.suffix`) ?? bytesOf("");
}

function checkTogether(item: RecipeContents, { places, report }: Interpretation): void {
  const isGlob = hasMagic(item.object);
  const isBesideRecipe = /^\.\.?(\/|$)/.test(item.object);
  const object = shorten(item.object);
  if (isBesideRecipe && item.target === undefined) {
    report({ code: "spec/needs-target", at: places.ofValue(item, "object"), object, isGlob });
  }
}
