/**
 * The last stage: members one behind the other, with a uInitrd's header in front where one is wanted, written
 * beside their place and put there when all are whole.
 */
import { archOf, type ElfMachine } from "../core/arch.ts";
import { DamagedContent } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { encodeUimageHeader, isUimageName, type UimageHeader } from "../formats/uimage.ts";
import type { ImageSpec, UInitrdSpec } from "../spec/spec.ts";
import { arrangeParts, type Part } from "./arrange.ts";
import { probeKind } from "./compress.ts";
import { type CompressionPorts, findCompressor } from "./compressor.ts";
import type { Image, ImageMember, ImageParts, ImagePorts, PreparedCompressor } from "./image.ts";
import { type ImageFacts, manifestText } from "./manifest.ts";
import { Outputs } from "./outputs.ts";
import { type Written, writeParts } from "./write-parts.ts";

const UINITRD_EXTENSION = ".img";
const MAX_U32 = 0xffff_ffff;

/**
 * Finds the compressor on this machine and tries a program on a few bytes, so that what the kernel would refuse is
 * refused before anything is built. Throws BuildFailure: image/compressor-not-found, image/compressor-failed,
 * image/kernel-refuses.
 */
export async function prepareCompressor(
  image: ImageSpec,
  ports: CompressionPorts,
): Promise<PreparedCompressor | null> {
  const compressor = await findCompressor(image.compressor, ports);
  if (compressor === null) return null;
  const { engine } = image.compressor;
  return { compressor, kind: engine.by === "builtin" ? engine.codec : await probeKind(compressor) };
}

/** The header's architecture. Throws BuildFailure image/uinitrd-arch-unknown. */
export function uInitrdArch(uInitrd: UInitrdSpec, machine: ElfMachine | null): UimageHeader["arch"] {
  const arch = machine === null ? null : archOf(machine);
  const name = uInitrd.arch ?? arch?.uboot ?? null;
  if (name !== null && isUimageName("arch", name)) return name;
  const shown = name ?? arch?.name ?? null;
  throw new BuildFailure([{ code: "image/uinitrd-arch-unknown", at: uInitrd.at, arch: shown }]);
}

/**
 * Writes the image, its manifest and the symlink to it. Throws BuildFailure, and DamagedContent after the
 * store has forgotten what proved damaged: the caller builds that again.
 */
export async function assembleImage(parts: ImageParts, ports: ImagePorts): Promise<Image> {
  const arranged: Part[] = [];
  const outputs = new Outputs(parts, ports);
  try {
    arranged.push(...(await arrangeParts(parts, ports)));
    return await writeImage(arranged, outputs, parts, ports);
  } catch (error) {
    if (error instanceof DamagedContent) await forgetDamaged(error, arranged, parts, ports);
    throw error;
  } finally {
    outputs.discard(); // harmless once they are committed
  }
}

async function writeImage(
  arranged: readonly Part[],
  outputs: Outputs,
  parts: ImageParts,
  ports: ImagePorts,
): Promise<Image> {
  const { name, image } = parts.spec;
  const bareName = `${name}${image.extension}`;
  const bare = await writeParts(
    outputs.create(bareName),
    { head: new Uint8Array(0), parts: arranged, sums: image.uInitrd !== null },
    ports,
  );
  const header = image.uInitrd === null ? null : headerOf(image.uInitrd, bare, parts);
  const finalName = header === null ? bareName : `${name}${UINITRD_EXTENSION}`;
  const final =
    header === null
      ? bare
      : await writeParts(outputs.create(finalName), { head: header, parts: arranged, sums: false }, ports);
  const members = membersOf(arranged, header?.length ?? 0);
  return finishImage({ file: finalName, size: final.size, digest: final.digest, members }, outputs, parts);
}

/** The manifest beside what was written, and all of it put in its place. */
export function finishImage(facts: ImageFacts, outputs: Outputs, parts: ImageParts): Image {
  const { name } = parts.spec;
  const manifest = outputs.create(`${name}.manifest.json`);
  for (const piece of manifestText(facts, parts)) manifest.write(Buffer.from(piece, "utf8"));
  outputs.commit();
  outputs.link(name, facts.file);
  const { size, digest, members } = facts;
  return { path: outputs.pathOf(facts.file), size, digest, members, outputs: outputs.paths };
}

function headerOf(uInitrd: UInitrdSpec, payload: Written, { spec, machine }: ImageParts): Uint8Array {
  if (payload.size > MAX_U32) {
    throw new BuildFailure([{ code: "image/too-large-for-uinitrd", at: uInitrd.at, size: payload.size }]);
  }
  const { compression } = uInitrd;
  if (!isUimageName("compression", compression)) throw new TypeError(`spec let ${compression} pass`);
  return encodeUimageHeader({
    os: "linux",
    arch: uInitrdArch(uInitrd, machine),
    type: "ramdisk",
    compression,
    name: "",
    time: spec.image.epoch,
    loadAddress: 0,
    entryPoint: 0,
    dataSize: payload.size,
    dataCrc: payload.crc,
  });
}

function membersOf(arranged: readonly Part[], headerSize: number): ImageMember[] {
  return arranged.flatMap(({ member }) =>
    member === null ? [] : [{ ...member, offset: member.offset + headerSize }],
  );
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
