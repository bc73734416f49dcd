/** Which texts of a recipe are paths that are seen from the directory of the file they stand in. */
import { splitCommand } from "./command-line.ts";

/** The keys and indexes that lead to a value. */
export type Way = readonly (string | number)[];

/** The way to a value of a layer, seen from the layer: the parts of a layer are those of a recipe. */
export function withinLayer(way: Way): Way {
  return way[0] === "layers" && way.length > 2 ? way.slice(2) : way;
}

/** Maps whose keys are paths of the image. */
export function isByPath(key: Way[number] | undefined): boolean {
  return key === "files" || key === "secrets";
}

/** `*` is any key or index. */
const PATHS: readonly Way[] = [
  ["sysroot"],
  ["storeRoot"],
  ["prepend", "*"],
  ["contents", "*", "object"],
  ["files", "*", "source"],
  ["secrets", "*"],
  ["secrets", "*", "source"],
  ["fit", "kernel", "file"],
  ["fit", "fdt", "*"],
  ["uki", "stub"],
  ["uki", "kernel"],
  ["uki", "osRelease", "source"],
  ["uki", "cmdline", "source"],
  ["uki", "fdt"],
  ["uki", "splash"],
  ["uki", "pcrPublicKey"],
  ["uki", "microcode"],
  ["closure", "references", "files", "*"],
  ["closure", "references", "database"],
];
const COMMANDS: readonly Way[] = [["compressor"], ["compressor", "name"]];

/** The part of a text that is such a path, which stands at its beginning; null: there is none. */
export function seenPathIn(wayIn: Way, text: string): string | null {
  const way = withinLayer(wayIn);
  if (COMMANDS.some((pattern) => isWay(pattern, way))) {
    const [program = ""] = splitCommand(text) ?? [];
    return program.includes("/") && isRelative(program) && text.startsWith(program) ? program : null;
  }
  return isRelative(text) && PATHS.some((pattern) => isWay(pattern, way)) ? text : null;
}

function isRelative(path: string): boolean {
  return path !== "" && !path.startsWith("/");
}

function isWay(pattern: Way, way: Way): boolean {
  return pattern.length === way.length && pattern.every((part, at) => part === "*" || part === way[at]);
}
