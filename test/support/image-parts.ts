/** A recipe's image part and its layers in a store, for tests of the last stage. */
import { actionKey } from "../../src/core/digest.ts";
import type { HostPath } from "../../src/core/path.ts";
import type { Image, ImageParts, ImagePorts } from "../../src/image/image.ts";
import { JoinedImage } from "../../src/image/joined-image.ts";
import type { Layer } from "../../src/layers/build-layers.ts";
import type { MemberKeeper } from "../../src/layers/member-keeper.ts";
import { COMPRESSORS, type CompressorName, type EngineSpec } from "../../src/spec/compressors.ts";
import type { ImageSpec } from "../../src/spec/image-spec.ts";
import { bodyOf, type TestEntry } from "./archive.ts";
import { specOf } from "./specs.ts";

export const SPAN = { file: "initrd.yaml", line: 3, column: 5, width: 4, text: "    x" };

/** One layer for each list of segments, all of one compressor. */
export async function joinImage(
  layers: readonly (readonly (readonly TestEntry[])[])[],
  parts: ImageParts,
  ports: ImagePorts,
): Promise<Image> {
  const [packing = null] = parts.packings;
  const order = { ...parts, packings: layers.map(() => packing) };
  const image = new JoinedImage(order, ports);
  try {
    const kept = await keepLayers(layers, (layer) => image.keeperOf(layer));
    return await image.finish({ ...order, layers: kept });
  } finally {
    await image.discard();
  }
}

/** Inodes count through the whole image. */
async function keepLayers(
  layers: readonly (readonly (readonly TestEntry[])[])[],
  keeperOf: (layer: number) => MemberKeeper,
): Promise<Layer[]> {
  let inode = 0;
  const stored: Layer[] = [];
  for (const [index, segments] of layers.entries()) {
    const kept = [];
    const keeper = keeperOf(index);
    for (const entries of segments) {
      const body = bodyOf(entries, inode);
      inode += entries.length;
      const key = actionKey(["test body", String(index), Buffer.from(body).toString("base64")]);
      const known = await keeper.find(key);
      const member = known ?? (await keeper.keepBytes(key, body, "a segment"));
      kept.push({ key, size: body.length, member, wasReused: known !== null });
    }
    stored.push({ name: `layer-${index}`, extension: ".part", segments: kept });
  }
  return stored;
}

/** A compressor of the table by its own program, or by what `engine` says. */
export function imageSpec(name: CompressorName, engine?: EngineSpec): ImageSpec {
  const { format, program, args, extension } = COMPRESSORS[name];
  const byName: EngineSpec = format === "none" ? { by: "nobody" } : { by: "program", program, args };
  const compressor = { name, format, engine: engine ?? byName, at: null } as ImageSpec["compressor"];
  return { ...specOf().image, compressor, extension };
}

export function imageParts(image: ImageSpec, rest: Partial<ImageParts> = {}): ImageParts {
  return {
    spec: specOf({ image }),
    layers: [],
    early: [],
    packings: [null],
    fitFiles: null,
    ukiFiles: null,
    machine: null,
    secrets: null,
    warnings: [],
    lists: [],
    isPrivate: false,
    approve: () => {},
    documents: [],
    out: "/out" as HostPath,
    emitsLayers: false,
    ...rest,
  };
}
