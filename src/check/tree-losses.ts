/** What becomes of entries without a word of the kernel's, gathered while its tree is made. */
import type { ByteString, TargetPath } from "../core/path.ts";
import type { CpioEntry, SkipReason } from "../formats/cpio-decode.ts";
import type { LossReason, TreeEvent } from "../inspect/tree-events.ts";
import type { UnpackedTree } from "../inspect/unpacked-tree.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import type { LostCode, TreeFinding } from "./findings/tree.ts";

/** So many paths of one fate are kept; all are counted. */
const MOST_PATHS = 1000;

/** A file of several names, in one archive. */
interface LinkGroup {
  readonly first: TargetPath;
  /** How many names it has, says its first entry. */
  readonly promised: number;
  names: number;
  hasData: boolean;
  isOfSeveralMembers: boolean;
}

type CountedCode = Extract<TreeFinding, { readonly count: number }>["code"];

export class TreeLosses {
  readonly #fates = new Map<CountedCode, { count: number; paths: ByteString[] }>();
  readonly #symlinks: { path: TargetPath; to: ByteString }[] = [];
  #groups = new Map<string, LinkGroup>();
  /** Keys of earlier archives whose files have content. */
  readonly #earlier = new Set<string>();

  /** For UnpackedTree. */
  readonly observe = (event: TreeEvent): void => {
    switch (event.event) {
      case "lost":
        this.#add(CODE_OF_LOSS[event.why], event.entry.name);
        break;
      case "symlink-destroyed":
        if (this.#symlinks.length < MOST_PATHS) this.#symlinks.push({ path: event.path, to: event.to });
        break;
      case "numbers-kept":
        this.#add("check/device-keeps-numbers", event.path);
        break;
      case "written-through":
        this.#add("check/written-through", event.path);
        break;
      case "link-begun":
        this.#beginLink(event.key, event.path, event.entry);
        break;
      case "linked":
        this.#addLink(event.key, event.entry, event.isOfOtherMember);
        break;
      case "archive-ended":
        this.#endArchive();
        break;
    }
  };

  /** An entry that the kernel does not even look at; only its place is known. */
  skip(offset: number, reason: SkipReason): void {
    this.#add(CODE_OF_SKIP[reason], `the entry at byte ${offset}` as ByteString);
  }

  /** All of them, once the tree is made. */
  findings(tree: UnpackedTree): TreeFinding[] {
    this.#endArchive();
    const resolver = new PathResolver(tree);
    // One that led nowhere is no loss.
    const destroyed = this.#symlinks.filter(({ path, to }) => {
      const from = path.slice(0, Math.max(0, path.lastIndexOf("/"))) as TargetPath;
      const found = resolver.resolve(to, from);
      return found.facts?.kind === "directory" && found.path !== path;
    });
    return [
      ...destroyed.map((facts) => ({ code: "check/symlink-destroyed", ...facts }) as const),
      ...[...this.#fates].map(([code, fate]) => ({ code, ...fate })),
    ];
  }

  #add(code: CountedCode, path: ByteString): void {
    const fate = this.#fates.get(code) ?? { count: 0, paths: [] };
    fate.count += 1;
    if (fate.paths.length < MOST_PATHS) fate.paths.push(path);
    this.#fates.set(code, fate);
  }

  #beginLink(key: string, first: TargetPath, { nlink, size }: CpioEntry): void {
    this.#groups.set(key, {
      first,
      promised: nlink,
      names: 1,
      hasData: size > 0,
      isOfSeveralMembers: false,
    });
  }

  #addLink(key: string, { size }: CpioEntry, isOfOtherMember: boolean): void {
    const group = this.#groups.get(key);
    if (group === undefined) return;
    group.names += 1;
    group.hasData ||= size > 0;
    group.isOfSeveralMembers ||= isOfOtherMember;
  }

  #endArchive(): void {
    for (const [key, { first, promised, names, hasData }] of this.#groups) {
      if (names > promised) this.#add("check/links-joined", first);
      if (!hasData && names < promised && this.#earlier.has(key)) this.#add("check/link-emptied", first);
      if (hasData) this.#earlier.add(key);
    }
    this.#groups = new Map();
  }
}

const CODE_OF_LOSS: Readonly<Record<LossReason, LostCode>> = {
  "no-parent": "check/no-parent",
  "name-too-long": "check/name-too-long",
  "slash-on-file": "check/slash-on-file",
  "directory-in-the-way": "check/directory-in-the-way",
  "link-lost": "check/link-lost",
  "no-entry": "check/no-entry",
};

const CODE_OF_SKIP: Readonly<Record<SkipReason, LostCode>> = {
  "no-name": "check/no-entry",
  "long-name": "check/name-too-long",
  "long-target": "check/target-too-long",
  "odd-data": "check/no-entry",
};
