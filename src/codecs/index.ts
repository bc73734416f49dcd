/** The codecs that work without any program of the machine. */
import { compressGzip } from "./gzip.ts";
import { LIBDEFLATE_PACKAGE } from "./libdeflate.ts";
import { compressZstd, ZSTD_PACKAGE } from "./zstd.ts";

export interface Codec {
  /** One member of the content. The content must not be empty. */
  compress(bytes: Uint8Array, level: number): Promise<Uint8Array>;
  /** Name and version of what makes the bytes. */
  readonly identity: string;
  /** The most content that it takes, held in memory three to five times while it works. Bytes. */
  readonly limit: number;
}

const MIB = 2 ** 20;

export const CODECS = {
  // Content and member share the 2 GiB that WebAssembly has; random bytes of 1,020 MiB still fit.
  gzip: { compress: compressGzip, identity: LIBDEFLATE_PACKAGE, limit: 1000 * MIB },
  // "declared 1" is ours: raise it when what is made of the package's frames changes.
  zstd: { compress: compressZstd, identity: `${ZSTD_PACKAGE}, declared 1`, limit: 1024 * MIB },
} as const satisfies Record<string, Codec>;

export type CodecName = keyof typeof CODECS;
