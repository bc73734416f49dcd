/**
 * A root tree by its path: a directory, a tar, an OCI image layout or what `docker save` writes (either a directory
 * or a tar of one). What it is, is told by its content. Nothing is unpacked; what archives hold is read in place.
 */
import type { Arch } from "../core/arch.ts";
import type { HostPath } from "../core/path.ts";
import type { Tree } from "../core/ports.ts";
import { resolveFile } from "../trees/open-source.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import type { ArchivePorts } from "./ports.ts";

/**
 * `arch` picks the image where there are several. Throws BuildFailure: host/not-a-directory for what is no tree
 * in any form, the problems of the archives page, and what host and store throw.
 */
export async function openRoot(path: HostPath, arch: Arch | null, ports: ArchivePorts): Promise<Tree> {
  const file = resolveFile(path, ports.host);
  const directory = file === null ? ports.host.tree(path) : null;
  if (directory !== null && !mayHoldImages(directory)) return directory;
  // Most roots are directories, and wait for nothing that reads archives.
  const { openArchive, openDirectory } = await import("./open-archive.ts");
  return file === null
    ? openDirectory(path, ports.host.tree(path), arch, ports)
    : openArchive(path, file, arch, ports);
}

/** One of these lies in every layout of images; in a root tree hardly ever. */
function mayHoldImages(tree: Tree): boolean {
  const resolver = new PathResolver(tree);
  return ["oci-layout", "manifest.json"].some((name) => resolver.resolve(name).facts?.kind === "file");
}
