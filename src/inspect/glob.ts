/** Files of the building machine by a shell's pattern: "*", "?" and "[…]" within one part of a path. */
import { type ByteString, childOf, type HostPath, ROOT, type TargetPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";

/** The paths that match, in byte order. A part without pattern characters is taken as it is. */
export function expandGlob(pattern: HostPath, tree: Tree): HostPath[] {
  let found: TargetPath[] = [ROOT];
  for (const part of pattern.split("/").filter((part) => part !== "")) {
    found = found.flatMap((directory) => childrenMatching(part as ByteString, directory, tree));
  }
  const there = found.filter((path) => tree.stat(path) !== null);
  return there.map((path) => `/${path}` as HostPath).sort();
}

/** Whether a name matches one part of a pattern. As in a shell, only a "." matches a leading ".". */
export function matchesPart(name: ByteString, pattern: ByteString): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  return patternOf(pattern).test(name);
}

function childrenMatching(part: ByteString, directory: TargetPath, tree: Tree): TargetPath[] {
  if (!/[*?[]/.test(part)) return [childOf(directory, part)];
  if (!isDirectory(directory, tree)) return [];
  return tree
    .list(directory)
    .filter((name) => matchesPart(name, part))
    .map((name) => childOf(directory, name));
}

/** A symlink may lead to a directory: "list" follows it, and "<path>/." is looked up through it. */
function isDirectory(path: TargetPath, tree: Tree): boolean {
  if (path === ROOT) return true;
  const kind = tree.stat(path)?.kind;
  return (
    kind === "directory" || (kind === "symlink" && tree.stat(`${path}/.` as TargetPath)?.kind === "directory")
  );
}

function patternOf(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]!;
    const close = character === "[" ? pattern.indexOf("]", at + 2) : -1;
    if (character === "*") source += "[^]*";
    else if (character === "?") source += "[^]";
    else if (close !== -1) {
      const inner = pattern
        .slice(at + 1, close)
        .replace(/^[!^]/, "^")
        .replace(/[\\[\]]/g, "\\$&");
      source += `[${inner}]`;
      at = close;
    } else source += character.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  }
  return safeRegExp(`^${source}$`, pattern);
}

/** A range that runs backwards ("[z-a]") matches nothing in a shell, and is an error of a RegExp. */
function safeRegExp(source: string, pattern: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return new RegExp(`^${pattern.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`);
  }
}
