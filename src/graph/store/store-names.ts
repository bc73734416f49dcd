/**
 * The store paths that a store directory holds: the candidates of a scan.
 *
 * Nix looks for the hashes of a build's own inputs only; from the outside nobody knows what these were, so all
 * names of the store stand in. That can only find more than Nix did, and only where a path mentions another
 * that was none of its inputs: sources added by hand, fixed outputs, outputs with unsafeDiscardReferences.
 * Two things are left out. Derivations (`.drv`): what is built knows its inputs, not the derivation that made
 * it; a mention that is a true reference takes `drvPath`, and would bring the sources of everything. And what
 * Nix keeps beside its paths: `.links`, lock files, the directories of builds.
 */
import { type ByteString, ROOT, type TargetPath } from "../../core/path.ts";
import type { Tree } from "../../core/ports.ts";
import { parseStoreName } from "../../formats/nix-store-path.ts";

export function isDerivation(name: string): boolean {
  return name.endsWith(".drv");
}

/** Names by hash, for the tree rooted at a store directory. */
export function listStore(store: Tree): Map<ByteString, ByteString> {
  const names = new Map<ByteString, ByteString>();
  for (const name of store.list(ROOT)) {
    const parsed = parseStoreName(name);
    if (parsed === null || isDerivation(name) || isOfNixItself(name, store)) continue;
    // A hash belongs to one path. Where a leftover (`.chroot`, `.check`) shares it, the shorter name is the path's.
    if (!names.has(parsed.hash)) names.set(parsed.hash, parsed.name);
  }
  return names;
}

/** A store path may be called `Cargo.lock` too, but then nobody may write to it, and it is hardly empty. */
function isOfNixItself(name: string, store: Tree): boolean {
  if (/\.drv\.(lock|chroot)$/.test(name)) return true;
  if (!name.endsWith(".lock")) return false;
  const facts = store.stat(name as TargetPath);
  return facts?.kind === "file" && (facts.mode & 0o200) !== 0 && facts.size <= 1;
}
