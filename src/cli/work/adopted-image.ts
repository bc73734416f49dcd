/** An image as it is adopted: its tree with digests, and what of it is early. */

import { type AdoptedItem, SYMLINK_MODE } from "../../adopt/adopted-item.ts";
import { type Digest, startDigest } from "../../core/digest.ts";
import { type ByteString, type HostPath, ROOT, type TargetPath } from "../../core/path.ts";
import { countEarly, type ImagePart } from "../../inspect/image-part.ts";
import { withImageFile } from "../../inspect/list-image.ts";
import type { Member } from "../../inspect/read-image.ts";
import { type TreeItem, treeItems } from "../../inspect/tree-items.ts";
import { type UnpackedImage, withUnpackedImage } from "../../inspect/unpack-image.ts";
import type { InspectPorts } from "../../inspect/unpack-member.ts";

export interface OpenAdopted {
  readonly items: readonly AdoptedItem[];
  /** The same, as the image has them. */
  readonly inImage: readonly TreeItem[];
  readonly unpacked: UnpackedImage;
}

/** Reads a part of an image, its data for the digests, and lets `use` read more of it. */
export async function withAdopted<T>(
  image: HostPath,
  part: ImagePart["kind"],
  use: (open: OpenAdopted) => Promise<T>,
  ports: InspectPorts,
): Promise<T> {
  return withUnpackedImage(
    image,
    { kind: part },
    async (unpacked) => {
      const named = treeItems(unpacked.tree, null);
      // The root is there, whether the image says something of it or not.
      const root = { path: ROOT, node: unpacked.tree.nodeAt(ROOT)!, linkTo: null };
      const inImage = named[0]?.path === ROOT ? named : [root, ...named];
      const digests = await digestsOf(unpacked, inImage);
      const items = inImage.map(({ path, node }): AdoptedItem => {
        const { kind, mode, uid, gid, size, to } = node;
        const isDevice = kind === "char" || kind === "block";
        return {
          path,
          kind,
          mode: kind === "symlink" ? SYMLINK_MODE : mode,
          uid,
          gid,
          size,
          digest: node.data === null ? null : digests.get(node)!,
          to: kind === "symlink" ? to : ("" as ByteString),
          major: isDevice ? node.major : 0,
          minor: isDevice ? node.minor : 0,
        };
      });
      return use({ items, inImage, unpacked });
    },
    ports,
  );
}

/** The members in front that are early ones, and all of them. */
export function earlyMembers(
  image: HostPath,
  ports: InspectPorts,
): Promise<{ readonly early: number; readonly members: readonly Member[] }> {
  return withImageFile(image, ports, (source) => countEarly(source, ports));
}

async function digestsOf(
  unpacked: UnpackedImage,
  items: readonly TreeItem[],
): Promise<Map<TreeItem["node"], Digest>> {
  const digests = new Map<TreeItem["node"], Digest>();
  let digest = startDigest();
  let node: TreeItem["node"] | null = null;
  await unpacked.readData(items, {
    begin: (item) => {
      digest = startDigest();
      node = item.node;
    },
    data: (piece) => digest.update(piece),
    end: () => {
      digests.set(node!, digest.finish());
    },
    pause: () => Promise.resolve(),
  });
  return digests;
}

/** The seconds that all entries but the root have; null: they differ. */
export function commonTime(items: readonly TreeItem[]): number | null {
  const times = new Set(items.filter(({ path }) => path !== ROOT).map(({ node }) => node.mtime));
  const [time = null] = times;
  return times.size === 1 ? time : null;
}

/** Every name by itself, each group without two names of one file, so that each group can be read at once. */
export function inRounds(items: readonly TreeItem[], paths: ReadonlySet<TargetPath>): TreeItem[][] {
  const rounds: TreeItem[][] = [];
  const times = new Map<TreeItem["node"], number>();
  for (const item of items) {
    if (!paths.has(item.path)) continue;
    const round = times.get(item.node) ?? 0;
    times.set(item.node, round + 1);
    rounds[round] = [...(rounds[round] ?? []), alone(item)];
  }
  return rounds;
}

/** A name of a file as if it were its only one. */
export function alone(item: TreeItem): TreeItem {
  return { ...item, linkTo: null };
}
