/** The last stage: members one behind the other, wrapped for U-Boot where that is wanted, put in their place when all is whole. */
import type { Timekeeper } from "../core/ports.ts";
import type { CompressorSpec } from "../spec/compressors.ts";
import { checkBoard } from "./board.ts";
import { probeKind } from "./compress.ts";
import { type CompressionPorts, findCompressor } from "./compressor.ts";
import type { Image, ImageParts, Packing } from "./image.ts";
import { type ImageFacts, manifestBytes } from "./manifest.ts";
import type { Outputs } from "./outputs.ts";
import { timedCompressor } from "./timed-compressor.ts";

/**
 * Finds the compressor on this machine and tries a program on a few bytes, so that what the kernel would refuse is
 * refused before anything is built. Throws BuildFailure: image/compressor-not-found, image/compressor-failed,
 * image/kernel-refuses.
 */
export async function prepareCompressor(spec: CompressorSpec, ports: CompressionPorts): Promise<Packing> {
  const compressor = await findCompressor(spec, ports);
  if (compressor === null) return null;
  const { engine } = spec;
  return { compressor, kind: engine.by === "builtin" ? engine.codec : await probeKind(compressor) };
}

/** What becomes of layers with a compressor; two of the same share it. */
export type Packings = (compressor: CompressorSpec) => Packing;

/** As `prepareCompressor`, each of several once, and its time kept. */
export async function prepareCompressors(
  specs: readonly CompressorSpec[],
  ports: CompressionPorts,
  timekeeper: Timekeeper | null,
): Promise<Packings> {
  const prepared = new Map<string, Packing>();
  const keyOf = ({ name, engine }: CompressorSpec) => JSON.stringify([name, engine]);
  for (const spec of specs) {
    const key = keyOf(spec);
    if (prepared.has(key)) continue;
    const packing = await prepareCompressor(spec, ports);
    prepared.set(key, packing && { ...packing, compressor: timedCompressor(packing.compressor, timekeeper) });
  }
  return (spec) => {
    const packing = prepared.get(keyOf(spec));
    if (packing === undefined) throw new TypeError(`${spec.name} was not prepared`);
    return packing;
  };
}

/** All that decides what bytes come of layers, whatever is in them. */
export function identityOfPackings(packings: readonly Packing[]): string[] {
  return [...new Set(packings)].flatMap((packing) => packing?.compressor.identity ?? []);
}

/** The manifest and other documents beside what was written, and all of it put in its place. Throws BuildFailure as checkBoard. */
export function finishImage(facts: ImageFacts, outputs: Outputs, parts: ImageParts): Image {
  const { name, image } = parts.spec;
  checkBoard(image.board, facts);
  const manifest = { suffix: ".manifest.json", pieces: () => manifestBytes(facts, parts) };
  for (const { suffix, pieces } of [...parts.documents, manifest]) {
    const document = outputs.create(`${name}${suffix}`);
    for (const piece of pieces(facts)) document.write(piece);
  }
  const { file, size, digest, others, members, beforeSecrets } = facts;
  parts.approve({ file, size, lasting: beforeSecrets ?? { size, digest }, members });
  outputs.commit();
  outputs.link(name, file);
  const told = beforeSecrets === null ? { digest, others } : { digest: null, others: {} };
  return { path: outputs.pathOf(file), size, ...told, members, outputs: outputs.paths };
}
