/** What becomes of a segment's bytes: they are kept as they are, or compressed. The last stage says how. */
import type { ActionKey } from "../core/digest.ts";
import type { Store, StoredContent } from "../core/ports.ts";

/** A member of the image in the store. */
export interface KeptMember {
  readonly key: ActionKey;
  readonly content: StoredContent;
}

/**
 * All methods are asked with the key of the segment, which names all that can change its bytes, and in the order of
 * the segments. Null: the bytes stand in the image already, and nowhere else.
 */
export interface MemberKeeper {
  find(segment: ActionKey): Promise<KeptMember | null>;
  /** Begins at once; the bytes must stay as they are until the promise settles. */
  keepBytes(segment: ActionKey, bytes: Uint8Array, label: string): Promise<KeptMember | null>;
  /** For a segment that is too large for memory. Gives content that the store holds under the segment's own key. */
  keepContent(segment: ActionKey, body: StoredContent, label: string): Promise<KeptMember | null>;
}

/** Segments that go into the image as they are, or into one stream with others. */
export function plainKeeper(store: Store): MemberKeeper {
  return {
    find: async (key) => {
      const content = await store.find(key);
      return content === null ? null : { key, content };
    },
    keepBytes: async (key, bytes, label) => ({
      key,
      content: await store.put(key, inOnePiece(bytes), label),
    }),
    keepContent: async (key, content) => ({ key, content }),
  };
}

/** Bytes as the store takes them. */
export async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
