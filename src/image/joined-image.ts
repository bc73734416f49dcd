/**
 * An image joined of members in the store, each written behind the one before as soon as both are there: the next are
 * compressed meanwhile.
 */
import { DamagedContent } from "../core/ports.ts";
import type { MemberKind } from "../inspect/read-image.ts";
import type { KeptMember, MemberKeeper } from "../layers/member-keeper.ts";
import { arrangeParts, type Part } from "./arrange.ts";
import { finishImage } from "./assemble.ts";
import { isSegmented, keeperFor } from "./compress.ts";
import { emitLayers } from "./emit-layers.ts";
import type {
  GrowingImage,
  Image,
  ImageMember,
  ImageOrder,
  ImageParts,
  ImagePorts,
  Measured,
} from "./image.ts";
import { ImageFile, putPart } from "./image-file.ts";
import { type ImageFacts, NOT_WRAPPED } from "./manifest.ts";
import { Outputs } from "./outputs.ts";
import { zerosBetween } from "./padding.ts";
import { wrappingOf } from "./wrapping.ts";

export class JoinedImage implements GrowingImage {
  readonly #keepers: readonly MemberKeeper[];
  readonly #ports: ImagePorts;
  readonly #outputs: Outputs;
  readonly #bareName: string;
  readonly #bare: ImageFile;
  /** What stands before the secrets, once it is written; null: there are none. */
  #beforeSecrets: Measured | null = null;
  /** What is written when all before it is. */
  #line: Promise<void> = Promise.resolve();
  /** Of the last member that was written. */
  #lastKind: MemberKind | null = null;

  /** Throws BuildFailure; nothing is left then once it is discarded. */
  constructor(order: ImageOrder, ports: ImagePorts) {
    const { spec, packings, early } = order;
    this.#ports = ports;
    this.#outputs = new Outputs(order, ports);
    this.#bareName = `${spec.name}${spec.image.extension}`;
    const { uInitrd, fit, digests } = spec.image;
    const crc = uInitrd !== null || (fit?.hashes.includes("crc32") ?? false);
    const bare = new ImageFile(this.#outputs.create(this.#bareName), { crc, digests }, ports);
    this.#bare = bare;
    for (const segment of early) this.#then(async () => bare.putEarly(segment));
    // From the first on that is to be one stream, segments are kept for it, and none is written before all are there.
    const firstWhole = packings.findIndex((packing) => packing !== null && !isSegmented(packing.kind));
    this.#keepers = packings.map((packing, layer) => {
      const keeper = keeperFor(packing, ports);
      const isWritten = firstWhole === -1 || layer < firstWhole;
      return isWritten ? this.#writing(keeper, packing?.kind ?? "plain") : keeper;
    });
  }

  keeperOf(layer: number): MemberKeeper {
    return this.#keepers[layer]!;
  }

  /** Throws BuildFailure, and DamagedContent after the store has forgotten what proved damaged: the caller builds that again. */
  async finish(parts: ImageParts): Promise<Image> {
    const arranged: Part[] = [];
    try {
      await this.#line;
      arranged.push(...(await arrangeParts(parts, this.#ports)));
      return await this.#finish(arranged, parts);
    } catch (error) {
      if (error instanceof DamagedContent) await forgetDamaged(error, arranged, parts, this.#ports);
      throw error;
    }
  }

  /** Harmless once it is finished. Nothing is written any more when it has ended. */
  async discard(): Promise<void> {
    await this.#line.catch(() => {}); // whoever discards it has another failure to tell
    this.#outputs.discard();
  }

  /** The same keeper, with each member written in its turn. */
  #writing(keeper: MemberKeeper, kind: MemberKind): MemberKeeper {
    const write = <T extends Promise<KeptMember | null>>(member: T): T => {
      this.#then(async () => {
        const kept = await member;
        if (kept === null) return;
        this.#bare.put(new Uint8Array(zerosBetween(this.#lastKind, kind, this.#bare.size)));
        this.#lastKind = kind;
        await putPart(this.#bare, { from: "store", ...kept }, this.#ports);
      });
      return member;
    };
    return {
      find: async (segment) => {
        const found = await keeper.find(segment);
        return found === null ? null : write(Promise.resolve(found));
      },
      keepBytes: (...order) => write(keeper.keepBytes(...order)),
      keepContent: (...order) => write(keeper.keepContent(...order)),
    };
  }

  #then(step: () => Promise<void>): void {
    this.#line = this.#line.then(step);
    this.#line.catch(() => {}); // told when it is finished
  }

  async #finish(arranged: Part[], parts: ImageParts): Promise<Image> {
    const { name, image } = parts.spec;
    await this.#writeFrom(this.#bare.size, arranged, this.#bare);
    const bare = this.#bare.finish();
    const { emitted, documents } = await this.#emit(arranged, parts);
    const about = { beforeSecrets: this.#beforeSecrets, emitted };
    const wrapping = wrappingOf(bare, parts);
    const members = membersOf(arranged, this.#bare, wrapping?.imageAt ?? 0);
    const ramdisk = { ...bare, file: this.#bareName, offset: wrapping?.imageAt ?? 0 };
    if (wrapping === null) {
      const facts = { ...bare, file: this.#bareName, members, ramdisk, wrapped: NOT_WRAPPED, ...about };
      return finishImage(facts, this.#outputs, { ...parts, documents });
    }
    const { extension, pieces, facts: wrapped } = wrapping;
    const file = `${name}${extension}`;
    const { digests } = image;
    const whole = new ImageFile(this.#outputs.create(file), { crc: false, digests }, this.#ports);
    for (const piece of pieces) {
      if (piece.from === "wrapper") whole.put(piece.bytes);
      else if (piece.from === "file") whole.putTreeFile(piece.file);
      else await this.#writeFrom(0, arranged, whole);
    }
    const facts = { ...whole.finish(), file, members, ramdisk, wrapped, ...about };
    return finishImage(facts, this.#outputs, { ...parts, documents });
  }

  /** Layers as files of their own, where they are wanted; what they are made of is added to `arranged`. */
  async #emit(
    arranged: Part[],
    parts: ImageParts,
  ): Promise<Pick<ImageFacts, "emitted"> & Pick<ImageParts, "documents">> {
    if (!parts.emitsLayers) return { emitted: null, documents: parts.documents };
    const read: Part[] = [];
    try {
      const { layers, document } = await emitLayers(parts, this.#outputs, read, this.#ports);
      return { emitted: layers, documents: [...parts.documents, document] };
    } catch (error) {
      arranged.push(...read); // one of them may be what proved damaged
      throw error;
    }
  }

  /** All parts but those within the first `written` bytes. */
  async #writeFrom(written: number, parts: readonly Part[], file: ImageFile): Promise<void> {
    let at = 0;
    for (const { member, size, bytes } of parts) {
      if (member?.role === "secrets") this.#beforeSecrets ??= file.soFar();
      if (at >= written) await putPart(file, bytes, this.#ports);
      at += size;
    }
  }
}

/** `bare`: where all of them have been measured. */
function membersOf(arranged: readonly Part[], bare: ImageFile, imageAt: number): ImageMember[] {
  return arranged.flatMap(({ member }) => {
    if (member === null) return [];
    const others = member.role === "secrets" ? {} : bare.othersAt(member.offset);
    return [{ ...member, others, offset: member.offset + imageAt }];
  });
}

async function forgetDamaged(
  { content: { digest } }: DamagedContent,
  arranged: readonly Part[],
  { layers }: ImageParts,
  { store }: ImagePorts,
): Promise<void> {
  const stored = arranged.flatMap(({ bytes }) => (bytes.from === "store" ? [bytes] : []));
  const members = layers.flatMap(({ segments }) => segments.flatMap(({ member }) => member ?? []));
  const owners = [...members, ...stored];
  for (const { key, content } of owners) if (content.digest === digest) await store.forget(key, content);
}
