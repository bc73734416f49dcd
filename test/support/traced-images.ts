/** Images as `size` sees them, in few words. */
import type { Digest } from "../../src/core/digest.ts";
import { fileNode, type GraphNode, type Reason, recipeNode } from "../../src/graph/references.ts";
import type { TracedEntry, TracedImage } from "../../src/trace/traced-image.ts";
import { spanAt, target } from "./specs.ts";

export interface TracedWish {
  /** "contents/0", "/bin/tool", and "/etc/" for a directory that was copied: whoever comes first has the smaller number. */
  readonly nodes: readonly string[];
  /** "contents/0 > /bin/tool", and "/bin/a > /bin/b symlink" with another reason than needed or named. */
  readonly references?: readonly string[];
  /** Files with their bytes, and the node that brought them where it is not their own. */
  readonly files: readonly (readonly [
    path: string,
    size: number,
    more?: Partial<TracedEntry> & { readonly by?: string },
  ])[];
  /** Compressed sizes of each layer's one segment. */
  readonly layers?: readonly (readonly [name: string, compressed: number | null])[];
}

export function tracedImage({
  nodes,
  references = [],
  files,
  layers = [["main", null]],
}: TracedWish): TracedImage {
  const numberOf = (name: string): number => {
    const number = nodes.indexOf(name);
    if (number === -1) throw new TypeError(`no node ${name}`);
    return number;
  };
  const entries = files.map(([path, size, { by, ...more } = {}]): TracedEntry => {
    const named = by ?? path;
    return {
      path: target(path),
      original: target(path),
      kind: "file",
      size,
      digest: null,
      to: null,
      mode: 0o644,
      uid: 0,
      gid: 0,
      major: 0,
      minor: 0,
      layer: 0,
      segment: 0,
      overriddenBy: null,
      node: nodes.includes(named) ? numberOf(named) : null,
      ...more,
    };
  });
  return {
    name: "initrd",
    layers: layers.map(([name, compressed]) => ({ name, segments: [{ size: 1, compressed }] })),
    entries,
    references: {
      nodes: nodes.map((name, at) => ({ id: idOf(name), node: nodeOf(name, at + 1) })),
      references: references.map((one) => {
        const [from = "", , to = "", reason] = one.split(" ");
        const usual = from.startsWith("/") ? "needed" : "named";
        return {
          from: numberOf(from),
          to: numberOf(to),
          reason: (reason ?? usual) as Reason,
          says: "",
          found: "",
          tried: [],
        };
      }),
    },
  };
}

export function digestNamed(name: string): Digest {
  return `sha256-${name}` as Digest;
}

function nodeOf(name: string, line: number): GraphNode {
  if (!name.startsWith("/")) return { kind: "recipe", at: spanAt(line), label: name };
  return { kind: name.endsWith("/") ? "tree" : "file", path: target(name) };
}

function idOf(name: string) {
  return name.startsWith("/") ? fileNode(target(name)) : recipeNode(name);
}
