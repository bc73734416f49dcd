/** One file of an image while it is written: its bytes, verified while they are read, and what they come to. */
import { crc32 } from "node:zlib";
import { type Digest, startDigest } from "../core/digest.ts";
import type { Host, Output, Progress } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { piecesOf } from "../formats/byte-source.ts";
import type { EarlySegment } from "../inspect/early.ts";
import { openSource } from "../trees/open-source.ts";
import type { PartBytes } from "./arrange.ts";
import type { ImagePorts } from "./image.ts";
import { zerosAfter } from "./padding.ts";

const PIECE = 2 ** 20;

export interface Written {
  readonly size: number;
  readonly digest: Digest;
  /** Of all that the parts brought, without a header; 0 where nobody asked for it. */
  readonly crc: number;
}

interface FilePorts {
  readonly host: Pick<Host, "tree">;
  readonly tell: Progress;
}

export class ImageFile {
  /** Bytes so far. */
  size = 0;
  readonly #output: Output;
  readonly #ports: FilePorts;
  readonly #wantsSum: boolean;
  readonly #digest = startDigest();
  #crc = 0;

  /** `wantsSum`: whether a checksum for a header is wanted. */
  constructor(output: Output, wantsSum: boolean, ports: FilePorts) {
    this.#output = output;
    this.#wantsSum = wantsSum;
    this.#ports = ports;
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
    if (this.#wantsSum) this.#crc = crc32(bytes, this.#crc);
    this.size += bytes.length;
    this.#ports.tell({ step: "image", bytes: this.size });
  }

  /** The file was looked at before the build; what is written is what was looked at. Throws host/file-changed. */
  putFile({ path, size, digest }: Pick<EarlySegment, "path" | "size" | "digest">): void {
    const source = openSource(path, this.#ports.host);
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
    this.putFile(early);
    this.put(new Uint8Array(zerosAfter(early, this.size)));
  }

  finish(): Written {
    return { size: this.size, digest: this.#digest.finish(), crc: this.#crc };
  }
}

/** Throws DamagedContent, and host/file-changed for a prepended file. */
export async function putPart(
  file: ImageFile,
  part: PartBytes,
  { store }: Pick<ImagePorts, "store">,
): Promise<void> {
  if (part.from === "memory") file.put(part.bytes);
  else if (part.from === "file") file.putFile(part.early);
  else for await (const piece of store.read(part.content)) file.put(piece);
}
