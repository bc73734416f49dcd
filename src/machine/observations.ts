/**
 * What a build looks at on this machine, noted while it looks: every path of every tree with what was found there,
 * and where programs were found. If all of it is the same the next time, so is what the build makes.
 */
import { createHash } from "node:crypto";
import { type ByteString, type HostPath, ROOT, type TargetPath } from "../core/path.ts";
import type { FileFacts, Host, StoreDatabases, Tree } from "../core/ports.ts";
import { type NamesDigest, type SeenColumns, SeenTree } from "./seen-tree.ts";

/** All that a build saw, once it is done. */
export interface Observations {
  readonly trees: ReadonlyMap<HostPath, SeenColumns>;
  readonly programs: ReadonlyMap<string, HostPath | null>;
  /** False: something changed while the build ran. */
  readonly isWhole: boolean;
}

export function digestOfNames(names: readonly ByteString[]): NamesDigest {
  return createHash("sha256").update(names.join("\0"), "latin1").digest("base64");
}

/** Where the machine's loader finds libraries is rewritten when any is installed: those of a program are seen by it. */
const LIBRARIES = "etc/ld.so.cache" as TargetPath;

export class Observer {
  readonly #trees = new Map<HostPath, SeenTree>();
  readonly #programs = new Map<string, HostPath | null>();
  #isWhole = true;

  /** What was seen so far, copied: of many files it is large, so ask once. */
  observations(): Observations {
    const trees = new Map([...this.#trees].map(([root, seen]) => [root, seen.columns()]));
    return { trees, programs: this.#programs, isWhole: this.#isWhole };
  }

  /** The same host, all that it is asked noted. */
  watch(host: Host): Host {
    return {
      ...host,
      tree: (root) => this.#watchTree(host.tree(root), root),
      findProgram: (name) => {
        const found = host.findProgram(name);
        this.#programs.set(name, found);
        return found;
      },
      programVersion: (program) => {
        this.#look(host.tree("/" as HostPath), this.#seenOf("/" as HostPath), LIBRARIES);
        return host.programVersion(program);
      },
    };
  }

  /**
   * What a running Nix says of store paths stays true as long as they are there, and they are looked at themselves; a
   * database of a name is a file like others, its log beside it.
   */
  watchDatabases(databases: StoreDatabases, host: Pick<Host, "tree">): StoreDatabases {
    return {
      live: databases.live,
      file: (database) => {
        const seen = this.#seenOf("/" as HostPath);
        for (const path of [database, `${database}-wal`]) {
          this.#look(host.tree("/" as HostPath), seen, path.slice(1) as TargetPath);
          seen.noteRead(path.slice(1) as TargetPath);
        }
        return databases.file(database);
      },
    };
  }

  /** What an earlier build knew of a path that was looked at again. Null: its names were not read. */
  mark(root: HostPath, path: TargetPath, names: NamesDigest | null, isRead: boolean): void {
    const seen = this.#seenOf(root);
    if (names !== null) seen.noteNames(path, names);
    if (isRead) seen.noteRead(path);
  }

  #watchTree(tree: Tree, root: HostPath): Tree {
    const seen = this.#seenOf(root);
    this.#look(tree, seen, ROOT);
    const lookOnce = (path: TargetPath): void => {
      if (!seen.has(path)) this.#look(tree, seen, path);
    };
    return {
      ...tree,
      stat: (path) => this.#look(tree, seen, path),
      readLink: (path) => {
        lookOnce(path);
        return tree.readLink(path);
      },
      list: (path) => {
        lookOnce(path);
        const names = tree.list(path);
        const isSame = seen.noteNames(path, digestOfNames(names));
        this.#isWhole &&= isSame;
        return names;
      },
      open: (path, why) => {
        if (why !== undefined) return tree.open(path, why); // who scans or copies has looked
        lookOnce(path);
        seen.noteRead(path);
        return tree.open(path);
      },
    };
  }

  #seenOf(root: HostPath): SeenTree {
    const seen = this.#trees.get(root) ?? new SeenTree();
    this.#trees.set(root, seen);
    return seen;
  }

  #look(tree: Tree, seen: SeenTree, path: TargetPath): FileFacts | null {
    const facts = tree.stat(path);
    const isSame = seen.note(path, facts);
    this.#isWhole &&= isSame;
    return facts;
  }
}
