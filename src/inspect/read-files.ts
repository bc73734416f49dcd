/**
 * Files of an image as they are once the kernel has unpacked it. A first reading finds which record holds the data of
 * each; then just the members of these are read again, so that no data is ever held.
 */
import type { ByteString, HostPath, TargetPath } from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import { BuildFailure, ProblemCollector } from "../core/problem.ts";
import { findPath } from "./find-path.ts";
import { withImageFile } from "./list-image.ts";
import { type ImageContents, type ImageVisitor, readImage, readMember } from "./read-image.ts";
import type { InspectPorts } from "./unpack-member.ts";
import { type RecordPlace, UnpackedTree } from "./unpacked-tree.ts";

export interface ImageFile {
  /** As it was asked for. */
  readonly asked: ByteString;
  /** Where it lies; no symlink leads there. */
  readonly path: TargetPath;
  readonly facts: FileFacts;
}

export interface FileReader {
  /** One after another, in the order in which they were asked for. */
  begin(file: ImageFile): void;
  /** A piece of the file last begun; valid during the call. */
  data(piece: Uint8Array): void;
  end(): void;
}

/**
 * Gives the content of files to a reader. Symlinks of the image are followed inside it. Throws BuildFailure before the
 * first file is begun: image/path-not-found, path-loops and path-no-file for all of them, and what `listImage` throws.
 */
export async function readFiles(
  image: HostPath,
  asked: readonly ByteString[],
  reader: FileReader,
  ports: InspectPorts,
): Promise<ImageContents> {
  return withImageFile(image, ports, async (source) => {
    const tree = new UnpackedTree();
    const visitor = {
      entry: tree.add.bind(tree),
      trailer: tree.endArchive.bind(tree),
    };
    const contents = await readImage(source, visitor, ports);
    const problems = new ProblemCollector();
    const found = asked.map((path) => problems.attempt(() => findFile(path, tree, image)));
    problems.throwIfAny();
    const files = new FilesToGive(
      found.filter((file) => file !== null),
      reader,
    );
    for (let next = files.next(); next !== null; next = files.next()) {
      const before = files.given;
      const place = { member: contents.members[next.member]!, from: next.offset };
      const visitor = files.visitor(next.member);
      await untilEnough(() => readMember(source, place, visitor, ports));
      if (files.given === before) throw new BuildFailure([{ code: "host/file-changed", path: image }]);
    }
    return contents;
  });
}

function findFile(asked: ByteString, tree: UnpackedTree, image: HostPath): WantedFile {
  const { path, facts } = findPath(asked, tree, image);
  if (facts.kind !== "file") {
    throw new BuildFailure([{ code: "image/path-no-file", image, path: asked, found: facts.kind }]);
  }
  return { asked, path, facts, data: tree.dataOf(path) };
}

interface WantedFile extends ImageFile {
  readonly data: RecordPlace | null;
}

/** Files in the order asked for. Each reading of a member gives those that stand in it in that order. */
class FilesToGive {
  readonly #reader: FileReader;
  readonly #files: readonly WantedFile[];
  /** How many of them have been given. */
  given = 0;

  constructor(files: readonly WantedFile[], reader: FileReader) {
    this.#files = files;
    this.#reader = reader;
  }

  /** The record whose data comes next; null: there is none. Empty files are given on the way. */
  next(): RecordPlace | null {
    for (; this.given < this.#files.length; this.given++) {
      const file = this.#files[this.given]!;
      if (file.data !== null) return file.data;
      this.#reader.begin(file);
      this.#reader.end();
    }
    return null;
  }

  /** Throws Enough behind the last file that this reading of the member can give. */
  visitor(member: number): ImageVisitor {
    let left = 0;
    return {
      entry: (entry) => {
        const file = this.#files[this.given]!;
        if (entry.offset !== file.data?.offset) return;
        this.#reader.begin(file);
        left = entry.size;
      },
      data: (piece) => {
        if (left === 0) return;
        this.#reader.data(piece);
        left -= piece.length;
        if (left > 0) return;
        this.#reader.end();
        const { offset } = this.#files[this.given++]!.data!;
        const next = this.next();
        if (next?.member !== member || next.offset <= offset) throw new Enough();
      },
    };
  }
}

/** Ends a reading that has given what it was for. */
class Enough extends Error {}

async function untilEnough(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
}
