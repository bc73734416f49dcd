/** Looks into the files of an image that its manifest tells of, and of one that a recipe would make. */
import type { FileEntry } from "../core/entry.ts";
import type { HostPath, TargetPath } from "../core/path.ts";
import { placeOf, readImageFile } from "../inspect/list-image.ts";
import type { InspectPorts } from "../inspect/unpack-member.ts";
import type { OpenContent } from "../layers/read-content.ts";
import type { TracedImage } from "../trace/traced-image.ts";
import { sourceOfFile } from "../trees/open-source.ts";
import { type ContentFacts, type Contents, factsOf } from "./contents.ts";
import { lookingVisitor } from "./look-into.ts";

/** Throws BuildFailure as `listImage` does. */
export async function readOwnImage(
  path: HostPath,
  image: TracedImage,
  ports: InspectPorts,
): Promise<Contents> {
  const waiting = new Map<TargetPath, number[]>();
  for (const [at, entry] of image.entries.entries()) {
    const same = waiting.get(entry.path);
    if (same === undefined) waiting.set(entry.path, [at]);
    else same.push(at);
  }
  const contents = new Map<number, ContentFacts>();
  const visitor = lookingVisitor((entry, _, facts) => {
    // What was prepended is not in the manifest, and may have a path that is.
    const same = waiting.get(placeOf(entry)) ?? [];
    const index = same.findIndex((at) => image.entries[at]!.size === entry.size);
    if (index !== -1) contents.set(same.splice(index, 1)[0]!, facts);
  });
  await readImageFile(path, visitor, ports);
  return contents;
}

/** Smaller programs have nothing in them that counts. */
const LEAST = 4096;

/** `files`: the entries in the order of the image. Throws BuildFailure: what the trees throw. */
export function readPlannedFiles(
  files: Iterable<readonly [at: number, FileEntry]>,
  open: OpenContent,
): Contents {
  const contents = new Map<number, ContentFacts>();
  for (const [at, { size, source }] of files) {
    if (size < LEAST) continue;
    const opened = sourceOfFile(open(source).file);
    try {
      contents.set(at, factsOf(opened, null));
    } finally {
      opened.close();
    }
  }
  return contents;
}
