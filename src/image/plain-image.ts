/**
 * An image that nobody compresses, written while its segments are read: nothing of it is kept in the cache, since its
 * bytes are the files' own, and reading them there is no faster.
 */
import { encodeCpioTrailer } from "../formats/cpio.ts";
import type { MemberKeeper } from "../layers/member-keeper.ts";
import { finishImage } from "./assemble.ts";
import type { GrowingImage, Image, ImageMember, ImageOrder, ImageParts, ImagePorts } from "./image.ts";
import { ImageFile, putPart } from "./image-file.ts";
import { Outputs } from "./outputs.ts";
import { zerosAfter, zerosToBlock } from "./padding.ts";

export class PlainImage implements GrowingImage {
  readonly keeper: MemberKeeper;
  readonly #outputs: Outputs;
  readonly #name: string;
  readonly #file: ImageFile;

  /** Throws BuildFailure, as all methods do; nothing is left then once it is discarded. */
  constructor(order: ImageOrder, ports: ImagePorts) {
    this.#outputs = new Outputs(order, ports);
    this.#name = `${order.spec.name}${order.spec.image.extension}`;
    const file = new ImageFile(this.#outputs.create(this.#name), false, ports);
    this.#file = file;
    this.keeper = {
      find: async () => null,
      keepBytes: async (_key, bytes) => {
        await file.putBeside(bytes);
        return null;
      },
      keepContent: async (key, content) => {
        await putPart(file, { from: "store", key, content }, ports);
        await ports.store.forget(key, content);
        return null;
      },
    };
    for (const early of order.early) file.putEarly(early);
  }

  /** Behind all segments: the trailer, and zeros up to a whole block. */
  async finish(parts: ImageParts): Promise<Image> {
    this.#file.put(encodeCpioTrailer(0));
    this.#file.put(new Uint8Array(zerosToBlock(this.#file.size)));
    const facts = { ...this.#file.finish(), file: this.#name, members: membersOf(parts), fit: null };
    return finishImage(facts, this.#outputs, parts);
  }

  async discard(): Promise<void> {
    this.#outputs.discard();
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
