/** A store that exists only in a test. Its files have paths that no disk knows. */
import type { ActionKey, Digest } from "../../src/core/digest.ts";
import { digestOf } from "../../src/core/digest.ts";
import type { HostPath } from "../../src/core/path.ts";
import { DamagedContent, type Store, type StoredContent } from "../../src/core/ports.ts";

export interface MemoryStore extends Store {
  /** What is kept, by digest. */
  readonly contents: Map<Digest, Uint8Array>;
  /** Which content an action gave. */
  readonly actions: Map<ActionKey, StoredContent>;
  /** The keys that were put, in order: what a build really built. */
  readonly puts: ActionKey[];
  /** Scratch files and verified files by path, for a test's stand-in of a program. */
  readonly files: Map<HostPath, Uint8Array>;
  /** Flips one bit of a kept content, as a failing disk does. */
  damage(digest: Digest): void;
}

const PIECE_BYTES = 65536;

export function memoryStore(): MemoryStore {
  const contents = new Map<Digest, Uint8Array>();
  const actions = new Map<ActionKey, StoredContent>();
  const puts: ActionKey[] = [];
  const files = new Map<HostPath, Uint8Array>();
  let scratchFiles = 0;

  const keep = (key: ActionKey, bytes: Uint8Array): StoredContent => {
    const content = { digest: digestOf(bytes), size: bytes.length };
    contents.set(content.digest, bytes);
    actions.set(key, content);
    puts.push(key);
    return content;
  };
  const verified = (content: StoredContent): Uint8Array => {
    const bytes = contents.get(content.digest);
    if (bytes === undefined || digestOf(bytes) !== content.digest) throw new DamagedContent(content);
    return bytes;
  };

  return {
    contents,
    actions,
    puts,
    files,
    damage: (digest) => {
      const bytes = Uint8Array.from(contents.get(digest) ?? []);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      contents.set(digest, bytes);
    },
    find: async (key) => {
      const content = actions.get(key);
      return content !== undefined && contents.has(content.digest) ? content : null;
    },
    put: async (key, chunks) => {
      const pieces: Uint8Array[] = [];
      for await (const chunk of chunks) pieces.push(Uint8Array.from(chunk));
      return keep(key, Buffer.concat(pieces));
    },
    read: async function* (content) {
      const bytes = contents.get(content.digest) ?? new Uint8Array(0);
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.slice(at, at + PIECE_BYTES);
      verified(content);
    },
    verifiedFile: async (content) => {
      const path = `/memory/content/${content.digest}` as HostPath;
      files.set(path, verified(content));
      return path;
    },
    forget: async (key, content) => {
      actions.delete(key);
      contents.delete(content.digest);
    },
    scratchFile: async () => `/memory/scratch/${++scratchFiles}` as HostPath,
    putFile: async (key, file) => {
      const bytes = files.get(file);
      if (bytes === undefined) throw new TypeError(`nothing was written to ${file}`);
      files.delete(file);
      return keep(key, bytes);
    },
  };
}
