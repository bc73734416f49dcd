/**
 * The graph of an image as a document: what `graph --format json` prints, the HTML page holds, and every picture is made of.
 * Its words are part of what users may rely on: names and meanings stay, more may be added. Numbers of nodes are those of the
 * manifest.
 */

export interface GraphDocument {
  /** The version of this form. */
  readonly graph: 1;
  /** The image's. */
  readonly name: string;
  /** By the numbers that nodes name. */
  readonly layers: readonly string[];
  /** By `id`, from 0. */
  readonly nodes: readonly DocumentNode[];
  /** In the order in which they were found: of those that lead to a node, the first brought it. */
  readonly references: readonly DocumentReference[];
  /** Null: nothing was grouped. */
  readonly grouping: DocumentGrouping | null;
}

/** A line of the recipe, an entry of the image, a directory or store path that came whole (`tree`), or a part of one (`member`). */
export type NodeKind =
  | "recipe"
  | "file"
  | "directory"
  | "symlink"
  | "char"
  | "block"
  | "fifo"
  | "socket"
  | "tree"
  | "member";

export interface DocumentNode {
  readonly id: number;
  readonly kind: NodeKind;
  /** Of a line its place and what stands there; else the path. */
  readonly label: string;
  /** `recipes/router.yaml:14:5`. Of lines; null: it comes from no place in a file. */
  readonly at?: string | null;
  /** Which item of the recipe: `contents/3`. Of lines. */
  readonly item?: string;
  /** Absolute, shown: what is no UTF-8 is escaped, and `pathBytes` has it in hexadecimal. */
  readonly path?: string;
  readonly pathBytes?: string;
  /** A symlink's target. */
  readonly to?: string;
  /** Of a symlink: whether it leads to a directory of the image. Paths go through such. */
  readonly isDirectory?: true;
  /** How many entries it brought, its directories among them, and the bytes of their files. */
  readonly entries: number;
  readonly bytes: number;
  /** Layers that these entries are in. */
  readonly layers: readonly number[];
}

export interface DocumentReference {
  readonly from: number;
  readonly to: number;
  /** A soname was `needed`, a link was followed (`symlink`), … */
  readonly reason: string;
  /** What the referrer says. */
  readonly says: string;
  /** Which rule found it. Empty: there was nothing to find. */
  readonly found: string;
  /** What was tried before. */
  readonly tried: readonly string[];
}

export const GROUPINGS = ["layer", "package", "recipe-line"] as const;
export type GroupBy = (typeof GROUPINGS)[number];

export interface DocumentGrouping {
  readonly by: GroupBy;
  readonly groups: readonly DocumentGroup[];
  /** How many references lead from one group to another. */
  readonly between: readonly DocumentBetween[];
}

/** Every node is in one group. */
export interface DocumentGroup {
  readonly id: number;
  readonly name: string;
  readonly nodes: readonly number[];
  readonly entries: number;
  readonly bytes: number;
}

export interface DocumentBetween {
  readonly from: number;
  readonly to: number;
  readonly references: number;
  readonly reasons: readonly string[];
}
