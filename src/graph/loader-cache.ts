/**
 * Libraries in directories that only /etc/ld.so.conf names are found through /etc/ld.so.cache and in no other
 * way: an image that has such libraries gets a cache of its own, with just them. (The sysroot's may be absent,
 * stale, or of the building machine; all other libraries are found without one.)
 */
import { digestOf } from "../core/digest.ts";
import { bytesOf, showBytes, type TargetPath } from "../core/path.ts";
import { type CachedLibrary, encodeLdSoCache } from "../formats/ld-so-cache.ts";
import type { Closing } from "./closing.ts";

const CACHE = bytesOf("etc/ld.so.cache") as string as TargetPath;

export class LoaderCache {
  readonly #libraries = new Map<string, { readonly library: CachedLibrary; readonly by: TargetPath }>();

  add(library: CachedLibrary, by: TargetPath): void {
    const key = `${library.soname}\0${library.path}`;
    if (!this.#libraries.has(key)) this.#libraries.set(key, { library, by });
  }

  /** Nothing where no library needs it, or where the recipe brings a cache itself. */
  claim(closing: Closing): void {
    const needed = [...this.#libraries.values()].sort((a, b) => (a.library.path < b.library.path ? -1 : 1));
    const first = needed[0];
    if (first === undefined || closing.isClaimed(CACHE) || closing.tree.isPlaced(CACHE)) return;
    const bytes = encodeLdSoCache(
      needed.map(({ library }) => library),
      first.library.machine.endian,
    );
    const id = closing.addFileNode(CACHE);
    for (const { library, by } of needed) {
      const says = showBytes(library.soname);
      closing.addEdge({ by: closing.nodeOf(by), reason: "loader-cache", says, found: "", tried: [] }, id);
    }
    const source = { from: "recipe", bytes } as const;
    const content = digestOf(bytes);
    const size = bytes.length;
    closing.claim(
      { kind: "file", path: CACHE, mode: 0o644, uid: 0, gid: 0, size, content, source },
      id,
      null,
      false,
    );
    closing.claimParents(CACHE, id);
  }
}
