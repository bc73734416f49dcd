/**
 * An image that nobody compresses, written while its segments are read: nothing of it is kept in the cache, since its
 * bytes are the files' own, and reading them there is no faster.
 */
import { startDigest } from "../core/digest.ts";
import type { Output, Progress } from "../core/ports.ts";
import { encodeCpioTrailer } from "../formats/cpio.ts";
import type { MemberKeeper } from "../layers/member-keeper.ts";
import { zerosAfter } from "./arrange.ts";
import { finishImage } from "./assemble.ts";
import type { Image, ImageMember, ImageParts, ImagePorts } from "./image.ts";
import { Outputs } from "./outputs.ts";
import { earlyBytes } from "./write-parts.ts";

/** GNU cpio's block. */
const BLOCK = 512;

export type PlainOrder = Pick<ImageParts, "spec" | "out" | "isPrivate" | "early">;

export class PlainImage {
  /** Segments are to be kept in their order: each is written behind the one before. */
  readonly keeper: MemberKeeper;
  readonly #outputs: Outputs;
  readonly #output: Output;
  readonly #tell: Progress;
  readonly #file: string;
  readonly #digest = startDigest();
  #size = 0;

  /** Throws BuildFailure, as all methods do; nothing is left then once it is discarded. */
  constructor(order: PlainOrder, ports: ImagePorts) {
    this.#tell = ports.tell;
    this.#outputs = new Outputs(order, ports);
    this.#file = `${order.spec.name}${order.spec.image.extension}`;
    this.#output = this.#outputs.create(this.#file);
    this.keeper = {
      find: async () => null,
      keepBytes: async (_key, bytes) => {
        this.#write(bytes);
        return null;
      },
      keepContent: async (key, body) => {
        for await (const piece of ports.store.read(body)) this.#write(piece);
        await ports.store.forget(key, body);
        return null;
      },
    };
    for (const early of order.early) {
      for (const piece of earlyBytes(early, ports)) this.#write(piece);
      this.#write(new Uint8Array(zerosAfter(early, this.#size)));
    }
  }

  /** Behind all segments: the trailer, and zeros up to a whole block. */
  finish(parts: ImageParts): Image {
    this.#write(encodeCpioTrailer(0));
    this.#write(new Uint8Array((BLOCK - (this.#size % BLOCK)) % BLOCK));
    const facts = {
      file: this.#file,
      size: this.#size,
      digest: this.#digest.finish(),
      members: membersOf(parts),
    };
    return finishImage(facts, this.#outputs, parts);
  }

  /** Harmless once it is finished. */
  discard(): void {
    this.#outputs.discard();
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#output.write(bytes);
    this.#digest.update(bytes);
    this.#size += bytes.length;
    this.#tell({ step: "image", bytes: this.#size });
  }
}

/** Where each piece stands: one behind the other, as they were written. */
function membersOf({ early, layers }: ImageParts): ImageMember[] {
  const members: ImageMember[] = [];
  let offset = 0;
  const add = (about: Pick<ImageMember, "role" | "size"> & Partial<ImageMember>): void => {
    const unknown = { kind: "plain", digest: null, layer: null, segment: null, wasReused: false } as const;
    members.push({ ...unknown, ...about, offset });
    offset += about.size;
  };
  for (const segment of early) {
    const { kind, digest, size } = segment;
    add({ role: "early", kind, digest, size });
    offset += zerosAfter(segment, offset);
  }
  for (const { name: layer, segments } of layers) {
    for (const [segment, { size }] of segments.entries()) add({ role: "segment", layer, segment, size });
  }
  add({ role: "trailer", size: encodeCpioTrailer(0).length });
  return members;
}
