/** cacache's index without the rest of it (lib/entry-index.js), of which its types say nothing. */
declare module "cacache/lib/entry-index.js" {
  interface IndexEntry {
    readonly key: string;
    readonly integrity: string;
    /** Bytes of the content; undefined where nobody gave it. */
    readonly size?: number;
    readonly time: number;
    readonly metadata?: unknown;
  }
  /** The file in which a key's lines stand; its mtime tells when what they lead to was used last. */
  export function bucketPath(cache: string, key: string): string;
  export function find(cache: string, key: string): Promise<IndexEntry | null>;
  export function insert(
    cache: string,
    key: string,
    integrity: string,
    options: { readonly size: number; readonly metadata: unknown },
  ): Promise<IndexEntry>;
}
