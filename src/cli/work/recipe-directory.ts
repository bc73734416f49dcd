/** The directory of an imported recipe while it is written: the recipe, files and archives beside it. */

import type { AdoptedItem } from "../../adopt/adopted-item.ts";
import type { Entry } from "../../core/entry.ts";
import { ancestorsOf, type HostPath, hostPathOf, ROOT, type TargetPath } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { piecesOf } from "../../formats/byte-source.ts";
import { encodeCpioEntry, encodeCpioTrailer, paddingAfter } from "../../formats/cpio.ts";
import { NewTree } from "../../host/new-tree.ts";
import { processNames } from "../../host/processes.ts";
import { removeTree } from "../../host/remove-tree.ts";
import { openImage } from "../../inspect/list-image.ts";
import type { TreeItem } from "../../inspect/tree-items.ts";
import type { UnpackedImage } from "../../inspect/unpack-image.ts";
import { alone, inRounds } from "./adopted-image.ts";

export const RECIPE = "initrd.yaml";
export const EARLY = "early.cpio";
export const PACKED = "packed.cpio";
export const BUILT = "built";
const FILES = "files";
const PIECE = 2 ** 20;
const EPOCH = 1;

export class RecipeDirectory {
  readonly path: HostPath;
  readonly #tree: NewTree;
  readonly #host: Pick<Host, "createOutput" | "tree">;
  readonly #directories = new Set<string>([ROOT]);
  readonly #files = new Set<string>();
  /** Under which name the data of a file was written. */
  readonly #firstNames = new Map<TreeItem["node"], TargetPath>();

  /** Throws BuildFailure (host/cannot-write, host/not-empty). */
  constructor(path: HostPath, host: Pick<Host, "createOutput" | "tree">) {
    this.#tree = new NewTree({ path, over: "nothing", keepsOwners: false }, processNames());
    this.#host = host;
    this.path = this.#tree.fill;
  }

  /** Where a file beside the recipe lies, seen from it. */
  sourceOf(path: TargetPath): string {
    return `./${FILES}/${path}`;
  }

  writeText(name: string, text: string): void {
    const output = this.#host.createOutput(this.at(name), 0o644);
    output.write(Buffer.from(text, "utf8"));
    output.commit();
  }

  at(name: string): HostPath {
    return hostPathOf(this.path, name as TargetPath);
  }

  /** Data of files, each once however often it is asked for. What is one file in the image under several names is one here too. */
  async writeFiles(unpacked: UnpackedImage, items: readonly TreeItem[]): Promise<void> {
    const wanted = items.filter(({ path }) => !this.#files.has(path));
    const firsts = wanted.filter(({ node, path }) => {
      const first = this.#firstNames.get(node) ?? path;
      this.#firstNames.set(node, first);
      return first === path;
    });
    let file: ReturnType<NewTree["makeFile"]> | null = null;
    let current: TreeItem | null = null;
    await unpacked.readData(firsts.map(alone), {
      begin: (item) => {
        current = item;
        file = this.#open(item.path);
      },
      data: (piece) => file!.write(piece),
      end: () => file!.close(looksOf(current!)),
      pause: () => Promise.resolve(),
    });
    for (const item of firsts) if (item.node.data === null) this.#open(item.path).close(looksOf(item));
    for (const { path, node } of wanted)
      if (!this.#files.has(path)) this.#link(path, this.#firstNames.get(node)!);
  }

  #open(path: TargetPath): ReturnType<NewTree["makeFile"]> {
    this.#files.add(path);
    return this.#tree.makeFile(this.#placeOf(path));
  }

  #link(path: TargetPath, first: TargetPath): void {
    this.#files.add(path);
    this.#tree.makeLink(this.#placeOf(path), this.#placeOf(first));
  }

  /** Takes files away that the recipe does not name after all, and what directories they leave empty. */
  dropFiles(isNamed: (path: TargetPath) => boolean): void {
    for (const path of this.#files) {
      if (isNamed(path as TargetPath)) continue;
      const place = `${FILES}/${path}` as TargetPath;
      this.#tree.remove(place);
      this.#files.delete(path);
      for (const [node, first] of this.#firstNames) if (first === path) this.#firstNames.delete(node);
      for (const above of ancestorsOf(place).toReversed()) if (!this.#tree.removeIfEmpty(above)) break;
    }
  }

  /** What was built in the directory itself, and is no part of it. */
  removeBuilt(): void {
    removeTree(this.at(BUILT));
  }

  /** The bytes of an image's file up to a place. */
  copyEarly(image: HostPath, from: number, end: number): void {
    const source = openImage(image, this.#host);
    const output = this.#host.createOutput(this.at(EARLY), 0o644);
    try {
      for (const piece of piecesOf(source, from, end, PIECE)) output.write(piece);
      output.commit();
    } finally {
      output.discard();
      source.close();
    }
  }

  /** An archive of these paths as the image has them. */
  async writePacked(
    unpacked: UnpackedImage,
    inImage: readonly TreeItem[],
    items: readonly AdoptedItem[],
  ): Promise<void> {
    const output = this.#host.createOutput(this.at(PACKED), 0o644);
    let inode = 0;
    const put = (item: AdoptedItem): void => output.write(encodeCpioEntry(entryOf(item), inode++, EPOCH));
    const byPath = new Map(items.map((item) => [item.path, item]));
    try {
      for (const item of items) if (item.kind === "directory") put(item);
      const withData = items.filter(({ digest }) => digest !== null);
      let size = 0;
      for (const round of inRounds(inImage, new Set(withData.map(({ path }) => path)))) {
        await unpacked.readData(round, {
          begin: ({ path }) => {
            size = byPath.get(path)!.size;
            put(byPath.get(path)!);
          },
          data: (piece) => output.write(piece),
          end: () => output.write(paddingAfter(size)),
          pause: () => Promise.resolve(),
        });
      }
      for (const item of items) if (item.kind !== "directory" && item.digest === null) put(item);
      output.write(encodeCpioTrailer(0));
      output.commit();
    } finally {
      output.discard();
    }
  }

  commit(): void {
    this.#tree.dressDirectory(ROOT, { mode: 0o755, uid: 0, gid: 0, mtime: null });
    this.#tree.commit();
  }

  /** Harmless after a commit. */
  discard(): void {
    this.#tree.discard();
  }

  #placeOf(path: TargetPath): TargetPath {
    const place = `${FILES}/${path}` as TargetPath;
    for (const above of ancestorsOf(place)) {
      if (this.#directories.has(above)) continue;
      this.#tree.makeDirectory(above);
      this.#tree.dressDirectory(above, { mode: 0o755, uid: 0, gid: 0, mtime: null });
      this.#directories.add(above);
    }
    return place;
  }
}

function looksOf({ node }: TreeItem) {
  return { mode: (node.mode & 0o111) === 0 ? 0o644 : 0o755, uid: 0, gid: 0, mtime: null };
}

function entryOf({ path, kind, mode, uid, gid, size, to, major, minor, digest }: AdoptedItem): Entry {
  const owned = { path, mode, uid, gid };
  if (kind === "directory") return { kind, ...owned };
  if (kind === "symlink") return { kind, ...owned, to };
  if (kind !== "file") return { kind, ...owned, major, minor };
  return { kind, ...owned, size, content: digest, source: { from: "recipe", bytes: new Uint8Array(0) } };
}
