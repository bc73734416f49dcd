/** Which distribution a tree is of, for the names of its packages. */
import type { TargetPath } from "../core/path.ts";
import { type OsRelease, readOsRelease } from "../formats/os-release.ts";
import { purlOf } from "../formats/purl.ts";
import { readText } from "../trees/read-file.ts";
import type { PathResolver } from "../trees/resolve-path.ts";

/** In the order of os-release(5). */
const FILES = ["etc/os-release", "usr/lib/os-release"] as TargetPath[];

export function distributionOf(paths: PathResolver): OsRelease {
  for (const file of FILES) {
    const text = readText(paths, file);
    if (text !== null) return readOsRelease(text);
  }
  return { id: "", versionId: "" };
}

export interface PurlFacts {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly epoch?: string;
}

/** Null: a purl of these types names the distribution, and the tree does not. */
export function systemPurl(type: "deb" | "apk" | "rpm", facts: PurlFacts, { id, versionId }: OsRelease) {
  if (id === "") return null;
  const { name, version, architecture, epoch = "" } = facts;
  // The one distribution whose packages are named otherwise than it names itself.
  const namespace = id === "rhel" ? "redhat" : id;
  const distro = versionId === "" ? id : `${id}-${versionId}`;
  const qualifiers = [
    ["arch", architecture] as const,
    ["distro", distro] as const,
    ["epoch", epoch] as const,
  ];
  return purlOf({ type, namespace, name, version, qualifiers });
}
