/** What initgraph asks of the outside world. `host/` and `store/` answer; tests answer from memory. */
import type { ActionKey, Digest } from "./digest.ts";
import type { ByteString, HostPath, TargetPath } from "./path.ts";

export interface FileFacts {
  readonly kind: "file" | "directory" | "symlink" | "char" | "block" | "fifo" | "socket";
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  /** Owners that the tree itself says: an archive does. Those on a disk say who unpacked it, and are given as 0. */
  readonly uid: number;
  readonly gid: number;
  /** Bytes of a file; 0 for all others. */
  readonly size: number;
  readonly major: number;
  readonly minor: number;
  /** The file system it lies on: two numbers that differ mean a mount point in between. */
  readonly fileSystem: number;
  /** What cannot be put into an image, for people: "file capabilities"; null: nothing, or the tree does not tell. */
  readonly uncarried: string | null;
  /** How to tell later that it is the same file still; null: the tree never changes, or cannot tell. */
  readonly version: FileVersion | null;
}

/**
 * What changes whenever a file does, beside its size. Times are milliseconds since 1970 with fractions: the
 * kernel's nanoseconds as Node's numbers hold them, to a quarter of a microsecond.
 */
export interface FileVersion {
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly inode: number;
  readonly device: number;
}

/**
 * A tree of files, read in place: a directory of the machine, or what archives hold. Paths are taken
 * literally: no method follows a symlink in the last part, and callers resolve those in the middle
 * (trees/resolve-path.ts), so that nothing outside the tree is ever reached. Calls are synchronous: for
 * the many small files of a tree that is four times cheaper than promises.
 */
export interface Tree {
  /** What it is called in messages: "/srv/roots/arm64". */
  readonly label: string;
  /** What is remembered of its files is kept under this name (`InputMemory`). */
  readonly identity: string;
  /** Null where nothing is there. */
  stat(path: TargetPath): FileFacts | null;
  readLink(path: TargetPath): ByteString;
  /** Names in a directory, in byte order. */
  list(path: TargetPath): readonly ByteString[];
  /** `why` is said where what the file holds decides nothing but that. */
  open(path: TargetPath, why?: OpenReason): OpenFile;
}

/** To see what kind of file it is and what its headers name (graph/scan-file.ts), or to copy it into a layer. */
export type OpenReason = "scan" | "copy";

/** A file open for reading at any place. What turns out to be no file throws BuildFailure host/file-changed when it is opened, read or asked. */
export interface OpenFile {
  /** Asked when it is first wanted, which must be before the file is closed. */
  readonly size: number;
  /** Fills `into` from `position` (bytes from the start); gives the number of bytes read, less only at the end. */
  read(into: Uint8Array, position: number): number;
  /** What the open file looks like now, whatever bears its name by then; null: its tree does not tell. */
  versionNow(): FileVersion | null;
  close(): void;
}

/** The machine that builds. */
export interface Host {
  tree(root: HostPath): Tree;
  /** Where a program lies: looked up in the machine's PATH, or the path itself; null: not there or not executable. */
  findProgram(name: string): HostPath | null;
  /** The first line that a program prints about its version (`--version`), empty where it prints none. */
  programVersion(program: HostPath): Promise<string>;
  /** Runs a program with a clean environment (LC_ALL=C, TZ=UTC, PATH alone), its output into `output`. */
  runProgram(run: ProgramRun): Promise<ProgramResult>;
  /** Runs a program in the same environment between an input and a sink, neither of which is held as a whole. */
  filterProgram(filter: ProgramFilter): Promise<Omit<ProgramResult, "bytes">>;
  /** A file that stays invisible until it is committed. */
  createOutput(path: HostPath, mode: number): Output;
  /** Makes or replaces a symlink in one step. */
  replaceSymlink(path: HostPath, to: ByteString): void;
  makeDirectory(path: HostPath): void;
  /** Programs and codecs may run this many at a time. */
  readonly jobs: number;
  /** Runs `work` when fewer than `jobs` others run. Never call it from inside its own work. */
  limit<T>(work: () => Promise<T>): Promise<T>;
}

export interface ProgramRun {
  readonly program: HostPath;
  readonly args: readonly string[];
  /** Bytes for standard input: a file (handed over as a descriptor), or bytes in memory. */
  readonly input: { readonly file: HostPath } | { readonly bytes: Uint8Array };
  /** A new file for standard output. Null: collected in memory, at most 64 MiB. */
  readonly output: HostPath | null;
}

export interface ProgramFilter {
  readonly program: HostPath;
  readonly args: readonly string[];
  /** Pieces for standard input; each must stay as it is until the next is asked for. */
  readonly input: Iterator<Uint8Array>;
  /** Takes standard output as it comes. What it throws ends the program, and is thrown. */
  readonly sink: (piece: Uint8Array) => void;
}

export interface ProgramResult {
  readonly exitCode: number;
  /** The last 4 KiB of standard error. */
  readonly complaint: string;
  /** Standard output where it was collected. */
  readonly bytes: Uint8Array;
}

export interface Output {
  write(bytes: Uint8Array): void;
  /** Writes while other work goes on: the bytes must stay as they are, and the output uncommitted, until it settles. */
  writeBeside(bytes: Uint8Array): Promise<void>;
  /** Overwrites bytes already written, for a header whose sums come last. */
  writeAt(bytes: Uint8Array, position: number): void;
  /** Synced to disk, then renamed into place. */
  commit(): void;
  /** Removes what was written; harmless after a commit. */
  discard(): void;
}

/** What earlier builds learned of files: those that look the same from outside are not opened again. */
export interface InputMemory {
  /** The memory of a tree, by its `identity`. */
  of(identity: string): TreeMemory;
}

/** What a file looks like from outside. */
export type FileLook = Pick<FileFacts, "size" | "version">;

export interface TreeMemory {
  /** Null: nothing is known, or the file has changed, or may have changed in the tick of the clock in which it was read. */
  recall(path: TargetPath, facts: FileLook): RememberedFile | null;
  /** Adds to what is known of a file that looks like `facts`. */
  remember(path: TargetPath, facts: FileLook, learned: Partial<RememberedFile>): void;
}

export interface RememberedFile {
  readonly digest: Digest | null;
  /** What its reader made of it, as JSON; null: nobody looked into it. */
  readonly scan: unknown;
}

/** Content by digest, and which content an action gave. */
export interface Store {
  /** What an action gave earlier; null where it never ran or what it gave is gone. Does not read the content. */
  find(key: ActionKey): Promise<StoredContent | null>;
  /**
   * Keeps what `chunks` yields under the action's key. Nothing is kept where they throw. The label says to
   * people what it is ("layer system", "segment 3 of layer system, zstd -19"); `cache ls` shows it.
   */
  put(key: ActionKey, chunks: AsyncIterable<Uint8Array>, label?: string): Promise<StoredContent>;
  /** The content's bytes, in pieces, each valid until the next is asked for; throws DamagedContent in place of the end where they are not what the digest says. */
  read(content: StoredContent): AsyncIterable<Uint8Array>;
  /**
   * The content as a file, for a program's standard input or to be read in place, its bytes verified; throws
   * DamagedContent. With a memory, what looks as it did when an earlier build verified it is not read again.
   */
  verifiedFile(content: StoredContent, memory?: TreeMemory): Promise<HostPath>;
  /** Forgets content that proved damaged, so that it is built again. */
  forget(key: ActionKey, content: StoredContent): Promise<void>;
  /** A path for a program to write to; gone when the process ends. */
  scratchFile(): Promise<HostPath>;
  /** Like put, from a scratch file, which is removed. */
  putFile(key: ActionKey, file: HostPath, label?: string): Promise<StoredContent>;
}

export interface StoredContent {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** Content in the store that is not what its digest says: cut short, or changed on the disk. */
export class DamagedContent extends Error {
  override readonly name = "DamagedContent";
  readonly content: StoredContent;
  constructor(content: StoredContent) {
    super(`stored content is damaged: ${content.digest}`);
    this.content = content;
  }
}

/** Sees what compressors take and give, and how long they need. */
export interface Timekeeper {
  /** A piece is begun: so many bytes, by the compressor of this identity. What it gives is called when the piece is done, with its bytes. */
  begin(compressor: readonly string[], taken: number): (gave: number) => void;
}

/** What takes long, told while it happens. Stages only tell; whoever shows it decides when. */
export type Progress = (event: ProgressEvent) => void;

/** `done` of `total` modules or segments; `bytes` so far. */
export type ProgressEvent =
  | { readonly step: "modules"; readonly done: number; readonly total: number }
  | { readonly step: "files"; readonly files: number; readonly bytes: number }
  | { readonly step: "layers"; readonly done: number; readonly total: number; readonly bytes: number }
  | { readonly step: "image"; readonly bytes: number };

/** Names for running processes, never used twice: the store marks with them what must go when its owner is dead. */
export interface ProcessNames {
  /** This process: its number first, then what tells it from earlier ones of that number: "4711-88123-9f3a0c21". */
  readonly self: string;
  /** Null: the process belongs to another machine or container, or to a time before the last boot. */
  isAlive(name: string): boolean | null;
}

/**
 * What knows the references between store paths: the machine's Nix, or its database. It gives a closure file
 * (formats/nix-registration.ts reads all forms) for the paths that can be reached from the roots, absolute as
 * Nix writes them: "/nix/store/<hash>-<name>". A root that it does not know is not in the answer.
 */
export interface StoreDatabase {
  /** What it is called in messages: "nix-store", "/nix/var/nix/db/db.sqlite". */
  readonly label: string;
  exportClosure(roots: readonly string[]): Uint8Array;
}

export interface StoreDatabases {
  /** The machine's Nix, asked for the store whose files lie at `root` and which is called `directory` ("nix/store"). */
  live(root: HostPath, directory: TargetPath): StoreDatabase;
  /** A `db.sqlite`, read without changing it. */
  file(database: HostPath): StoreDatabase;
}
