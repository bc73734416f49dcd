/** The memory tree and the memory store keep the promises of the real ones. */
import { memoryStore } from "./memory-store.ts";
import { memoryTree } from "./memory-tree.ts";
import { testStoreContract } from "./store-contract.ts";
import { testTreeContract } from "./tree-contract.ts";

testTreeContract("memory tree", (files) => memoryTree("/memory", files));

testStoreContract("memory store", async () => {
  const store = memoryStore();
  return {
    store,
    damage: async (digest) => store.damage(digest),
    writeScratch: async (path, bytes) => {
      store.files.set(path, bytes);
    },
  };
});
