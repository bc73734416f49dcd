/**
 * What a build looks at on this machine, noted while it looks: every path of every tree with what was found there,
 * and where programs were found. If all of it is the same the next time, so is what the build makes.
 */
import { createHash } from "node:crypto";
import { type ByteString, type HostPath, ROOT, type TargetPath } from "../core/path.ts";
import type { FileFacts, Host, StoreDatabases, Tree } from "../core/ports.ts";

export interface Observations {
  readonly trees: ReadonlyMap<HostPath, ReadonlyMap<TargetPath, Seen>>;
  readonly programs: ReadonlyMap<string, HostPath | null>;
  /** False: something changed while the build ran, or was asked that cannot be looked at again. */
  readonly isWhole: boolean;
}

export interface Seen {
  /** Null: nothing was there. */
  readonly facts: FileFacts | null;
  /** A directory whose names were read: they are seen too. Null: they were not. */
  names: NamesDigest | null;
  /** A file that was opened for more than to scan or to copy it. */
  isRead: boolean;
}

/** Of the names in a directory, in order. */
export type NamesDigest = string;

export function digestOfNames(names: readonly ByteString[]): NamesDigest {
  return createHash("sha256").update(names.join("\0"), "latin1").digest("base64");
}

/** Where the machine's loader finds libraries is rewritten when any is installed: those of a program are seen by it. */
const LIBRARIES = "etc/ld.so.cache" as TargetPath;

export class Observer implements Observations {
  readonly trees = new Map<HostPath, Map<TargetPath, Seen>>();
  readonly programs = new Map<string, HostPath | null>();
  isWhole = true;

  /** The same host, all that it is asked noted. */
  watch(host: Host): Host {
    return {
      ...host,
      tree: (root) => this.#watchTree(host.tree(root), root),
      findProgram: (name) => {
        const found = host.findProgram(name);
        this.programs.set(name, found);
        return found;
      },
      programVersion: (program) => {
        const machine = host.tree("/" as HostPath);
        this.#noteIn(machine, this.#placesOf("/" as HostPath), LIBRARIES);
        return host.programVersion(program);
      },
    };
  }

  /** Nix is asked by its own program, or its database: what those answer is not seen from outside. */
  watchDatabases(databases: StoreDatabases): StoreDatabases {
    const asked = <T>(answer: T): T => {
      this.isWhole = false;
      return answer;
    };
    return {
      live: (root, directory) => asked(databases.live(root, directory)),
      file: (database) => asked(databases.file(database)),
    };
  }

  /** What else a build knows of a path that it has seen. */
  mark(root: HostPath, path: TargetPath, { names, isRead }: Pick<Seen, "names" | "isRead">): void {
    const seen = this.trees.get(root)?.get(path);
    if (seen === undefined) throw new TypeError(`nobody has looked at ${path}`);
    seen.names = names;
    seen.isRead = isRead;
  }

  #watchTree(tree: Tree, root: HostPath): Tree {
    const places = this.#placesOf(root);
    this.#note(places, ROOT, tree.stat(ROOT));
    return {
      ...tree,
      stat: (path) => this.#note(places, path, tree.stat(path)).facts,
      readLink: (path) => {
        this.#noteIn(tree, places, path);
        return tree.readLink(path);
      },
      list: (path) => {
        const seen = this.#noteIn(tree, places, path);
        const names = tree.list(path);
        const digest = digestOfNames(names);
        this.isWhole &&= seen.names === null || seen.names === digest;
        seen.names ??= digest;
        return names;
      },
      open: (path, why) => {
        const seen = this.#noteIn(tree, places, path);
        seen.isRead ||= why === undefined;
        return tree.open(path, why);
      },
    };
  }

  #placesOf(root: HostPath): Map<TargetPath, Seen> {
    const places = this.trees.get(root) ?? new Map<TargetPath, Seen>();
    this.trees.set(root, places);
    return places;
  }

  #noteIn(tree: Tree, places: Map<TargetPath, Seen>, path: TargetPath): Seen {
    return places.get(path) ?? this.#note(places, path, tree.stat(path));
  }

  #note(places: Map<TargetPath, Seen>, path: TargetPath, facts: FileFacts | null): Seen {
    const known = places.get(path);
    if (known === undefined) {
      const seen = { facts, names: null, isRead: false };
      places.set(path, seen);
      return seen;
    }
    this.isWhole &&= isSameLook(known, facts);
    // The first look counts, and who asks gets what is there now.
    return known.facts === facts ? known : { ...known, facts };
  }
}

function isSameLook(known: Seen, facts: FileFacts | null): boolean {
  const isListed = known.names !== null;
  const before = lookOf(known.facts, isListed);
  return lookOf(facts, isListed).every((value, at) => value === before[at]);
}

const KINDS: readonly FileFacts["kind"][] = [
  "file",
  "directory",
  "symlink",
  "char",
  "block",
  "fifo",
  "socket",
];
export const LOOK_LENGTH = 7;
const NOTHING = new Array<number>(LOOK_LENGTH).fill(-1);

/**
 * What must be the same. The times of a directory change with the names in it, which matter only where they were
 * read; each name that was looked for is seen by itself.
 */
export function lookOf(facts: FileFacts | null, isListed: boolean): readonly number[] {
  if (facts === null) return NOTHING;
  const { kind, mode, size, version } = facts;
  const hasTimes = kind !== "directory" || isListed;
  return [
    KINDS.indexOf(kind),
    mode,
    size,
    version?.inode ?? 0,
    version?.device ?? 0,
    hasTimes ? (version?.mtimeMs ?? 0) : 0,
    hasTimes ? (version?.ctimeMs ?? 0) : 0,
  ];
}
