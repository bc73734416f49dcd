/**
 * The cache as a build sees it: opened when something is first asked of it, so that a recipe that cannot be
 * built touches no cache.
 */
import type { ActionKey } from "../core/digest.ts";
import type { Store, StoredContent, TreeMemory } from "../core/ports.ts";
import type { CacheStore } from "../store/cacache-store.ts";

export class BuildStore implements Store {
  /** Whether it was opened: then there is a cache. */
  isOpen = false;
  readonly #open: () => Promise<CacheStore>;
  #opened: Promise<CacheStore> | null = null;

  constructor(open: () => Promise<CacheStore>) {
    this.#open = open;
  }

  async find(key: ActionKey) {
    return (await this.#store()).find(key);
  }

  async put(key: ActionKey, chunks: AsyncIterable<Uint8Array>, label?: string) {
    return (await this.#store()).put(key, chunks, label);
  }

  async *read(content: StoredContent) {
    yield* (await this.#store()).read(content);
  }

  async verifiedFile(content: StoredContent, memory?: TreeMemory) {
    return (await this.#store()).verifiedFile(content, memory);
  }

  async forget(key: ActionKey, content: StoredContent) {
    return (await this.#store()).forget(key, content);
  }

  async scratchFile() {
    return (await this.#store()).scratchFile();
  }

  async putFile(key: ActionKey, file: Awaited<ReturnType<Store["scratchFile"]>>, label?: string) {
    return (await this.#store()).putFile(key, file, label);
  }

  async close() {
    // One that could not be opened has told why already.
    const store = await this.#opened?.catch(() => null);
    await store?.close();
  }

  #store() {
    this.#opened ??= this.#open().then((store) => {
      this.isOpen = true;
      return store;
    });
    return this.#opened;
  }
}
