/** The entries of an initrd, all members in order: what `initgraph ls` shows. */
import type { Entry } from "../core/entry.ts";
import { type HostPath, parseHostPath, type TargetPath } from "../core/path.ts";
import type { Host } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { CPIO_TYPE } from "../formats/cpio.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";
import { FormatError } from "../formats/format-error.ts";
import { type OpenSource, openSource } from "../trees/open-source.ts";
import { type ImageContents, type ImageVisitor, readImage } from "./read-image.ts";
import { type InspectPorts, MissingDecompressor } from "./unpack-member.ts";

export interface ListedEntry extends CpioEntry {
  /** The member that holds it, counted from 0. */
  readonly member: number;
}

export interface ImageListing extends ImageContents {
  /** As the kernel would unpack them; a path may come twice. */
  readonly entries: readonly ListedEntry[];
}

/** Throws BuildFailure: image/unreadable, image/decompressor-not-found, host/cannot-read. */
export async function listImage(path: HostPath, ports: InspectPorts): Promise<ImageListing> {
  const entries: ListedEntry[] = [];
  const visitor = {
    entry: (entry: CpioEntry, member: number) => {
      entries.push({ ...entry, member });
    },
  };
  return { ...(await readImageFile(path, visitor, ports)), entries };
}

/** `readImage` of a file, its errors told as problems. */
export async function readImageFile(
  path: HostPath,
  visitor: ImageVisitor,
  ports: InspectPorts,
): Promise<ImageContents> {
  return withImageFile(path, ports, (source) => readImage(source, visitor, ports));
}

/** Throws BuildFailure image/unreadable where there is no such file. */
export function openImage(path: HostPath, host: Pick<Host, "tree">): OpenSource {
  const source = openSource(path, host);
  if (source !== null) return source;
  throw new BuildFailure([{ code: "image/unreadable", path, offset: 0, why: "there is no such file" }]);
}

/** Reads in a file, what goes wrong there told as problems. */
export async function withImageFile<T>(
  path: HostPath,
  ports: InspectPorts,
  read: (source: ByteSource) => Promise<T>,
): Promise<T> {
  const source = openImage(path, ports.host);
  try {
    if (source.size === 0) throw new FormatError("empty", 0, "the file is empty");
    return await read(source);
  } catch (error) {
    throw asReadProblem(error, path, "image/unreadable");
  } finally {
    source.close();
  }
}

/** What went wrong while a file was read, as its problem; what is none of a reader's errors as it is. */
export function asReadProblem(
  error: unknown,
  path: HostPath,
  code: "image/unreadable" | "image/kernel-unreadable",
): unknown {
  if (error instanceof FormatError)
    return new BuildFailure([{ code, path, offset: error.offset, why: error.message }]);
  if (!(error instanceof MissingDecompressor)) return error;
  const { program, kind } = error;
  return new BuildFailure([{ code: "image/decompressor-not-found", path, program, kind }]);
}

/** The kind of an entry by its mode; null for a type that does not exist. */
export function kindOfMode(mode: number): Entry["kind"] | null {
  const type = mode & 0o170000;
  for (const [kind, bits] of Object.entries(CPIO_TYPE)) if (bits === type) return kind as Entry["kind"];
  return null;
}

/** Where the kernel puts an entry: names may begin with "/" or "./", and ".." ends at the root. */
export function placeOf({ name }: CpioEntry): TargetPath {
  return (parseHostPath(name, "/" as HostPath) ?? "/").slice(1) as TargetPath;
}
