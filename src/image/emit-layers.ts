/** Every layer of an image as an initrd of its own: the same members, and a trailer. */
import type { Digest } from "../core/digest.ts";
import { arrangeLayer, type Part } from "./arrange.ts";
import type { ImageDocument, ImageParts, ImagePorts } from "./image.ts";
import { ImageFile, putPart } from "./image-file.ts";
import { loaderLines } from "./loader-lines.ts";
import type { Outputs } from "./outputs.ts";

export interface EmittedLayer {
  readonly layer: string;
  readonly file: string;
  readonly size: number;
  /** Null: it holds the image's secrets. */
  readonly digest: Digest | null;
}

export interface EmittedLayers {
  readonly layers: readonly EmittedLayer[];
  /** What boot loaders are to be told. */
  readonly document: ImageDocument;
}

/**
 * A layer without entries of its own has no file; prepended archives stand before the first, secrets behind the last.
 * What is read of the store goes into `read`. Throws BuildFailure and DamagedContent.
 */
export async function emitLayers(
  parts: ImageParts,
  outputs: Outputs,
  read: Part[],
  ports: ImagePorts,
): Promise<EmittedLayers> {
  const emitted: EmittedLayer[] = [];
  for (const [index, { name, extension, segments }] of parts.layers.entries()) {
    if (segments.length === 0) continue;
    const arranged = await arrangeLayer(parts, index, ports);
    read.push(...arranged);
    const written = `${parts.spec.name}.${name}${extension}`;
    const file = new ImageFile(outputs.create(written), { crc: false, digests: [] }, ports);
    for (const { bytes } of arranged) await putPart(file, bytes, ports);
    const { size, digest } = file.finish();
    const isSecret = arranged.some(({ member }) => member?.role === "secrets");
    emitted.push({ layer: name, file: written, size, digest: isSecret ? null : digest });
  }
  const lines = loaderLines(emitted.map(({ file }) => file));
  return { layers: emitted, document: { suffix: ".loaders.txt", pieces: () => [Buffer.from(lines)] } };
}
