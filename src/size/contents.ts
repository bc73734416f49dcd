/** What is to be known of files' contents before anything can be said of saving: gathered by who can read them. */
import type { Digest } from "../core/digest.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { type ElfParts, readElfParts } from "../formats/elf-sections.ts";
import { FormatError } from "../formats/format-error.ts";
import { memberKindOf } from "../formats/member.ts";

export interface ContentFacts {
  /** Null: the image tells it already, or nobody read the whole file. */
  readonly digest: Digest | null;
  readonly elf: ElfParts | null;
  /** Null: it is not compressed. */
  readonly packing: string | null;
}

/** Of what nothing could be read. */
export const NOTHING_KNOWN: ContentFacts = { digest: null, elf: null, packing: null };

/** By entry. One that is not there was not read. */
export type Contents = ReadonlyMap<number, ContentFacts>;

/** A file that is damaged, or only looks like ELF, is none. */
export function factsOf(source: ByteSource, digest: Digest | null): ContentFacts {
  const packing = memberKindOf(Uint8Array.from(source.read(0, 8)));
  try {
    return { digest, elf: readElfParts(source), packing };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { digest, elf: null, packing };
  }
}
