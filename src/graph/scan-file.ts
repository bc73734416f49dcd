/**
 * What a file is, from its first bytes (and a program's headers): who writes it into a layer reads the rest, and
 * takes its digest then. What an earlier build knows of a file that looks the same from outside is not read again.
 */
import type { Digest } from "../core/digest.ts";
import type { TargetPath } from "../core/path.ts";
import type { FileFacts, OpenFile, Progress, RememberedFile, Tree, TreeMemory } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { LARGEST_FILE } from "../formats/cpio.ts";
import { type ElfFile, readElf } from "../formats/elf.ts";
import { FormatError } from "../formats/format-error.ts";
import { readShebang, type Shebang } from "../formats/shebang.ts";

export interface ScannedFile {
  readonly size: number;
  /** Null: it has not been read as a whole. */
  readonly digest: Digest | null;
  readonly content: FileKind;
}

export type FileKind =
  | { readonly kind: "elf"; readonly elf: ElfFile }
  /** It begins as an ELF file does and is none. */
  | { readonly kind: "broken-elf"; readonly why: string }
  | { readonly kind: "script"; readonly shebang: Shebang }
  | { readonly kind: "plain" };

/** What earlier builds know of the files of a tree, by the path that they have there. */
export type FileMemory = Pick<TreeMemory, "recall" | "remember">;

/** Read at once: it holds the line of a script, and the headers of most programs. Bytes. */
const HEAD_SIZE = 4096;
const LONGEST_LINE = 256;
/** Raise it when a scan finds more or other things in the same file. */
const SCAN_VERSION = 1;

/** One reader per build: it keeps what it saw, and reuses one buffer for all files. */
export class FileScanner {
  readonly tree: Tree;
  readonly #memory: FileMemory | null;
  readonly #seen = new Map<TargetPath, ScannedFile>();
  readonly #head = new Uint8Array(HEAD_SIZE);
  readonly #tell: Progress;
  #files = 0;
  #bytes = 0;

  /** Without a memory, everything is read. */
  constructor(tree: Tree, tell: Progress, memory: FileMemory | null = null) {
    this.tree = tree;
    this.#memory = memory;
    this.#tell = tell;
  }

  /** A regular file at a canonical path. Throws BuildFailure: plan/file-too-large, and what the tree throws. */
  scan(path: TargetPath, facts: FileFacts): ScannedFile {
    const known = this.#seen.get(path);
    const { size } = facts;
    // Two that the recipe wants at one path differ.
    if (known?.size === size) return known;
    if (size > LARGEST_FILE) throw new BuildFailure([{ code: "plan/file-too-large", path, size }]);
    const scanned = this.#scan(path, facts);
    // Most files are plain, many, and asked for once.
    if (scanned.content.kind !== "plain") this.#seen.set(path, scanned);
    this.#files += 1;
    this.#bytes += size;
    this.#tell({ step: "files", files: this.#files, bytes: this.#bytes });
    return scanned;
  }

  /** Something else is at a path from now on. */
  forget(path: TargetPath): void {
    this.#seen.delete(path);
  }

  /** What a file is that is looked at in a search, which may pass it by. */
  kindOf(path: TargetPath): FileKind {
    const known = this.#seen.get(path);
    if (known) return known.content;
    const scanned = this.#scan(path, this.tree.stat(path)!);
    this.#seen.set(path, scanned);
    return scanned.content;
  }

  #scan(path: TargetPath, facts: FileFacts): ScannedFile {
    const { size } = facts;
    const remembered = this.#memory?.recall(path, facts) ?? null;
    const digest = remembered?.digest ?? null;
    const content = kindIn(remembered);
    if (content !== null) return { size, digest, content };
    if (size === 0) return { size, digest, content: PLAIN };
    const file = this.tree.open(path, "scan");
    try {
      const found = this.#kindOf(file, size);
      // What is plain is remembered with its digest, once it is read: most files are.
      if (found.kind !== "plain") this.#memory?.remember(path, facts, { scan: [SCAN_VERSION, found] });
      return { size, digest, content: found };
    } finally {
      file.close();
    }
  }

  #kindOf(file: OpenFile, size: number): FileKind {
    const head = this.#head.subarray(0, Math.min(size, HEAD_SIZE)); // asking for more would cost a small file a second read
    const bytes = head.subarray(0, file.read(head, 0));
    try {
      const elf = readElf(sourceOfFile(file, size, bytes));
      if (elf) return { kind: "elf", elf };
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      return { kind: "broken-elf", why: `${error.message} (at byte ${error.offset})` };
    }
    const shebang = readShebang(bytes.subarray(0, LONGEST_LINE));
    return shebang ? { kind: "script", shebang } : PLAIN;
  }
}

const PLAIN: FileKind = { kind: "plain" };
/** How a file is remembered that was looked at and refers to nothing. */
export const PLAIN_SCAN: unknown = [SCAN_VERSION, PLAIN];

/** Whether what is remembered of a file says the same of it as a new look. */
export function isSameScan(remembered: unknown, kind: FileKind): boolean {
  return JSON.stringify(remembered) === JSON.stringify([SCAN_VERSION, kind]);
}

function kindIn(remembered: RememberedFile | null): FileKind | null {
  const [version, kind] = (remembered?.scan ?? []) as [number?, FileKind?];
  return version === SCAN_VERSION && kind !== undefined ? kind : null;
}

/** `head`: the first bytes, read already. */
function sourceOfFile(file: OpenFile, size: number, head: Uint8Array): ByteSource {
  return {
    size,
    read(position, length) {
      if (position + length <= head.length) return head.subarray(position, position + length);
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - position)));
      return bytes.subarray(0, file.read(bytes, position));
    },
  };
}
