/** Segments compressed one by one, each kept in the store under its key and its compressor. */
import { type ActionKey, actionKey } from "../core/digest.ts";
import type { StoredContent } from "../core/ports.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { encodeCpioTrailer } from "../formats/cpio.ts";
import type { CompressedKind } from "../formats/member.ts";
import { inOnePiece, type KeptMember, type MemberKeeper, plainKeeper } from "../layers/member-keeper.ts";
import { type CompressionPorts, type Compressor, kindOfOutput, type Uncompressed } from "./compressor.ts";
import type { Packing } from "./image.ts";
import { checkMember, chunksOf, tidyMember, withLzopName } from "./member-output.ts";

/** A member of the image in the store. */
export interface CompressedMember {
  readonly key: ActionKey;
  readonly content: StoredContent;
  readonly wasReused: boolean;
}

/** How many trailers are tried for one of the right length. Few are needed; see the test. */
const TRAILER_VARIANTS = 512;
/** What may be compressed in all while a whole image of another length is searched for. Bytes. */
const WHOLE_WORK = 256 * 2 ** 20;
const WHOLE_ATTEMPTS = 16;

/** Segments that are members by themselves, compressed when the machine has room for one more. */
function compressingKeeper(compressor: Compressor, ports: CompressionPorts): MemberKeeper {
  const { host, store } = ports;
  const keyOf = (segment: ActionKey) => actionKey(["initgraph segment 2", segment, ...compressor.identity]);
  const keep = async (segment: ActionKey, input: Uncompressed): Promise<KeptMember> => {
    const key = keyOf(segment);
    return { key, content: await host.limit(() => compressInto(key, input, compressor, ports)) };
  };
  return {
    find: async (segment) => {
      const key = keyOf(segment);
      const content = await store.find(key);
      return content === null ? null : { key, content };
    },
    keepBytes: (segment, bytes) => keep(segment, { bytes }),
    keepContent: async (segment, body) => {
      const kept = await keep(segment, { content: body });
      await store.forget(segment, body); // large, and of no use to anybody once it is compressed
      return kept;
    },
  };
}

/** What becomes of segments under a compressor (null: none). */
export function keeperFor(packing: Packing, ports: CompressionPorts): MemberKeeper {
  const isMemberEach = packing !== null && isSegmented(packing.kind);
  return isMemberEach ? compressingKeeper(packing.compressor, ports) : plainKeeper(ports.store);
}

/** Whether each segment is a member of its own: user-land readers of the others stop after the first. */
export function isSegmented(kind: CompressedKind): boolean {
  return kind !== "lzma" && kind !== "lzop";
}

/**
 * The member that holds just the trailer, of a length that brings an image of `before` bytes to a multiple
 * of four: a loader that pads then adds nothing. A compressor that has no such length (none is known) leaves the image
 * as long as it is.
 */
export async function compressTrailer(
  before: number,
  compressor: Compressor,
  ports: CompressionPorts,
): Promise<CompressedMember> {
  const wanted = (4 - (before % 4)) % 4;
  const key = actionKey(["initgraph trailer 1", String(wanted), ...compressor.identity]);
  const found = await ports.store.find(key);
  if (found !== null) return { key, content: found, wasReused: true };
  const label = `a trailer, by ${compressor.name}`;
  const content = await ports.host.limit(async () => {
    for (let variant = 0; variant < TRAILER_VARIANTS; variant++) {
      const bytes = await compressBytes(encodeCpioTrailer(variant), compressor);
      if (bytes.length % 4 === wanted) return ports.store.put(key, inOnePiece(bytes), label);
    }
    return ports.store.put(key, inOnePiece(await compressBytes(encodeCpioTrailer(0), compressor)), label);
  });
  return { key, content, wasReused: false };
}

/** Bodies that are to be one stream. */
export interface WholeOrder {
  readonly compressor: Compressor;
  /** Whether a trailer ends them. */
  readonly hasTrailer: boolean;
}

/**
 * All bodies and the trailer in one stream, for the kinds whose members user-land readers cannot take one after
 * the other (lzma, lzop), its length a multiple of four: lzop's header has room in its name, lzma is tried
 * with other trailers as often as its size allows.
 */
export async function compressWhole(
  bodies: readonly StoredContent[],
  { compressor, hasTrailer }: WholeOrder,
  ports: CompressionPorts,
): Promise<CompressedMember> {
  const digests = bodies.map(({ digest }) => digest);
  const key = wholeKey(bodies, { compressor, hasTrailer });
  const found = await ports.store.find(key);
  if (found !== null) return { key, content: found, wasReused: true };
  const size = bodies.reduce((sum, body) => sum + body.size, 0);
  // Without a trailer there is nothing to vary.
  const most = hasTrailer ? WHOLE_ATTEMPTS : 1;
  const attempts = Math.max(1, Math.min(most, Math.floor(WHOLE_WORK / Math.max(1, size))));
  const content = await ports.host.limit(async () => {
    for (let variant = 0; ; variant++) {
      const trailer = hasTrailer ? encodeCpioTrailer(variant) : new Uint8Array(0);
      const joinedKey = actionKey(["initgraph joined 1", hasTrailer ? String(variant) : "none", ...digests]);
      const joined = await ports.store.put(joinedKey, joinedBodies(bodies, trailer, ports));
      const made = await compressInto(key, { content: joined }, compressor, ports);
      await ports.store.forget(joinedKey, joined); // as large as the image, and of no use to anybody else
      if (made.size % 4 === 0 || variant + 1 >= attempts) return made;
    }
  });
  return { key, content, wasReused: false };
}

export function wholeKey(
  bodies: readonly Pick<StoredContent, "digest">[],
  { compressor, hasTrailer }: WholeOrder,
): ActionKey {
  const what = hasTrailer ? "initgraph whole 1" : "initgraph whole without trailer 1";
  return actionKey([what, ...bodies.map(({ digest }) => digest), "by", ...compressor.identity]);
}

/** What a program's output is, found by compressing a trailer. Throws BuildFailure as checkMember. */
export async function probeKind(compressor: Compressor): Promise<CompressedKind> {
  return withMember({ bytes: encodeCpioTrailer(0) }, compressor, (member) => checkMember(member, compressor));
}

async function compressInto(
  key: ActionKey,
  input: Uncompressed,
  compressor: Compressor,
  { store }: CompressionPorts,
): Promise<StoredContent> {
  return withMember(input, compressor, async (member) => {
    const kind = await checkMember(member, compressor);
    return store.put(key, chunksOf(fitting(member, kind, 0)), `a segment, by ${compressor.name}`);
  });
}

function compressBytes(bytes: Uint8Array, compressor: Compressor): Promise<Uint8Array> {
  return withMember({ bytes }, compressor, copyOf);
}

/** What a compressor makes of an input, tidied; nothing of it may be used afterwards. Throws BuildFailure. */
export async function withMember<T>(
  input: Uncompressed,
  compressor: Compressor,
  use: (member: ByteSource) => T | Promise<T>,
): Promise<T> {
  const output = await compressor.run(input);
  try {
    const size = "bytes" in input ? input.bytes.length : input.content.size;
    return await use(tidyMember(kindOfOutput(output), output.source, size));
  } finally {
    output.close();
  }
}

/** Of a length that brings what stands before it to a multiple of four, where its kind has room for that. */
export function fitting(member: ByteSource, kind: CompressedKind, before: number): ByteSource {
  const lacking = (4 - ((before + member.size) % 4)) % 4;
  return kind === "lzop" && lacking > 0 ? withLzopName(member, lacking) : member;
}

export function copyOf(member: ByteSource): Uint8Array {
  return Uint8Array.from(member.read(0, member.size));
}

async function* joinedBodies(
  bodies: readonly StoredContent[],
  trailer: Uint8Array,
  { store }: CompressionPorts,
): AsyncGenerator<Uint8Array> {
  for (const body of bodies) yield* store.read(body);
  yield trailer;
}
