/** Which bytes stand where in an image. */
import { type ActionKey, digestOf } from "../core/digest.ts";
import type { StoredContent } from "../core/ports.ts";
import { encodeCpioTrailer } from "../formats/cpio.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { Segment } from "../layers/build-layers.ts";
import type { KeptMember } from "../layers/member-keeper.ts";
import { type CompressedMember, compressTrailer, compressWhole, isSegmented } from "./compress.ts";
import type { ImageMember, ImageParts, ImagePorts, ImageSecrets, PreparedCompressor } from "./image.ts";
import { zerosAfter, zerosToBlock } from "./padding.ts";
import { secretMember } from "./secret-member.ts";

/** A piece of the image with what it is; null: zeros between. */
export interface Part {
  readonly member: ImageMember | null;
  /** Bytes. */
  readonly size: number;
  readonly bytes: PartBytes;
}

export type PartBytes =
  | { readonly from: "memory"; readonly bytes: Uint8Array }
  | { readonly from: "store"; readonly key: ActionKey; readonly content: StoredContent }
  | { readonly from: "file"; readonly early: EarlySegment };

export async function arrangeParts(parts: ImageParts, ports: ImagePorts): Promise<Part[]> {
  const line = new PartLine();
  for (const early of parts.early) {
    line.add(
      { role: "early", kind: early.kind, size: early.size, digest: early.digest },
      { from: "file", early },
    );
    line.addZeros(zerosAfter(early, line.size));
  }
  if (parts.prepared === null) await addPlain(line, parts, ports);
  else if (isSegmented(parts.prepared.kind)) await addSegments(line, parts, parts.prepared, ports);
  else await addWhole(line, parts, parts.prepared, ports);
  return line.parts;
}

async function addPlain(line: PartLine, { layers, secrets }: ImageParts, ports: ImagePorts): Promise<void> {
  for (const { layer, segment, index } of segmentsOf(layers)) {
    addStored(
      line,
      { ...storedMember(segment), wasReused: segment.wasReused },
      { role: "segment", kind: "plain", layer, segment: index },
    );
  }
  if (secrets !== null) await addSecrets(line, secrets, null, ports);
  else {
    const bytes = encodeCpioTrailer(0);
    line.add(
      { role: "trailer", kind: "plain", size: bytes.length, digest: digestOf(bytes) },
      { from: "memory", bytes },
    );
  }
  line.addZeros(zerosToBlock(line.size));
}

async function addSegments(
  line: PartLine,
  { layers, secrets }: ImageParts,
  prepared: PreparedCompressor,
  ports: ImagePorts,
): Promise<void> {
  const { compressor, kind } = prepared;
  for (const { layer, segment, index } of segmentsOf(layers)) {
    addStored(
      line,
      { ...storedMember(segment), wasReused: segment.wasReused },
      { role: "segment", kind, layer, segment: index },
    );
  }
  if (secrets !== null) await addSecrets(line, secrets, prepared, ports);
  else addStored(line, await compressTrailer(line.size, compressor, ports), { role: "trailer", kind });
}

async function addWhole(
  line: PartLine,
  { layers, secrets }: ImageParts,
  prepared: PreparedCompressor,
  ports: ImagePorts,
): Promise<void> {
  const { compressor, kind } = prepared;
  const segments = segmentsOf(layers).map(({ segment }) => segment);
  const bodies = segments.map((segment) => storedMember(segment).content);
  addStored(line, await compressWhole(bodies, compressor, ports), { role: "whole", kind });
  // Readers that stop after the first stream have met a trailer there; the kernel goes on.
  if (secrets !== null) await addSecrets(line, secrets, prepared, ports);
}

/** In the place of the trailer, which they bring. */
async function addSecrets(
  line: PartLine,
  secrets: ImageSecrets,
  prepared: PreparedCompressor | null,
  ports: ImagePorts,
): Promise<void> {
  const bytes = await secretMember(secrets.read(), line.size, prepared, ports);
  const kind = prepared?.kind ?? "plain";
  line.add({ role: "secrets", kind, size: bytes.length, digest: null }, { from: "memory", bytes });
}

function storedMember({ member, key }: Segment): KeptMember {
  if (member === null) throw new TypeError(`segment ${key} is in no store`);
  return member;
}

type About = Pick<ImageMember, "role" | "kind"> & Partial<ImageMember>;

function addStored(line: PartLine, { key, content, wasReused }: CompressedMember, about: About): void {
  const { size, digest } = content;
  line.add({ ...about, size, digest, wasReused }, { from: "store", key, content });
}

function segmentsOf(
  layers: ImageParts["layers"],
): { readonly layer: string; readonly segment: Segment; readonly index: number }[] {
  const all = layers.flatMap(({ name, segments }) =>
    segments.map((segment, index) => ({ layer: name, segment, index })),
  );
  return all.filter(({ segment }) => segment.size > 0);
}

/** Parts one behind the other. */
class PartLine {
  readonly parts: Part[] = [];
  size = 0;

  add(about: Omit<About, "offset"> & Pick<ImageMember, "size" | "digest">, bytes: PartBytes): void {
    const defaults = { layer: null, segment: null, wasReused: true, others: {} }; // measured while it is written
    const { size } = about;
    this.parts.push({ member: { ...defaults, ...about, offset: this.size }, size, bytes });
    this.size += size;
  }

  addZeros(count: number): void {
    if (count === 0) return;
    const bytes = new Uint8Array(count);
    this.parts.push({ member: null, size: count, bytes: { from: "memory", bytes } });
    this.size += count;
  }
}
