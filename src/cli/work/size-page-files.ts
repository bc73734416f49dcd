/** The files of a page's data, in columns: a directory's name is told once. */
import type { SizeData } from "../../client/size/data.ts";
import { directoryOf, nameOf, ROOT, showBytes, type TargetPath } from "../../core/path.ts";
import { safeText } from "../text/safe.ts";
import type { Measured } from "./size.ts";

export interface FilesOfPage extends Pick<SizeData, "files" | "directories"> {
  /** Which file of the page an entry of the image is. */
  readonly indexes: ReadonlyMap<number, number>;
  readonly numberOfPath: ReadonlyMap<TargetPath, number>;
}

export function fileColumns({ sized, account }: Pick<Measured, "sized" | "account">): FilesOfPage {
  const { entries } = sized.image;
  const own = [...entries.keys()].filter((at) => entries[at]!.kind === "file");
  const directories = new Directories();
  const lineNumbers = new Map(account.lines.map(({ node }, at) => [node, at]));
  const files = own.map((at) => entries[at]!);
  return {
    indexes: new Map(own.map((at, index) => [at, index])),
    numberOfPath: new Map(files.map(({ path }, index) => [path, index])),
    files: {
      names: files.map(({ path }) => safeText(showBytes(nameOf(path)))),
      directories: files.map(({ path }) => directories.numberOf(directoryOf(path))),
      sizes: files.map(({ size }) => size),
      compressed: own.map((at) => {
        const share = account.entries.compressed[at]!;
        return Number.isNaN(share) ? null : Math.round(share);
      }),
      layers: files.map(({ layer }) => layer),
      nodes: files.map(({ node }) => node ?? -1),
      lines: own.map((at) => lineNumbers.get(account.holders[at]!) ?? -1),
    },
    directories: directories.columns(),
  };
}

/** Numbered as they are asked for, each behind the one it lies in. */
class Directories {
  readonly #numbers = new Map<TargetPath, number>([[ROOT, 0]]);
  readonly #names = [""];
  readonly #parents = [0];

  numberOf(path: TargetPath): number {
    const missing: TargetPath[] = [];
    let above = path;
    for (; !this.#numbers.has(above); above = directoryOf(above)) missing.push(above);
    for (const one of missing.reverse()) {
      this.#parents.push(this.#numbers.get(directoryOf(one))!);
      this.#numbers.set(one, this.#names.length);
      this.#names.push(safeText(showBytes(nameOf(one))));
    }
    return this.#numbers.get(path)!;
  }

  columns(): SizeData["directories"] {
    return { names: this.#names, parents: this.#parents };
  }
}
