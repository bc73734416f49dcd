/** One file of an image while it is written: its bytes, verified while they are read, and what they come to. */
import { crc32 } from "node:zlib";
import {
  type Digest,
  type OtherAlgorithm,
  type OtherDigests,
  startDigest,
  startOtherDigests,
} from "../core/digest.ts";
import type { HostPath } from "../core/path.ts";
import type { Host, Output, Progress } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { piecesOf } from "../formats/byte-source.ts";
import type { EarlySegment } from "../inspect/early.ts";
import { type OpenSource, openSourceIn, reopenSource } from "../trees/open-source.ts";
import type { PartBytes } from "./arrange.ts";
import type { BesideFile } from "./beside-file.ts";
import type { ImagePorts, Measured } from "./image.ts";
import { zerosAfter } from "./padding.ts";

const PIECE = 2 ** 20;

export interface Written extends Measured {
  /** Of all that the parts brought, without a header; 0 where nobody asked for it. */
  readonly crc: number;
  /** Empty where nobody asked for any. */
  readonly others: OtherDigests;
}

/** What there is to know of a file besides its SHA-256. */
export interface WantedSums {
  /** For a header. */
  readonly crc: boolean;
  readonly digests: readonly OtherAlgorithm[];
}

export const NO_MORE_SUMS: WantedSums = { crc: false, digests: [] };

interface FilePorts {
  readonly host: Pick<Host, "tree">;
  readonly tell: Progress;
}

export class ImageFile {
  /** Bytes so far. */
  size = 0;
  readonly #output: Output;
  readonly #ports: FilePorts;
  readonly #wants: WantedSums;
  readonly #digest = startDigest();
  readonly #others: ReturnType<typeof startOtherDigests>;
  #crc = 0;
  /** Of the part that is being written; null: nobody wants any of it. */
  #othersOfPart: ReturnType<typeof startOtherDigests> | null = null;
  readonly #parts = new Map<number, OtherDigests>();

  constructor(output: Output, wants: WantedSums, ports: FilePorts) {
    this.#output = output;
    this.#wants = wants;
    this.#ports = ports;
    this.#others = startOtherDigests(wants.digests);
  }

  /** What is put from now on, until `endPart`, is measured by itself too. */
  beginPart(): void {
    const { digests } = this.#wants;
    this.#othersOfPart = digests.length === 0 ? null : startOtherDigests(digests);
  }

  /** `start`: where the part began. */
  endPart(start: number): void {
    if (this.#othersOfPart !== null) this.#parts.set(start, this.#othersOfPart.finish());
    this.#othersOfPart = null;
  }

  /** The digests, beside the SHA-256, of the part that began there. */
  othersAt(start: number): OtherDigests {
    return this.#parts.get(start) ?? {};
  }

  put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#output.write(bytes);
    this.#count(bytes);
  }

  /** Bytes that stay as they are until it settles: they are written while other work goes on. */
  async putBeside(bytes: Uint8Array): Promise<void> {
    const written = this.#output.writeBeside(bytes);
    this.#count(bytes);
    await written;
  }

  #count(bytes: Uint8Array): void {
    this.#digest.update(bytes);
    this.#others.update(bytes);
    this.#othersOfPart?.update(bytes);
    if (this.#wants.crc) this.#crc = crc32(bytes, this.#crc);
    this.size += bytes.length;
    this.#ports.tell({ step: "image", bytes: this.size });
  }

  /** Throws host/file-changed. */
  putFile(file: Pick<EarlySegment, "path" | "size" | "digest">): void {
    this.#putLookedAt(reopenSource(file.path, this.#ports.host), file);
  }

  /** Throws host/file-changed. */
  putTreeFile(file: BesideFile): void {
    this.#putLookedAt(openSourceIn(file.tree, file.inTree), file);
  }

  /** The file was looked at before the build; what is written is what was looked at. */
  #putLookedAt(
    source: OpenSource | null,
    { path, size, digest }: { readonly path: HostPath; readonly size: number; readonly digest: Digest },
  ): void {
    if (source === null) throw new BuildFailure([{ code: "host/file-changed", path }]);
    const seen = startDigest();
    try {
      for (const piece of piecesOf(source, 0, size, PIECE)) {
        seen.update(piece);
        this.put(piece);
      }
    } finally {
      source.close();
    }
    if (seen.finish() !== digest) throw new BuildFailure([{ code: "host/file-changed", path }]);
  }

  /** With the zeros that must stand between it and what follows. */
  putEarly(early: EarlySegment): void {
    const start = this.size;
    this.beginPart();
    this.putFile(early);
    this.endPart(start);
    this.put(new Uint8Array(zerosAfter(early, this.size)));
  }

  /** What was written until now. */
  soFar(): Measured {
    return { size: this.size, digest: this.#digest.soFar() };
  }

  finish(): Written {
    return {
      size: this.size,
      digest: this.#digest.finish(),
      crc: this.#crc,
      others: this.#others.finish(),
    };
  }
}

/** Throws DamagedContent, and host/file-changed for a prepended file. */
export async function putPart(
  file: ImageFile,
  part: PartBytes,
  { store }: Pick<ImagePorts, "store">,
): Promise<void> {
  const start = file.size;
  file.beginPart();
  if (part.from === "memory") file.put(part.bytes);
  else if (part.from === "file") file.putFile(part.early);
  else for await (const piece of store.read(part.content)) file.put(piece);
  file.endPart(start);
}
