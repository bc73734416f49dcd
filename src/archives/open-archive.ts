/** A root tree that archives hold: a tar, an OCI image layout, what `docker save` writes (either a directory or a tar of one). */
import type { Arch } from "../core/arch.ts";
import type { HostPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { archiveTree } from "./archive-tree.ts";
import { wholeFile } from "./byte-range.ts";
import { indexKey, indexOf } from "./cached-index.ts";
import { type ContainerImage, imagesIn } from "./container-images.ts";
import { directoryLayout, tarLayout } from "./layouts.ts";
import { type PlainTar, plainTar, type TarBlob } from "./plain-tar.ts";
import { fitOf } from "./platform.ts";
import type { ArchivePorts } from "./ports.ts";

/** `file`: where `path` leads. Throws what `openRoot` says. */
export async function openArchive(
  path: HostPath,
  file: HostPath,
  arch: Arch | null,
  ports: ArchivePorts,
): Promise<Tree> {
  const whole = { path, part: "", range: wholeFile(file, ports.host), sha256: null, within: null };
  const tar = await plainTar(whole, ports);
  if (tar === null) throw new BuildFailure([{ code: "host/not-a-directory", path, found: "file" }]);
  const index = await indexOf(path, [tar], "plain", ports);
  const images = imagesIn(tarLayout(path, { index, range: tar.range }, ports));
  if (images !== null) return openImage({ path, images, within: tar.digest }, arch, ports);
  return archiveTree({ path, identity: indexKey("plain", [tar]), index, ranges: [tar.range] }, ports.host);
}

/** A directory that holds an image's files, or is just a tree. Throws what `openRoot` says. */
export async function openDirectory(
  path: HostPath,
  tree: Tree,
  arch: Arch | null,
  ports: ArchivePorts,
): Promise<Tree> {
  const images = imagesIn(directoryLayout(path, tree, ports));
  return images === null ? tree : openImage({ path, images, within: null }, arch, ports);
}

/** `within`: the digest of the archive that holds their layers; null: these are files of their own. */
type Images = Pick<TarBlob, "path" | "within"> & { readonly images: readonly ContainerImage[] };

async function openImage(
  { path, images, within }: Images,
  arch: Arch | null,
  ports: ArchivePorts,
): Promise<Tree> {
  const { layers } = chooseImage(path, images, arch);
  const tars: PlainTar[] = [];
  for (const layer of layers) {
    const tar = await plainTar({ ...layer, path, within }, ports);
    if (tar === null) throw damaged(path, layer.part, "it is no tar, nor a compressed one");
    tars.push(tar);
  }
  const index = await indexOf(path, tars, "layers", ports);
  const identity = indexKey("layers", tars);
  return archiveTree({ path, identity, index, ranges: tars.map(({ range }) => range) }, ports.host);
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

function damaged(path: HostPath, part: string, why: string): BuildFailure {
  return new BuildFailure([{ code: "archives/damaged", path, part, offset: null, why }]);
}
