/** Reads a file of a tree once: its digest, and what its first bytes say it is. */
import { type Digest, startDigest } from "../core/digest.ts";
import type { TargetPath } from "../core/path.ts";
import type { OpenFile, Progress, Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { LARGEST_FILE } from "../formats/cpio.ts";
import { type ElfFile, readElf } from "../formats/elf.ts";
import { FormatError } from "../formats/format-error.ts";
import { readShebang, type Shebang } from "../formats/shebang.ts";

export interface ScannedFile {
  readonly size: number;
  readonly digest: Digest;
  readonly content: FileKind;
}

export type FileKind =
  | { readonly kind: "elf"; readonly elf: ElfFile }
  /** It begins as an ELF file does and is none. */
  | { readonly kind: "broken-elf"; readonly why: string }
  | { readonly kind: "script"; readonly shebang: Shebang }
  | { readonly kind: "plain" };

const CHUNK_SIZE = 1 << 20;

/** One reader per build: it keeps what it saw, and reuses one buffer for all files. */
export class FileScanner {
  readonly tree: Tree;
  readonly #seen = new Map<TargetPath, ScannedFile>();
  readonly #kinds = new Map<TargetPath, FileKind>();
  readonly #buffer = new Uint8Array(CHUNK_SIZE);
  readonly #tell: Progress;
  #files = 0;
  #bytes = 0;

  constructor(tree: Tree, tell: Progress) {
    this.tree = tree;
    this.#tell = tell;
  }

  /** A regular file at a canonical path. */
  scan(path: TargetPath): ScannedFile {
    const known = this.#seen.get(path);
    if (known) return known;
    const file = this.tree.open(path);
    try {
      // Gigabytes are not read only to be refused.
      if (file.size > LARGEST_FILE)
        throw new BuildFailure([{ code: "plan/file-too-large", path, size: file.size }]);
      const content = this.#kinds.get(path) ?? this.#kindOf(file);
      const scanned = { size: file.size, digest: this.#digest(file), content };
      this.#seen.set(path, scanned);
      this.#files += 1;
      this.#bytes += file.size;
      this.#tell({ step: "files", files: this.#files, bytes: this.#bytes });
      return scanned;
    } finally {
      file.close();
    }
  }

  /** What a file is, without reading all of it: enough for a search that may pass it by. */
  kindOf(path: TargetPath): FileKind {
    const known = this.#kinds.get(path) ?? this.#seen.get(path)?.content;
    if (known) return known;
    const file = this.tree.open(path);
    try {
      const kind = this.#kindOf(file);
      this.#kinds.set(path, kind);
      return kind;
    } finally {
      file.close();
    }
  }

  #digest(file: OpenFile): Digest {
    const digest = startDigest();
    for (let position = 0; position < file.size; ) {
      const length = file.read(this.#buffer, position);
      if (length === 0) break; // it shrank: the layer's writer will notice and say so
      digest.update(this.#buffer.subarray(0, length));
      position += length;
    }
    return digest.finish();
  }

  #kindOf(file: OpenFile): FileKind {
    const source = sourceOfFile(file);
    try {
      const elf = readElf(source);
      if (elf) return { kind: "elf", elf };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return { kind: "broken-elf", why: `${error.message} (at byte ${error.offset})` };
    }
    const shebang = readShebang(source.read(0, 256));
    return shebang ? { kind: "script", shebang } : { kind: "plain" };
  }
}

function sourceOfFile(file: OpenFile): ByteSource {
  return {
    size: file.size,
    read(position, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, file.size - position)));
      return bytes.subarray(0, file.read(bytes, position));
    },
  };
}
