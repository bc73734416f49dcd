/**
 * A root tree by its path: a directory, a tar, an OCI image layout (a directory or a tar of one), an archive of
 * `docker save`. What it is, is told by its content. Nothing is unpacked; what archives hold is read in place.
 */
import type { Arch } from "../core/arch.ts";
import { actionKey, type Digest, hexOfDigest } from "../core/digest.ts";
import { type HostPath, hostPathOf, type TargetPath } from "../core/path.ts";
import { DamagedContent, type Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { FormatError } from "../formats/format-error.ts";
import { isTarHeader, isZeroBlock, TAR_BLOCK } from "../formats/tar-block.ts";
import { resolveFile } from "../trees/open-source.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { ArchiveIndex, layLayer, layMembers } from "./archive-index.ts";
import { archiveTree, rangeOf } from "./archive-tree.ts";
import {
  type ByteRange,
  beginningOf,
  digestOfRange,
  openRange,
  sourceOfRange,
  wholeFile,
} from "./byte-range.ts";
import {
  type ContainerImage,
  dockerImages,
  type LayerBlob,
  type Layout,
  ociImages,
} from "./container-images.ts";
import { compressionOf, decompressed } from "./decompress.ts";
import { fitOf } from "./platform.ts";
import type { ArchivePorts } from "./ports.ts";
import { decodeIndex, encodeIndex, INDEX_VERSION } from "./stored-index.ts";
import { readTarMembers, type TarMember } from "./tar-members.ts";

const OCI_LAYOUT = "oci-layout" as TargetPath;
const OCI_INDEX = "index.json" as TargetPath;
const DOCKER_MANIFEST = "manifest.json" as TargetPath;

/** A tar that can be read: not compressed, or decompressed by now. */
interface PlainTar {
  readonly range: ByteRange;
  /** Of the bytes as they came. */
  readonly digest: Digest;
  readonly part: string;
}

/**
 * `arch` picks the image where there are several. Throws BuildFailure: host/not-a-directory for what is no tree
 * in any form, the problems of the archives page, and what host and store throw.
 */
export async function openRoot(path: HostPath, arch: Arch | null, ports: ArchivePorts): Promise<Tree> {
  const file = resolveFile(path, ports.host);
  if (file === null) {
    const tree = ports.host.tree(path);
    const isLayout = [OCI_LAYOUT, OCI_INDEX].every((name) => tree.stat(name)?.kind === "file");
    return isLayout ? openImage(path, ociImages(directoryLayout(path, tree, ports)), arch, ports) : tree;
  }
  const tar = await plainTar({ path, part: "", range: wholeFile(file, ports.host), sha256: null }, ports);
  if (tar === null) throw new BuildFailure([{ code: "host/not-a-directory", path, found: "file" }]);
  const index = await indexOf(path, [tar], "plain", ports);
  const layout = tarLayout(path, { index, range: tar.range }, ports);
  if (layout.find(OCI_LAYOUT) !== null && layout.find(OCI_INDEX) !== null) {
    return openImage(path, ociImages(layout), arch, ports);
  }
  const saved = layout.find(DOCKER_MANIFEST) === null ? null : dockerImages(layout);
  if (saved !== null) return openImage(path, saved, arch, ports);
  return archiveTree({ path, identity: identityOf([tar]), index, ranges: [tar.range] }, ports.host);
}

async function openImage(
  path: HostPath,
  images: readonly ContainerImage[],
  arch: Arch | null,
  ports: ArchivePorts,
): Promise<Tree> {
  const { layers } = chooseImage(path, images, arch);
  const tars: PlainTar[] = [];
  for (const layer of layers) {
    const tar = await plainTar({ ...layer, path }, ports);
    if (tar === null) throw damaged(path, layer.part, null, "it is no tar, nor a compressed one");
    tars.push(tar);
  }
  const index = await indexOf(path, tars, "layers", ports);
  const identity = identityOf(tars);
  return archiveTree({ path, identity, index, ranges: tars.map(({ range }) => range) }, ports.host);
}

function identityOf(tars: readonly PlainTar[]): string {
  return ["archives", ...tars.map(({ digest }) => digest)].join(" ");
}

function chooseImage(path: HostPath, images: readonly ContainerImage[], arch: Arch | null): ContainerImage {
  const fits = images.map(({ platform }) =>
    arch === null || platform === null ? 0 : fitOf(platform, arch.name),
  );
  const best = Math.min(...fits.filter((fit) => fit !== null));
  const fitting = images.filter((_, number) => fits[number] === best);
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const labels = (some: readonly ContainerImage[]) => some.map(({ label }) => label);
  const said = { arch: arch?.name ?? null, fitting: labels(fitting), all: labels(images) };
  throw new BuildFailure([{ code: "archives/which-image", path, ...said }]);
}

/** Null: it is no tar. Throws BuildFailure: archives/wrong-digest, archives/damaged. */
async function plainTar(
  blob: LayerBlob & { readonly path: HostPath },
  ports: ArchivePorts,
): Promise<PlainTar | null> {
  const { path, part, range, sha256 } = blob;
  const { host } = ports;
  const compression = compressionOf(range, host);
  if (compression === null && !isTar(range, ports)) return null;
  const digest = await digestOfRange(range, host);
  if (sha256?.of === "blob") checkDigest(blob, digest);
  if (compression === null) {
    if (sha256?.of === "content") checkDigest(blob, digest);
    return { range, digest, part };
  }
  const plain = await decompressed({ range, digest, path, part }, compression, ports);
  if (sha256?.of === "content") checkDigest(blob, await digestOfRange(plain, host));
  return isTar(plain, ports) ? { range: plain, digest, part } : null;
}

function checkDigest({ path, part, sha256 }: LayerBlob & { readonly path: HostPath }, digest: Digest): void {
  const found = hexOfDigest(digest);
  const expected = sha256?.hex ?? found;
  if (found === expected) return;
  const digests = { expected: `sha256:${expected}`, found: `sha256:${found}` };
  throw new BuildFailure([{ code: "archives/wrong-digest", path, part, ...digests }]);
}

/** An empty archive is nothing but zeros. */
function isTar(range: ByteRange, { host }: ArchivePorts): boolean {
  const block = beginningOf(range, TAR_BLOCK, host);
  return isTarHeader(block) || isZeroBlock(block);
}

/** From the cache, or by walking over the archives. */
async function indexOf(
  path: HostPath,
  tars: readonly PlainTar[],
  kind: "plain" | "layers",
  ports: ArchivePorts,
): Promise<ArchiveIndex> {
  const { store } = ports;
  const key = actionKey([INDEX_VERSION, kind, ...tars.map(({ digest }) => digest)]);
  const known = await store.find(key);
  if (known !== null) {
    try {
      const pieces: Uint8Array[] = [];
      for await (const piece of store.read(known)) pieces.push(Uint8Array.from(piece));
      return decodeIndex(Buffer.concat(pieces));
    } catch (error) {
      if (!(error instanceof DamagedContent)) throw error;
      await store.forget(key, known);
    }
  }
  const index = new ArchiveIndex();
  for (const [archive, tar] of tars.entries()) {
    await layTar(path, tar, { archive, index, lay: kind === "plain" ? layMembers : layLayer }, ports);
  }
  await store.put(key, asChunks(encodeIndex(index)), `index of ${tars[0]?.digest.slice(0, 19) ?? "nothing"}`);
  return index;
}

async function* asChunks(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

interface Laying {
  readonly archive: number;
  readonly index: ArchiveIndex;
  readonly lay: typeof layMembers;
}

async function layTar(
  path: HostPath,
  tar: PlainTar,
  { archive, index, lay }: Laying,
  { host }: ArchivePorts,
): Promise<void> {
  const open = openRange(tar.range, host);
  try {
    const members: TarMember[] = [];
    for await (const member of readTarMembers(sourceOfRange(open))) members.push(member);
    lay({ members, archive }, index);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw damaged(path, tar.part, error.offset, error.message);
  } finally {
    open.close();
  }
}

function directoryLayout(path: HostPath, tree: Tree, { host }: ArchivePorts): Layout {
  const resolver = new PathResolver(tree);
  return {
    path,
    find: (file) => {
      const found = resolver.resolve(file);
      return found.facts?.kind === "file" ? wholeFile(hostPathOf(path, found.path), host) : null;
    },
    read: (range) => beginningOf(range, range.size, host),
  };
}

function tarLayout(
  path: HostPath,
  { index, range }: { readonly index: ArchiveIndex; readonly range: ByteRange },
  { host }: ArchivePorts,
): Layout {
  // `docker save` writes symlinks for layers that are the same.
  const resolver = new PathResolver(archiveTree({ path, identity: path, index, ranges: [range] }, host));
  return {
    path,
    find: (file) => {
      const node = index.nodes.get(resolver.resolve(file).path);
      return node?.facts.kind === "file" ? rangeOf(node, range) : null;
    },
    read: (part) => beginningOf(part, part.size, host),
  };
}

function damaged(path: HostPath, part: string, offset: number | null, why: string): BuildFailure {
  return new BuildFailure([{ code: "archives/damaged", path, part, offset, why }]);
}
