/** What the builds of one run have in common: the machine, and of each cache its store and what it remembers. */
import { BuildStore } from "../machine/build-store.ts";
import { type CacheWish, openMemory, openStore } from "../machine/cache.ts";
import { cachePlace } from "../machine/place.ts";
import { machinePorts } from "../machine/ports.ts";
import type { KeptMemory } from "../store/input-memory.ts";
import { SignalGuard } from "./ending.ts";

export interface SessionCache {
  readonly store: BuildStore;
  readonly memory: KeptMemory;
}

export class Session {
  readonly machine: ReturnType<typeof machinePorts>;
  readonly signals = new SignalGuard(() => this.#closeStores());
  readonly #caches = new Map<string, SessionCache>();

  /** `jobs: null`: one for each core. */
  constructor(jobs: number | null) {
    this.machine = machinePorts(jobs);
  }

  /** Recipes may have caches of their own. */
  async cacheOf(wish: CacheWish, recipe: string): Promise<SessionCache> {
    const place = wish === "nowhere" ? wish : (await cachePlace(wish.named, recipe)).directory;
    const known = this.#caches.get(place);
    if (known !== undefined) return known;
    const store = new BuildStore(() => {
      this.signals.listen();
      return openStore(wish, recipe);
    });
    const cache = { store, memory: await openMemory(wish, recipe) };
    this.#caches.set(place, cache);
    return cache;
  }

  /** Between builds nobody listens for signals. Never comes back where one is ending the run. */
  async rest(): Promise<void> {
    await this.signals.unlessEnding();
    this.signals.release();
  }

  async close(): Promise<void> {
    await this.rest();
    // What a build learned that failed later serves the next.
    for (const { store, memory } of this.#caches.values()) if (store.isOpen) memory.save();
    await this.#closeStores();
  }

  async #closeStores(): Promise<void> {
    for (const { store } of this.#caches.values()) await store.close();
  }
}
