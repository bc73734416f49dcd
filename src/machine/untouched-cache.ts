/**
 * The cache of a recipe for who only wants to know what is there. What has to be made all the same (an archive to be looked
 * into) is thrown away in the end.
 */
import type { ActionKey } from "../core/digest.ts";
import type { Store, StoredContent, TreeMemory } from "../core/ports.ts";
import { type CacheView, lookIntoCache } from "../store/cache-view.ts";
import { BuildStore } from "./build-store.ts";
import { type CacheWish, openStore } from "./cache.ts";
import { cachePlace } from "./place.ts";

/** Throws BuildFailure: host/cache-unusable, host/not-a-cache. */
export async function openUntouched(
  cache: CacheWish,
  recipe: string,
  purpose: string,
): Promise<UntouchedStore> {
  const view =
    cache === "nowhere" ? null : await lookIntoCache((await cachePlace(cache.named, recipe)).directory);
  return new UntouchedStore(view, new BuildStore(() => openStore("nowhere", recipe, purpose)));
}

export class UntouchedStore implements Store {
  readonly #view: CacheView | null;
  readonly #own: BuildStore;
  /** What was put here, by digest. */
  readonly #made = new Set<string>();

  constructor(view: CacheView | null, own: BuildStore) {
    this.#view = view;
    this.#own = own;
  }

  async find(key: ActionKey) {
    const found = this.#made.size > 0 ? await this.#own.find(key) : null;
    return found ?? (await this.#view?.find(key)) ?? null;
  }

  async put(key: ActionKey, chunks: AsyncIterable<Uint8Array>, label?: string) {
    return this.#note(await this.#own.put(key, chunks, label));
  }

  async putFile(key: ActionKey, file: Awaited<ReturnType<Store["scratchFile"]>>, label?: string) {
    return this.#note(await this.#own.putFile(key, file, label));
  }

  read(content: StoredContent): AsyncIterable<Uint8Array> {
    if (this.#made.has(content.digest) || this.#view === null) return this.#own.read(content);
    return this.#view.read(content);
  }

  async verifiedFile(content: StoredContent, memory?: TreeMemory) {
    if (this.#made.has(content.digest) || this.#view === null) return this.#own.verifiedFile(content, memory);
    return this.#view.verifiedFile(content);
  }

  async forget(key: ActionKey, content: StoredContent) {
    if (this.#made.delete(content.digest)) await this.#own.forget(key, content);
  }

  async scratchFile() {
    return this.#own.scratchFile();
  }

  async close() {
    await this.#own.close();
  }

  #note(content: StoredContent): StoredContent {
    this.#made.add(content.digest);
    return content;
  }
}
