/** The manifests beside earlier images, as far as an explanation needs them. */
import { bytesOf, type HostPath, hostPathOf, type TargetPath } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { MANIFEST_VERSION } from "../../image/manifest.ts";
import { readHostFile } from "../../machine/files.ts";
import { PathResolver } from "../../trees/resolve-path.ts";

export interface Manifest {
  readonly image: { readonly file: string };
  readonly epoch: number;
  readonly compressor: { readonly name: string; readonly identity: unknown } | null;
  readonly layers: readonly {
    readonly name: string;
    readonly segments: readonly { readonly key: string }[];
  }[];
  readonly entries: readonly ManifestEntry[];
}

/** One entry; `path` as people see it, with its bytes where it is no UTF-8. */
export interface ManifestEntry {
  readonly path: string;
  readonly [fact: string]: unknown;
}

const SUFFIX = ".manifest.json";

/** All manifests in a directory, by the name of their image. What cannot be read counts as not there. */
export function readManifests(directory: HostPath, host: Pick<Host, "tree">): Map<string, Manifest> {
  const root = new PathResolver(host.tree("/" as HostPath));
  const { facts, path } = root.resolve(directory);
  const names = facts?.kind === "directory" ? root.tree.list(path) : [];
  const found = new Map<string, Manifest>();
  for (const file of names.filter((name) => name.endsWith(SUFFIX))) {
    const manifest = readFrom(hostPathOf(directory, file as string as TargetPath), host);
    if (manifest) found.set(Buffer.from(file.slice(0, -SUFFIX.length), "latin1").toString(), manifest);
  }
  return found;
}

/** That of one image; null: there is none that can be read. */
export function readManifest(directory: HostPath, name: string, host: Pick<Host, "tree">): Manifest | null {
  return readFrom(hostPathOf(directory, `${bytesOf(name)}${SUFFIX}` as TargetPath), host);
}

function readFrom(path: HostPath, host: Pick<Host, "tree">): Manifest | null {
  const bytes = readHostFile(path, host);
  return bytes && parseManifest(Buffer.from(bytes).toString());
}

function parseManifest(text: string): Manifest | null {
  try {
    const value = JSON.parse(text) as Partial<Manifest> & { readonly manifest?: unknown };
    return value.manifest === MANIFEST_VERSION && Array.isArray(value.entries) && Array.isArray(value.layers)
      ? (value as Manifest)
      : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
