/**
 * The files that secrets come from. They are looked at before anything is built, and read when all else is written:
 * into memory alone, so that nothing of them is ever in the cache or in a file that is not the image.
 */
import { isSameVersion } from "../core/file-version.ts";
import type { HostPath, TargetPath } from "../core/path.ts";
import type { FileVersion, Host } from "../core/ports.ts";
import { BuildFailure, ProblemCollector } from "../core/problem.ts";
import type { Span } from "../core/span.ts";
import { PathResolver } from "../trees/resolve-path.ts";

export interface SecretSource {
  readonly at: Span | null;
  readonly source: HostPath;
}

/** A secret's file as it was looked at, all symlinks followed. */
export interface SecretFile {
  readonly path: TargetPath;
  readonly size: number;
  readonly version: FileVersion | null;
}

/** By their sources. */
export type SecretFiles = ReadonlyMap<HostPath, SecretFile>;

type Ports = { readonly host: Pick<Host, "tree"> };

/** All secrets together: a program's output is collected in memory up to 64 MiB. */
const MOST_BYTES = 16 * 2 ** 20;
/**
 * A group is how machines hand out keys to those that may have them (Debian's ssl-cert, NixOS's keys); what everybody
 * may write is no better than what everybody may read.
 */
const OPEN_TO_ALL = 0o006;

/** Throws BuildFailure with every secrets/not-found, no-file, open-to-all and too-large. */
export function lookAtSecrets(sources: readonly SecretSource[], { host }: Ports): SecretFiles {
  const problems = new ProblemCollector();
  const files = new Map<HostPath, SecretFile>();
  let left = MOST_BYTES;
  for (const { at, source } of sources) {
    const { path, facts } = new PathResolver(host.tree("/" as HostPath)).resolve(source);
    if (facts === null) problems.add({ code: "secrets/not-found", at, source });
    else if (facts.kind !== "file") problems.add({ code: "secrets/no-file", at, source, found: facts.kind });
    else if ((facts.mode & OPEN_TO_ALL) !== 0)
      problems.add({ code: "secrets/open-to-all", at, source, mode: facts.mode });
    else {
      const { size, version } = facts;
      if (size > left) problems.add({ code: "secrets/too-large", at, source, limit: MOST_BYTES });
      left -= size;
      files.set(source, { path, size, version });
    }
  }
  problems.throwIfAny();
  return files;
}

/** Throws BuildFailure host/file-changed where it is not the file any more that was looked at, or its mode is another. */
export function readSecret(source: HostPath, files: SecretFiles, { host }: Ports): Uint8Array {
  const { path, size, version } = files.get(source)!;
  const file = host.tree("/" as HostPath).open(path, "copy");
  try {
    const bytes = new Uint8Array(size);
    const isSame = (): boolean => isSameVersion(file.versionNow(), version);
    const isWhole = isSame() && file.size === size && (size === 0 || file.read(bytes, 0) === size);
    if (!isWhole || !isSame()) throw new BuildFailure([{ code: "host/file-changed", path: source }]);
    return bytes;
  } finally {
    file.close();
  }
}
