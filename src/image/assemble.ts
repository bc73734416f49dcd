/** The last stage: members one behind the other, with a uInitrd's header in front where one is wanted, put in their place when all is whole. */
import { archOf, type ElfMachine } from "../core/arch.ts";
import { BuildFailure } from "../core/problem.ts";
import { encodeUimageHeader, isUimageName, type UimageHeader } from "../formats/uimage.ts";
import type { ImageSpec, UInitrdSpec } from "../spec/spec.ts";
import { probeKind } from "./compress.ts";
import { type CompressionPorts, findCompressor } from "./compressor.ts";
import type { Image, ImageParts, PreparedCompressor } from "./image.ts";
import type { Written } from "./image-file.ts";
import { type ImageFacts, manifestBytes } from "./manifest.ts";
import type { Outputs } from "./outputs.ts";

export const UINITRD_EXTENSION = ".img";
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

/** Throws BuildFailure: image/too-large-for-uinitrd, image/uinitrd-arch-unknown. */
export function headerOf(
  uInitrd: UInitrdSpec,
  payload: Written,
  { spec, machine }: Pick<ImageParts, "spec" | "machine">,
): Uint8Array {
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

/** The manifest beside what was written, and all of it put in its place. */
export function finishImage(facts: ImageFacts, outputs: Outputs, parts: ImageParts): Image {
  const { name } = parts.spec;
  const manifest = outputs.create(`${name}.manifest.json`);
  for (const piece of manifestBytes(facts, parts)) manifest.write(piece);
  parts.approve(facts);
  outputs.commit();
  outputs.link(name, facts.file);
  const { size, digest, members } = facts;
  return { path: outputs.pathOf(facts.file), size, digest, members, outputs: outputs.paths };
}
