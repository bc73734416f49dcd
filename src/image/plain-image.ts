/**
 * An image that nobody compresses, written while its segments are read: nothing of it is kept in the cache, since its
 * bytes are the files' own, and reading them there is no faster.
 */
import { type Digest, digestBeside, digestOf } from "../core/digest.ts";
import { encodeCpioTrailer } from "../formats/cpio.ts";
import type { MemberKeeper } from "../layers/member-keeper.ts";
import { finishImage } from "./assemble.ts";
import type { GrowingImage, Image, ImageMember, ImageOrder, ImageParts, ImagePorts } from "./image.ts";
import { ImageFile, putPart } from "./image-file.ts";
import { NOT_WRAPPED } from "./manifest.ts";
import { Outputs } from "./outputs.ts";
import { zerosAfter, zerosToBlock } from "./padding.ts";
import { secretMember } from "./secret-member.ts";

const TRAILER = encodeCpioTrailer(0);

export class PlainImage implements GrowingImage {
  readonly #keeper: MemberKeeper;
  readonly #ports: ImagePorts;
  readonly #outputs: Outputs;
  readonly #name: string;
  readonly #file: ImageFile;
  /** Of segments, by where they begin. */
  readonly #digests = new Map<number, Digest>();

  /** Throws BuildFailure, as all methods do; nothing is left then once it is discarded. */
  constructor(order: ImageOrder, ports: ImagePorts) {
    this.#ports = ports;
    this.#outputs = new Outputs(order, ports);
    this.#name = `${order.spec.name}${order.spec.image.extension}`;
    const { digests } = order.spec.image;
    const file = new ImageFile(this.#outputs.create(this.#name), { crc: false, digests }, ports);
    this.#file = file;
    this.#keeper = {
      find: async () => null,
      keepBytes: async (_key, bytes) => {
        const start = file.size;
        const digest = digestBeside(bytes);
        file.beginPart();
        const written = file.putBeside(bytes);
        file.endPart(start);
        const [known] = await Promise.all([digest, written]);
        this.#digests.set(start, known);
        return null;
      },
      keepContent: async (key, content) => {
        this.#digests.set(file.size, content.digest);
        await putPart(file, { from: "store", key, content }, ports);
        await ports.store.forget(key, content);
        return null;
      },
    };
    for (const early of order.early) file.putEarly(early);
  }

  keeperOf(): MemberKeeper {
    return this.#keeper;
  }

  /** Behind all segments: the trailer, and zeros up to a whole block. */
  async finish(parts: ImageParts): Promise<Image> {
    const file = this.#file;
    const { secrets } = parts;
    const beforeSecrets = secrets === null ? null : file.soFar();
    const bytes =
      secrets === null ? TRAILER : await secretMember(secrets.read(), file.size, null, this.#ports);
    await putPart(file, { from: "memory", bytes }, this.#ports);
    file.put(new Uint8Array(zerosToBlock(file.size)));
    const written = { ...file.finish(), file: this.#name };
    const members = this.#membersOf(parts, bytes.length);
    const ramdisk = { ...written, offset: 0 };
    const facts = { ...written, members, ramdisk, wrapped: NOT_WRAPPED, beforeSecrets, emitted: null };
    return finishImage(facts, this.#outputs, parts);
  }

  async discard(): Promise<void> {
    this.#outputs.discard();
  }

  /** Where each piece stands: one behind the other, as they were written. */
  #membersOf({ early, layers, secrets }: ImageParts, lastSize: number): ImageMember[] {
    const members: ImageMember[] = [];
    let offset = 0;
    const add = (about: Pick<ImageMember, "role" | "size" | "digest"> & Partial<ImageMember>): void => {
      const unknown = { kind: "plain", layer: null, segment: null, wasReused: false } as const;
      members.push({ ...unknown, others: this.#file.othersAt(offset), ...about, offset });
      offset += about.size;
    };
    for (const segment of early) {
      const { kind, digest, size } = segment;
      add({ role: "early", kind, digest, size });
      offset += zerosAfter(segment, offset);
    }
    for (const { name: layer, segments } of layers) {
      for (const [segment, { size }] of segments.entries()) {
        add({ role: "segment", layer, segment, size, digest: this.#digests.get(offset)! });
      }
    }
    if (secrets !== null) add({ role: "secrets", size: lastSize, digest: null, others: {} });
    else add({ role: "trailer", size: lastSize, digest: digestOf(TRAILER) });
    return members;
  }
}
