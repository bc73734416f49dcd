/** Files by the trouble they share, so that a library that a hundred programs miss is told once. */
import type { TargetPath } from "../../core/path.ts";
import type { Sharing } from "../findings/programs.ts";

/** So many paths of one trouble are kept; all are counted. */
const MOST_PATHS = 1000;

export class Troubles<T extends object> {
  readonly #groups = new Map<string, { trouble: T; count: number; paths: TargetPath[] }>();

  /** A file counts once for a trouble. */
  add(trouble: T, path: TargetPath): void {
    const key = JSON.stringify(trouble);
    const group = this.#groups.get(key) ?? { trouble, count: 0, paths: [] };
    this.#groups.set(key, group);
    if (group.paths.at(-1) === path) return;
    group.count += 1;
    if (group.paths.length < MOST_PATHS) group.paths.push(path);
  }

  /** In the order in which they were met. */
  findings(): (T & Sharing)[] {
    return Array.from(this.#groups.values(), ({ trouble, count, paths }) => ({ ...trouble, count, paths }));
  }
}
