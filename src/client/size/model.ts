/** The page's data as things: files with their paths, and the tree that a map is drawn of. */
import type { SizeData } from "./data.ts";

export interface FileItem {
  readonly index: number;
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly compressed: number | null;
  readonly layer: number;
  readonly line: number;
  readonly node: number;
  readonly kind: number;
}

/** What is told apart by colour where there is but one layer. */
export const KINDS = [
  "kernel modules",
  "firmware",
  "libraries",
  "programs",
  "configuration",
  "other",
] as const;

export type Grouping = "directory" | "layer" | "line";
export type Measure = "size" | "compressed";

/** A part of the map: a group with its parts, or a file. */
export interface Part {
  readonly name: string;
  /** What it is called by itself: a path, a layer, a line. */
  readonly title: string;
  readonly parent: Part | null;
  readonly children: Part[];
  readonly file: FileItem | null;
  weight: number;
  count: number;
}

export function filesOf({ files, directories }: SizeData): FileItem[] {
  const paths: string[] = [];
  for (const [at, name] of directories.names.entries()) {
    paths.push(at === 0 ? "" : `${paths[directories.parents[at]!]}/${name}`);
  }
  return files.names.map((name, index) => {
    const path = `${paths[files.directories[index]!]}/${name}`;
    return {
      index,
      path,
      name,
      size: files.sizes[index]!,
      compressed: files.compressed[index]!,
      layer: files.layers[index]!,
      line: files.lines[index]!,
      node: files.nodes[index]!,
      kind: kindOf(path),
    };
  });
}

function kindOf(path: string): number {
  if (/\/lib\/modules\//.test(path)) return 0;
  if (/\/lib\/firmware\//.test(path)) return 1;
  if (/\.so(\.|$)/.test(path)) return 2;
  if (/\/(s?bin|libexec|lib\/(systemd|udev))\/[^/]*$/.test(path)) return 3;
  return /^\/etc\//.test(path) ? 4 : 5;
}

/** What has no weight, by this measure, is no part of the map. */
export function treeOf(
  files: readonly FileItem[],
  data: SizeData,
  grouping: Grouping,
  measure: Measure,
): Part {
  const root = makePart("", data.name, null);
  const known = new Map<string, Part>();
  const below = (parent: Part, key: string, name: string, title: string): Part => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = makePart(name, title, parent);
    parent.children.push(made);
    known.set(key, made);
    return made;
  };
  for (const file of files) {
    const weight = weightOf(file, measure);
    if (weight <= 0) continue;
    let at = root;
    const group = groupOf(file, data, grouping);
    if (group !== null) at = below(root, `\0${group}`, group, group);
    const parts = file.path.split("/").slice(1, -1);
    let path = "";
    for (const part of parts) {
      path += `/${part}`;
      at = below(at, `${group ?? ""}\0${path}`, part, path);
    }
    at.children.push({ ...makePart(file.name, file.path, at), file, weight, count: 1 });
    for (let above: Part | null = at; above !== null; above = above.parent) {
      above.weight += weight;
      above.count += 1;
    }
  }
  return sorted(root);
}

export function weightOf({ size, compressed }: FileItem, measure: Measure): number {
  return measure === "size" ? size : (compressed ?? 0);
}

function groupOf(file: FileItem, { layers, lines }: SizeData, grouping: Grouping): string | null {
  if (grouping === "directory") return null;
  if (grouping === "layer") return layers[file.layer]!;
  const line = lines[file.line];
  return line === undefined ? "several lines" : `${line.place} ${line.text}`;
}

function makePart(name: string, title: string, parent: Part | null): Part {
  return { name, title, parent, children: [], file: null, weight: 0, count: 0 };
}

function sorted(root: Part): Part {
  const left = [root];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    part.children.sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
    left.push(...part.children.filter(({ file }) => file === null));
  }
  return root;
}
