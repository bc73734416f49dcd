/** Which bytes stand where in an image. */
import { type ActionKey, digestOf } from "../core/digest.ts";
import type { StoredContent } from "../core/ports.ts";
import { encodeCpioTrailer } from "../formats/cpio.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { MemberKind } from "../inspect/read-image.ts";
import type { Layer, Segment } from "../layers/build-layers.ts";
import type { KeptMember } from "../layers/member-keeper.ts";
import { type CompressedMember, compressTrailer, compressWhole, isSegmented } from "./compress.ts";
import type { ImageMember, ImageParts, ImagePorts, ImageSecrets, Packing } from "./image.ts";
import { zerosAfter, zerosBetween, zerosToBlock } from "./padding.ts";
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
  addEarly(line, parts.early);
  const runs = runsOf(parts);
  for (const [index, run] of runs.entries()) {
    const end = index === runs.length - 1 ? { secrets: parts.secrets } : null;
    await addRun(line, run, end, ports);
  }
  return line.parts;
}

/** An archive of one layer alone, of the same members, with a trailer of its own. */
export async function arrangeLayer(parts: ImageParts, layer: number, ports: ImagePorts): Promise<Part[]> {
  const line = new PartLine();
  const { early, layers, packings } = parts;
  const isFirst = layers.findIndex(({ segments }) => segments.length > 0) === layer;
  if (isFirst) addEarly(line, early);
  const next = packings.find((_, at) => at > layer && layers[at]!.segments.length > 0);
  const end = { secrets: next === undefined ? parts.secrets : null };
  await addRun(line, { packing: packings[layer]!, segments: segmentsIn(layers[layer]!) }, end, ports);
  // Loaders put the next layer's file right behind it.
  if (next !== undefined) line.addZerosBefore(kindOf(next));
  return line.parts;
}

function addEarly(line: PartLine, early: ImageParts["early"]): void {
  for (const one of early) {
    line.add(
      { role: "early", kind: one.kind, size: one.size, digest: one.digest },
      { from: "file", early: one },
    );
    line.addZeros(zerosAfter(one, line.size));
    line.lastKind = null;
  }
}

/** Layers one after the other with one compressor: where members cannot stand apart, they are one stream. */
export interface Run {
  readonly packing: Packing;
  readonly segments: readonly LayerSegment[];
}

interface LayerSegment {
  readonly layer: string;
  readonly segment: Segment;
  readonly index: number;
}

export function runsOf({ layers, packings }: Pick<ImageParts, "layers" | "packings">): Run[] {
  const runs: { packing: Packing; segments: LayerSegment[] }[] = [];
  for (const [index, layer] of layers.entries()) {
    const packing = packings[index]!;
    const segments = segmentsIn(layer);
    const last = runs.at(-1);
    if (last !== undefined && (segments.length === 0 || last.packing === packing))
      last.segments.push(...segments);
    else if (segments.length > 0 || index === layers.length - 1) runs.push({ packing, segments });
  }
  return runs;
}

/** What ends an archive: a trailer, and secrets before it where there are any. */
interface End {
  readonly secrets: ImageSecrets | null;
}

/** `end`: null where another run follows. */
async function addRun(
  line: PartLine,
  { packing, segments }: Run,
  end: End | null,
  ports: ImagePorts,
): Promise<void> {
  const kind = kindOf(packing);
  if (packing !== null && !isSegmented(packing.kind)) {
    const bodies = segments.map(({ segment }) => storedMember(segment).content);
    const whole = await compressWhole(bodies, { ...packing, hasTrailer: end !== null }, ports);
    const [first] = segments;
    // One stream of several layers belongs to none of them.
    const layer = segments.every((one) => one.layer === first?.layer) ? (first?.layer ?? null) : null;
    line.addStored(whole, { role: "whole", kind, layer });
    // Readers that stop after the first stream have met a trailer there; the kernel goes on.
    if (end?.secrets) await addSecrets(line, end.secrets, packing, ports);
    return;
  }
  for (const { layer, segment, index } of segments) {
    const member = { ...storedMember(segment), wasReused: segment.wasReused };
    line.addStored(member, { role: "segment", kind, layer, segment: index });
  }
  if (end === null) return;
  if (end.secrets !== null) await addSecrets(line, end.secrets, packing, ports);
  else await addTrailer(line, packing, ports);
  // As GNU cpio; readers of what is compressed before it stop at zeros.
  if (line.isPlain) line.addZeros(zerosToBlock(line.size));
}

async function addTrailer(line: PartLine, packing: Packing, ports: ImagePorts): Promise<void> {
  const kind = kindOf(packing);
  line.addZerosBefore(kind);
  if (packing !== null) {
    line.addStored(await compressTrailer(line.size, packing.compressor, ports), { role: "trailer", kind });
    return;
  }
  const bytes = encodeCpioTrailer(0);
  line.add({ role: "trailer", kind, size: bytes.length, digest: digestOf(bytes) }, { from: "memory", bytes });
}

/** In the place of the trailer, which they bring. */
async function addSecrets(
  line: PartLine,
  secrets: ImageSecrets,
  packing: Packing,
  ports: ImagePorts,
): Promise<void> {
  const kind = kindOf(packing);
  line.addZerosBefore(kind);
  const bytes = await secretMember(secrets.read(), line.size, packing, ports);
  line.add({ role: "secrets", kind, size: bytes.length, digest: null }, { from: "memory", bytes });
}

function kindOf(packing: Packing): MemberKind {
  return packing?.kind ?? "plain";
}

function segmentsIn({ name, segments }: Layer): LayerSegment[] {
  const all = segments.map((segment, index) => ({ layer: name, segment, index }));
  return all.filter(({ segment }) => segment.size > 0);
}

function storedMember({ member, key }: Segment): KeptMember {
  if (member === null) throw new TypeError(`segment ${key} is in no store`);
  return member;
}

type About = Pick<ImageMember, "role" | "kind"> & Partial<ImageMember>;

/** Parts one behind the other. */
class PartLine {
  readonly parts: Part[] = [];
  size = 0;
  /** Of the last member. */
  lastKind: MemberKind | null = null;
  /** Whether nothing of it is compressed. */
  isPlain = true;

  add(about: Omit<About, "offset"> & Pick<ImageMember, "size" | "digest">, bytes: PartBytes): void {
    this.addZerosBefore(about.kind);
    const defaults = { layer: null, segment: null, wasReused: true, others: {} }; // measured while it is written
    const { size, kind } = about;
    this.parts.push({ member: { ...defaults, ...about, offset: this.size }, size, bytes });
    this.size += size;
    this.lastKind = kind;
    this.isPlain &&= kind === "plain";
  }

  addStored({ key, content, wasReused }: CompressedMember, about: About): void {
    const { size, digest } = content;
    this.add({ ...about, size, digest, wasReused }, { from: "store", key, content });
  }

  /** What must stand between the last member and one of a kind. */
  addZerosBefore(kind: MemberKind): void {
    this.addZeros(zerosBetween(this.lastKind, kind, this.size));
    if (this.lastKind !== null && this.lastKind !== kind) this.lastKind = null;
  }

  addZeros(count: number): void {
    if (count === 0) return;
    const bytes = new Uint8Array(count);
    this.parts.push({ member: null, size: count, bytes: { from: "memory", bytes } });
    this.size += count;
  }
}
