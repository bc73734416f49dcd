/** An image as the kernel has it in the end: the members that it reads, and the tree that they unpack to. */
import type { HostPath } from "../core/path.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { FormatError } from "../formats/format-error.ts";
import type { InspectPorts } from "../inspect/unpack-member.ts";
import { THERE_BEFORE, UnpackedTree } from "../inspect/unpacked-tree.ts";
import { partOf, payloadOf, verifyPayload, type Wrapper } from "../inspect/wrapper.ts";
import type { Finding } from "./finding.ts";
import { ImageTree } from "./image-tree.ts";
import { type PlayedImage, playImage } from "./play-image.ts";
import { recordReader } from "./read-records.ts";
import { TreeLosses } from "./tree-losses.ts";

export interface ImageView extends PlayedImage {
  readonly path: HostPath;
  /** Bytes, its wrapper and all. */
  readonly fileSize: number;
  readonly wrapper: Wrapper | null;
  readonly tree: ImageTree;
}

/** Its findings are what the unpacking alone tells. Throws FormatError where no image is to be found, MissingDecompressor. */
export async function viewImage(source: ByteSource, path: HostPath, ports: InspectPorts): Promise<ImageView> {
  const payload = payloadOf(source);
  const { wrapper, offset: base, size } = payload;
  const refusals = refusalsOfWrapper(() => verifyPayload(source, payload));
  const losses = new TreeLosses();
  const tree = new UnpackedTree(THERE_BEFORE, losses.observe);
  const visitor = {
    entry: tree.add.bind(tree),
    trailer: tree.endArchive.bind(tree),
    skipped: losses.skip.bind(losses),
  };
  const image = partOf(source, base, Math.min(size, source.size - base));
  const played = await playImage(image, { base, visitor }, ports);
  const findings = [...refusals, ...played.findings, ...losses.findings(tree)];
  const read = recordReader({ source: image, base, members: played.members }, ports);
  return { ...played, findings, path, fileSize: source.size, wrapper, tree: new ImageTree(path, tree, read) };
}

/** The boot loader looks at sums and lengths before the kernel sees anything. */
function refusalsOfWrapper(verify: () => void): Finding[] {
  try {
    verify();
    return [];
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return [{ code: "check/wrapper-refused", offset: error.offset, why: error.message }];
  }
}
