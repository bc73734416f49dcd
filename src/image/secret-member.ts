/**
 * The last member of an image with secrets: them and the trailer, one member of the image's own kind, so that all
 * readers go on to it and another can be put in its place. Made in memory; a program gets its bytes by a pipe.
 */
import type { DirectoryEntry, FileEntry } from "../core/entry.ts";
import { BuildFailure, type Problem } from "../core/problem.ts";
import { cpioSizeOf, encodeCpioEntry, encodeCpioTrailer, padded } from "../formats/cpio.ts";
import { FIRST_SECRET_INODE } from "../formats/secret-inodes.ts";
import { copyOf, fitting, withMember } from "./compress.ts";
import type { ImagePorts, PreparedCompressor } from "./image.ts";
import { checkMember } from "./member-output.ts";

/** How many trailers are tried for a member of the right length, and what may be compressed for it in all. Bytes. */
const MOST_TRIES = 512;
const MOST_WORK = 256 * 2 ** 20;

/** An entry with its bytes. */
export type SecretEntry =
  | DirectoryEntry
  | (Omit<FileEntry, "source" | "content" | "size"> & { readonly bytes: Uint8Array });

/** In their order, parents first. */
export function encodeSecrets(entries: readonly SecretEntry[], epoch: number): Uint8Array {
  const whole = entries.map((entry) => (entry.kind === "file" ? withSize(entry) : entry));
  const body = new Uint8Array(whole.reduce((sum, entry) => sum + cpioSizeOf(entry), 0));
  let at = 0;
  for (const [index, entry] of whole.entries()) {
    const head = encodeCpioEntry(entry, FIRST_SECRET_INODE + index, epoch);
    body.set(head, at);
    at += head.length;
    if (entry.kind !== "file") continue;
    body.set(entry.source.bytes, at);
    at += padded(entry.size);
  }
  return body;
}

function withSize({ bytes, ...entry }: Extract<SecretEntry, { kind: "file" }>) {
  return { ...entry, size: bytes.length, content: null, source: { from: "recipe", bytes } as const };
}

/**
 * The member, to stand behind `before` bytes of the image, which it brings to a multiple of four. Throws BuildFailure as
 * compressors do, without a word of what a program said: it has seen the secrets.
 */
export async function secretMember(
  body: Uint8Array,
  before: number,
  prepared: PreparedCompressor | null,
  ports: Pick<ImagePorts, "host">,
): Promise<Uint8Array> {
  if (prepared === null) return Buffer.concat([body, encodeCpioTrailer(0)]);
  const tries = Math.max(1, Math.min(MOST_TRIES, Math.floor(MOST_WORK / (body.length + 1))));
  return ports.host.limit(async () => {
    let first: Uint8Array | null = null;
    for (let variant = 0; variant < tries; variant++) {
      const content = Buffer.concat([body, encodeCpioTrailer(variant)]);
      const member = await compressed(content, before, prepared).catch(withoutWords);
      if ((before + member.length) % 4 === 0) return member;
      first ??= member;
    }
    return first!;
  });
}

function compressed(
  content: Uint8Array,
  before: number,
  { compressor }: PreparedCompressor,
): Promise<Uint8Array> {
  return withMember({ bytes: content }, compressor, async (member) => {
    return copyOf(fitting(member, await checkMember(member, compressor), before));
  });
}

function withoutWords(error: unknown): never {
  if (!(error instanceof BuildFailure)) throw error;
  throw new BuildFailure(error.problems.map(withoutComplaint));
}

function withoutComplaint(problem: Problem): Problem {
  if (problem.code === "image/compressor-failed") return { ...problem, complaint: "" };
  return problem.code === "image/kernel-refuses"
    ? { ...problem, why: "what it makes of the secrets is no member that the kernel takes" }
    : problem;
}
