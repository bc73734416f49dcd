/** The entries that a recipe holds itself: its "files". */
import { ROOT, showPath, type TargetPath } from "../core/path.ts";
import type { Span } from "../core/span.ts";
import { DEFAULTS } from "./defaults.ts";
import type { Interpretation } from "./interpret.ts";
import { parseMode } from "./modes.ts";
import { type Parsed, readBytes, readHostPath, readTarget } from "./paths.ts";
import type { RecipeFile } from "./schema.ts";
import type { FileContent, FileItem } from "./spec.ts";

export function interpretFiles(context: Interpretation): FileItem[] {
  const files = context.recipe.files ?? {};
  const seen = new Map<TargetPath, Span>();
  return Object.entries(files).flatMap(([key, file]) => {
    const target = targetOf(key, file, files, context);
    const content = contentOf(file, context);
    if (target === null || content === null) return [];
    const at = context.places.ofKey(files, key);
    const first = seen.get(target);
    if (first) context.report({ code: "spec/duplicate-target", at, path: showPath(target), first });
    seen.set(target, first ?? at);
    const { uid, gid } = typeof file === "string" ? DEFAULTS : file;
    return [{ at, target, uid: uid ?? DEFAULTS.uid, gid: gid ?? DEFAULTS.gid, content }];
  });
}

/** "/" is always there: only its mode and owner can be said. */
function targetOf(key: string, file: RecipeFile, files: object, context: Interpretation): TargetPath | null {
  const parsed = readTarget(key);
  const isDirectory = typeof file === "object" && "directory" in file;
  const isRootItself = "value" in parsed && parsed.value === ROOT && !isDirectory;
  const checked: Parsed<TargetPath> = isRootItself ? { fault: "root" } : parsed;
  return context.path(checked, files, key, "files");
}

function contentOf(file: RecipeFile, context: Interpretation): FileContent | null {
  if (typeof file === "string") return textContent(file, null);
  if ("symlink" in file) {
    const to = context.path(readBytes(file.symlink), file, "symlink", "symlink");
    return to === null ? null : { kind: "symlink", to };
  }
  const mode = modeOf(file, context);
  if ("text" in file) return textContent(file.text, mode);
  if ("source" in file) {
    const directory = context.places.directoryOf(file, "source");
    const source = context.path(readHostPath(file.source, directory), file, "source", "source");
    return source === null ? null : { kind: "source", source, mode };
  }
  if ("directory" in file) return { kind: "directory", mode: mode ?? DEFAULTS.directoryMode };
  if ("fifo" in file) return { kind: "fifo", mode: mode ?? DEFAULTS.fifoMode };
  const kind = file.device === "c" ? "char" : "block";
  return { kind, mode: mode ?? DEFAULTS.deviceMode, major: file.major, minor: file.minor };
}

function textContent(text: string, mode: number | null): FileContent {
  const bytes = new TextEncoder().encode(text);
  return {
    kind: "text",
    bytes,
    mode: mode ?? (text.startsWith("#!") ? DEFAULTS.scriptMode : DEFAULTS.textMode),
  };
}

/** Null: not said, or refused with a problem. */
export function modeOf(
  file: { readonly mode?: string | number | undefined },
  { places, report }: Interpretation,
): number | null {
  if (file.mode === undefined) return null;
  const written = places.place(file, "mode").source ?? String(file.mode);
  const parsed = parseMode(written);
  if (parsed.mode !== null) return parsed.mode;
  report({ code: "spec/bad-mode", at: places.ofValue(file, "mode"), written, write: parsed.write });
  return null;
}
