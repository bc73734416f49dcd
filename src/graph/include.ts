/** What a path brings into the closure: the symlinks that lead there, and the file, the directory or the store path at its end. */
import {
  type ByteString,
  childOf,
  directoryOf,
  isInside,
  nameOf,
  ROOT,
  showBytes,
  showPath,
  type TargetPath,
} from "../core/path.ts";
import type { FileFacts } from "../core/ports.ts";
import type { Chain } from "../core/problems/chain.ts";
import type { Span } from "../core/span.ts";
import type { LinkMet, ResolvedPath } from "../trees/resolve-path.ts";
import { type Because, because, type Closing } from "./closing.ts";
import { referrersIn } from "./findings.ts";
import { fileNode, type NodeId } from "./references.ts";

export class Includer {
  readonly #closing: Closing;

  constructor(closing: Closing) {
    this.#closing = closing;
  }

  /** Takes in what a path leads to. Something must be there, or it lies where nothing is followed. */
  include(to: ResolvedPath, why: Because): void {
    const { tree } = this.#closing;
    let last = why;
    for (const link of to.links) last = this.#includeLink(link, last, why.by);
    if (to.links.length > 0 && this.#closing.isMounted(to.path)) return;
    if (tree.comesWhole(to.path)) this.#includeStorePath(to.path, last);
    else if (to.facts === null) throw new TypeError(`nothing at ${to.path}`);
    else if (to.facts.kind === "directory") this.#includeDirectory(to, last);
    else {
      const id = this.#closing.addFileNode(to.path);
      this.#closing.addEdge(last, id);
      this.#closing.claimFromTree(to.path, id, to.facts);
      if (tree.isInStore(to.path)) this.#includeWrapped(to.path, id);
    }
  }

  /** An object that the recipe names: it comes even from where nothing is followed to. */
  includeNamed(path: TargetPath, by: NodeId, at: Span): void {
    const why = because(by, "named", showPath(path));
    if (this.#closing.tree.comesWhole(path)) {
      this.#includeStorePath(path, why);
      return;
    }
    const to = this.#closing.paths.resolve(path);
    const link = to.links.at(-1);
    if (to.facts !== null || link === undefined) this.include(to, why);
    else this.#includeHole(link, why, to, { through: [], from: at });
  }

  /** A symlink that is wanted for itself, and what it leads to. */
  followSymlink(path: TargetPath, why: Because, to = this.#closing.paths.resolve(path)): void {
    if (to.facts !== null || this.#closing.isMounted(to.path)) this.include(to, why);
    else this.#includeHole({ path, to: this.#closing.paths.readLink(path), isFinal: true }, why, to, null);
  }

  /** What a symlink of the recipe's own leads to. A directory only has to be there: nobody asked for its content. */
  followPlacedSymlink(path: TargetPath): void {
    const by = this.#closing.addFileNode(path);
    const why = because(by, "symlink", showBytes(this.#closing.paths.readLink(path)));
    const to = this.#closing.paths.resolve(path);
    const beyond = { ...to, links: to.links.filter((link) => link.path !== path) };
    const isMounted = this.#closing.isMounted(to.path);
    const isDirectory = to.facts?.kind === "directory" && !this.#closing.tree.isInStore(to.path);
    if (isMounted || isDirectory) this.includeLayout(beyond.links, by);
    else if (to.facts === null) this.followSymlink(path, why);
    else this.include(beyond, why);
    if (isDirectory && !isMounted) this.#closing.claimParents(childOf(to.path, "x"), by);
  }

  /** The symlinks of the sysroot's layout (`bin -> usr/bin`) that something placed by the recipe goes through. */
  includeLayout(links: readonly LinkMet[], by: NodeId): void {
    for (const link of links) this.#includeLink(link, because(by, "symlink", showBytes(link.to)), by);
  }

  /** A link at the end of a path leads on; one in the middle only has to be there. Gives the reason for what follows. */
  #includeLink(link: LinkMet, last: Because, by: NodeId): Because {
    const { tree } = this.#closing;
    const says = showBytes(link.to);
    if (tree.comesWhole(link.path)) return because(this.#includeStorePath(link.path, last), "symlink", says);
    const id = this.#closing.addFileNode(link.path);
    this.#closing.addEdge(link.isFinal ? last : because(by, "symlink", says), id);
    this.#closing.claimFromTree(link.path, id, this.#closing.paths.stat(link.path)!);
    return link.isFinal ? because(id, "symlink", says) : last;
  }

  /** A symlink that leads nowhere comes all the same: the recipe may accept that. */
  #includeHole(link: LinkMet, why: Because, to: ResolvedPath, chain: Chain | null): void {
    const { path, to: says } = link;
    this.#includeLink(link, why, why.by);
    this.#closing.report({
      kind: "hole",
      by: path,
      closedBy: [],
      names: [showPath(to.path), showBytes(says)],
      problem: (found) => {
        const known = chain ?? referrersIn(found);
        if (to.isLoop) return { code: "graph/symlink-loop", path, chain: known };
        return { code: "graph/dangling-symlink", path, to: says, chain: known };
      },
    });
  }

  /** nixpkgs' wrappers run `.NAME-wrapped` beside them, a name that stands in their text alone. */
  #includeWrapped(path: TargetPath, by: NodeId): void {
    const wrapped = childOf(directoryOf(path), `.${nameOf(path)}-wrapped` as ByteString);
    const to = this.#closing.paths.resolve(wrapped);
    if (to.facts?.kind === "file") this.include(to, because(by, "wrapped", showPath(wrapped)));
  }

  #includeStorePath(path: TargetPath, why: Because): NodeId {
    const { tree } = this.#closing;
    const name = tree.storeNameOf(path);
    const top = tree.storePathOf(name);
    const id = fileNode(top);
    this.#closing.graph.addNode(id, { kind: "tree", path: top });
    this.#closing.addEdge(why, id);
    this.#closing.addStoreRoot(name, why.by);
    return id;
  }

  /** A directory comes whole. One that stands above the symlink that leads to it is there already. */
  #includeDirectory(to: ResolvedPath, why: Because): void {
    const id = fileNode(to.path);
    this.#closing.graph.addNode(id, { kind: "tree", path: to.path });
    this.#closing.addEdge(why, id);
    const link = to.links.at(-1);
    const isAbove = link?.isFinal === true && isInside(link.path, to.path);
    if (isAbove) this.#closing.claimParents(childOf(to.path, "x"), id);
    else this.#copyTree(to.path, id);
  }

  #copyTree(top: TargetPath, by: NodeId): void {
    const { tree, paths } = this.#closing;
    const todo = [top];
    for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
      const facts = paths.stat(path);
      if (facts?.kind !== "directory" || !this.#closing.beginCopy(path, by)) continue;
      // The mode of the image's root is not that of whatever directory a sysroot was unpacked in.
      if (path !== ROOT) this.#closing.claimFromTree(path, by, facts);
      if (this.#closing.isMountPoint(path, facts)) continue;
      for (const name of tree.list(path).toReversed()) {
        const child = childOf(path, name);
        if (tree.comesWhole(child)) this.#includeStorePath(child, because(by, "copied"));
        else this.#copyEntry(child, paths.statCopied(child), by, todo);
      }
    }
  }

  /** A directory waits in `todo`. */
  #copyEntry(path: TargetPath, facts: FileFacts | null, by: NodeId, todo: TargetPath[]): void {
    if (facts?.kind === "directory") todo.push(path);
    if (facts === null || facts.kind === "directory" || this.#closing.isClaimed(path)) return;
    this.#closing.problems.attempt(() => {
      if (facts.kind === "symlink")
        this.followSymlink(path, because(by, "copied"), this.#resolveCopied(path));
      else this.#closing.claimFromTree(path, by, facts);
    });
  }

  /** No symlink leads to what is copied: its directory need not be looked for from the root. */
  #resolveCopied(path: TargetPath): ResolvedPath {
    return this.#closing.paths.resolve(nameOf(path), directoryOf(path));
  }
}
