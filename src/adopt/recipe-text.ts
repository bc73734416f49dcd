/** A draft as the YAML of a recipe, as somebody would write it by hand. */
import { compareBytes } from "../core/order.ts";
import { type ByteString, decodeUtf8, directoryOf, nameOf, showPath, type TargetPath } from "../core/path.ts";
import { DEFAULTS } from "../spec/defaults.ts";
import { withoutReferences } from "../spec/substitute.ts";
import type { AdoptedItem } from "./adopted-item.ts";
import type { Draft } from "./draft.ts";
import { moduleName } from "./kernel-draft.ts";

export interface RecipeFacts {
  /** Told at its top, each a line. */
  readonly comments: readonly string[];
  /** Keys of the recipe with their values as YAML, before all else: name, sysroot, compressor. */
  readonly head: readonly (readonly [key: string, value: string])[];
  readonly prepend: readonly string[];
  /** Symlinks of the layout that come by themselves. */
  readonly met: ReadonlySet<TargetPath>;
  /** Objects as they are named: paths from the root, without the slash. */
  readonly objects: readonly TargetPath[];
  readonly items: ReadonlyMap<TargetPath, AdoptedItem>;
  /** Of files whose text stands in the recipe; of the others `source` says where they lie, seen from the recipe. */
  readonly textOf: (path: TargetPath) => string | null;
  readonly sourceOf: (path: TargetPath) => string;
}

/** Characters of a line in which several objects stand. */
const WIDTH = 110;

export function recipeText(draft: Draft, facts: RecipeFacts): string {
  const { comments, head, prepend } = facts;
  const closure = [
    ...(draft.withoutDlopen ? ["dlopen: none"] : []),
    ...(draft.withoutLoaderCache ? ["loaderCache: never"] : []),
  ];
  const { aliases, links } = nameLayout(draft, facts);
  const files = filesOf(draft, facts, links);
  const sections = [
    [...comments.map((line) => `# ${line}`), ...head.map(([key, value]) => `${key}: ${value}`)],
    listOf(
      "prepend:",
      prepend.map((path) => `  - ${scalar(path)}`),
    ),
    closure.length === 0 ? [] : [`closure: { ${closure.join(", ")} }`],
    listOf(
      "contents:",
      grouped(aliases).map((object) => `  - object: ${scalar(object)}`),
    ),
    kernelLines(draft),
    listOf("files:", files),
    listOf(
      "allow:",
      draft.allow.flatMap(({ missing, neededBy }) => [
        `  - missing: ${scalar(escapeGlob(missing))}`,
        ...(neededBy === null ? [] : [`    neededBy: ${scalar(escapeGlob(neededBy))}`]),
        "    reason: the imported image lacks it too",
      ]),
    ),
  ];
  return `${sections
    .filter((one) => one.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function listOf(key: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [key, ...lines];
}

/**
 * A symlink of the sysroot's layout comes with an object that is named through it: /bin/sh brings /bin and /usr/bin/sh. One through
 * which nothing can be named is a symlink of the recipe's own.
 */
function nameLayout(draft: Draft, { objects, items, met }: RecipeFacts) {
  const names = new Map<TargetPath, TargetPath>(objects.map((path) => [path, path]));
  const links: TargetPath[] = [];
  for (const [link, way] of draft.ways) {
    if (way !== "layout") continue;
    const to = items.get(link)!.to;
    const isPlain = directoryOf(link) === "" && /^\/?[^./][^/]*(\/[^./][^/]*)*$/.test(to);
    const directory = `${to.replace(/^\//, "")}/`;
    const below = objects.filter((path) => path.startsWith(directory) && names.get(path) === path);
    if (met.has(link)) continue;
    if (!isPlain || below.length === 0) links.push(link);
    else for (const path of below) names.set(path, `${link}/${path.slice(directory.length)}` as TargetPath);
  }
  return { aliases: objects.map((path) => names.get(path)!), links };
}

/** What modprobe.d and firmware the image has stands among the objects. */
function kernelLines({ kernel }: Draft): string[] {
  if (kernel === null) return [];
  const { version, root, modules } = kernel;
  const names = modules.map((path) => scalar(moduleName(path, root))).sort();
  return [
    "kernel:",
    `  version: ${scalar(version)}`,
    "  modules:",
    ...filled(names, WIDTH).map((group, at, all) => {
      const line = group.join(", ");
      return `    ${at === 0 ? "[" : " "}${line}${at === all.length - 1 ? "]" : ","}`;
    }),
    "  firmware: false",
    "  modprobe: false",
  ];
}

/** "/bin/{cat,cp}": what lies in one directory stands in one line. */
function grouped(paths: readonly TargetPath[]): string[] {
  const lines: string[] = [];
  const byDirectory = new Map<TargetPath, string[]>();
  for (const path of [...paths].sort(compareBytes)) {
    const names = byDirectory.get(directoryOf(path)) ?? [];
    byDirectory.set(directoryOf(path), [...names, escapeObject(decodeUtf8(nameOf(path))!)]);
  }
  for (const [directory, names] of byDirectory) {
    const above = escapeObject(showPath(directory)).replace(/\/$/, "");
    // What a matcher takes for more than itself cannot stand in a group.
    const isAlone = (name: string): boolean => /[,\\()!|]/.test(`${above}${name}`);
    const alone = names.filter(isAlone);
    const several = names.filter((name) => !isAlone(name));
    for (const group of filled(several, WIDTH - above.length)) {
      lines.push(group.length === 1 ? `${above}/${group[0]}` : `${above}/{${group.join(",")}}`);
    }
    for (const name of alone) lines.push(`${above}/${name}`);
  }
  return lines;
}

function filled(names: readonly string[], room: number): string[][] {
  const groups: string[][] = [];
  let used = room;
  for (const name of names) {
    used += name.length + 1;
    if (used > room) groups.push([]);
    if (used > room) used = name.length;
    groups.at(-1)!.push(name);
  }
  return groups;
}

function filesOf(
  draft: Draft,
  { items, textOf, sourceOf }: RecipeFacts,
  links: readonly TargetPath[],
): string[] {
  const own = [...draft.ways].flatMap(([path, way]) => (way === "own" ? [path] : []));
  const paths = [...draft.directories, ...links, ...own].sort(compareBytes);
  return paths.map((path) => {
    const item = items.get(path)!;
    const parts = [...contentParts(item, { textOf, sourceOf }), ...ownerParts(item)];
    return `  ${scalar(showPath(path))}: { ${parts.join(", ")} }`;
  });
}

function contentParts(
  item: AdoptedItem,
  { textOf, sourceOf }: Pick<RecipeFacts, "textOf" | "sourceOf">,
): string[] {
  const { path, kind, to, major, minor } = item;
  switch (kind) {
    case "directory":
      return ["directory: true", ...modeParts(item, DEFAULTS.directoryMode)];
    case "symlink":
      return [`symlink: ${scalar(text(to))}`];
    case "char":
    case "block":
      return [
        `device: ${kind === "char" ? "c" : "b"}`,
        `major: ${major}`,
        `minor: ${minor}`,
        ...modeParts(item, null),
      ];
    case "file": {
      const inline = textOf(path);
      if (inline === null) return [`source: ${scalar(sourceOf(path))}`, ...modeParts(item, sourceMode(item))];
      const usual = inline.startsWith("#!") ? DEFAULTS.scriptMode : DEFAULTS.textMode;
      return [`text: ${JSON.stringify(withoutReferences(inline))}`, ...modeParts(item, usual)];
    }
    default:
      return ["fifo: true", ...modeParts(item, null)];
  }
}

/** Beside the recipe the execute bit alone counts. */
function sourceMode({ mode }: AdoptedItem): number {
  return (mode & 0o111) === 0 ? 0o644 : 0o755;
}

function modeParts({ mode }: AdoptedItem, usual: number | null): string[] {
  return mode === usual ? [] : [`mode: "${mode.toString(8).padStart(4, "0")}"`];
}

function ownerParts({ uid, gid }: AdoptedItem): string[] {
  return [...(uid === 0 ? [] : [`uid: ${uid}`]), ...(gid === 0 ? [] : [`gid: ${gid}`])];
}

function text(bytes: ByteString): string {
  return decodeUtf8(bytes)!;
}

/** Plain where YAML takes it for text and for nothing else. */
function scalar(value: string): string {
  const said = withoutReferences(value);
  return /^[./][\w./+@=-]*$/.test(said) ||
    (/^[A-Za-z][\w./+@-]*$/.test(said) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(said))
    ? said
    : JSON.stringify(said);
}

/** As objects are read: spec/paths.ts. */
function escapeObject(path: string): string {
  return path.replace(/[*?[\]{}]/g, "\\$&");
}

/** As picomatch reads it. */
function escapeGlob(text: string): string {
  return text.replace(/[*?[\]{}()!+@|\\]/g, "\\$&");
}
