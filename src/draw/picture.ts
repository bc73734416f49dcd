/** What is drawn, before anybody says where: boxes, arrows between them, frames around some. */

export interface Picture {
  readonly title: string;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly frames: readonly Frame[];
  /** What was folded and left out, in sentences. */
  readonly notes: readonly string[];
}

export interface Box {
  /** The same for the same nodes. */
  readonly id: string;
  readonly kind: BoxKind;
  /** The first is its title. */
  readonly texts: readonly string[];
  /** The numbers of the nodes that it stands for. */
  readonly nodes: readonly number[];
  /** The frame that it stands in; null: none. */
  readonly frame: string | null;
  /** So many boxes refer to it, and no arrow says so; 0: arrows say all. */
  readonly named: number;
  /** So many it refers to, and no arrow says so; 0: arrows say all. */
  readonly naming: number;
  readonly isFocus: boolean;
}

export type BoxKind = "line" | "file" | "link" | "directory" | "device" | "tree" | "group";

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly references: number;
  readonly reasons: readonly string[];
  /** What stands at it. Empty: nothing. */
  readonly label: string;
}

export interface Frame {
  readonly id: string;
  readonly title: string;
}
