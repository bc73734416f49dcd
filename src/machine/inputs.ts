/** What a build takes from this machine, noted while it does: which files it reads, looks at, or only sees the names of. */
import { realpathSync } from "node:fs";
import { childOf, type HostPath, hostPathOf, ROOT, type TargetPath } from "../core/path.ts";
import type { Host, StoreDatabases, Tree } from "../core/ports.ts";
import type { InputNeed } from "../host/altered-copy.ts";
import { fsPath } from "../host/system-error.ts";

const MORE: Readonly<Record<InputNeed, number>> = { name: 0, looks: 1, whole: 2 };

export class InputTracker {
  /** Without symlinks in the middle: trees are asked for what lies at their paths, and roots are seen through. */
  readonly inputs = new Map<HostPath, InputNeed>();
  readonly #scratch: HostPath;

  /** `scratch`: what lies there is the build's own. */
  constructor(scratch: HostPath) {
    this.#scratch = scratch;
  }

  watch(host: Host): Host {
    return { ...host, tree: (root) => this.#watchTree(host.tree(root), realPathOf(root)) };
  }

  /** One that is a file is read by what knows how, its log beside it. */
  watchDatabases(databases: StoreDatabases): StoreDatabases {
    return {
      live: databases.live,
      file: (database) => {
        for (const suffix of ["", "-wal"])
          this.#note(realPathOf(`${database}${suffix}` as HostPath), "whole");
        return databases.file(database);
      },
    };
  }

  #watchTree(tree: Tree, root: HostPath): Tree {
    const at = (path: TargetPath): HostPath => hostPathOf(root, path);
    this.#note(at(ROOT), "looks");
    return {
      ...tree,
      stat: (path) => {
        const facts = tree.stat(path);
        if (facts !== null) this.#note(at(path), "looks");
        return facts;
      },
      readLink: (path) => {
        this.#note(at(path), "looks");
        return tree.readLink(path);
      },
      list: (path) => {
        this.#note(at(path), "looks");
        const names = tree.list(path);
        for (const name of names) this.#note(at(childOf(path, name)), "name");
        return names;
      },
      open: (path, why) => {
        this.#note(at(path), "whole");
        return tree.open(path, why);
      },
    };
  }

  #note(path: HostPath, need: InputNeed): void {
    if (path === this.#scratch || path.startsWith(`${this.#scratch}/`)) return;
    const known = this.inputs.get(path);
    if (known === undefined || MORE[need] > MORE[known]) this.inputs.set(path, need);
  }
}

/** Where symlinks lead; what is not there is where it says. */
export function realPathOf(path: HostPath): HostPath {
  try {
    return realpathSync.native(fsPath(path), "latin1") as string as HostPath;
  } catch {
    return path;
  }
}
