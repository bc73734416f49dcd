/**
 * What `why`, `graph`, `size` and `diff` are asked of: a recipe, an image with its manifest beside it, or a manifest. Which of
 * them a file is, its content says.
 */
import { type HostPath, hostPathOf, parseHostPath, type TargetPath } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import { BuildFailure } from "../../core/problem.ts";
import { FormatError } from "../../formats/format-error.ts";
import { memberKindOf } from "../../formats/member.ts";
import type { Measured } from "../../image/image.ts";
import { findHostFile, hostPathFrom, readHostFile, requireHostFile } from "../../machine/files.ts";
import { type TracedFile, type TracedManifest, traceManifest } from "../../trace/trace-manifest.ts";
import { digestOfSource, resolveFile } from "../../trees/open-source.ts";
import { PathResolver } from "../../trees/resolve-path.ts";

/** What a word of the command line names. */
export type Subject =
  | { readonly kind: "recipe"; readonly file: string }
  | { readonly kind: "traced"; readonly manifest: TracedManifest };

const SUFFIX = ".manifest.json";
/** Bytes that tell a recipe from an image. */
const HEAD = 4096;

/**
 * A file that is text and no manifest counts as a recipe. Throws BuildFailure: host/cannot-read, trace/no-manifest,
 * trace/bad-manifest, trace/manifest-version, trace/other-image.
 */
export function findSubject(word: string, host: Pick<Host, "tree">): Subject {
  const kind = kindOfSubject(word, host);
  if (kind === "recipe") return { kind, file: word };
  const path = hostPathFrom(word);
  const beside = () => manifestBeside(path, host, (image) => digestOfSource(image, host));
  return { kind: "traced", manifest: kind === "manifest" ? readManifest(path, host) : beside() };
}

/** A file of such a name that is not there was to be a recipe: whoever reads it will say so. */
const RECIPE = /\.ya?ml$/;

/** What `findSubject` takes a word for. Throws BuildFailure host/cannot-read where nothing of that name is there. */
export function kindOfSubject(word: string, host: Pick<Host, "tree">): "recipe" | "image" | "manifest" {
  const path = hostPathFrom(word);
  if (RECIPE.test(word) && findHostFile(path, host) === null) return "recipe";
  requireHostFile(path, host);
  if (word.endsWith(SUFFIX)) return "manifest";
  return isText(path, host) ? "recipe" : "image";
}

/** A recipe holds no NUL; archives and wrappers do in their first header, and what is compressed has a magic. */
function isText(path: HostPath, host: Pick<Host, "tree">): boolean {
  const file = host.tree("/" as HostPath).open(findHostFile(path, host)!);
  try {
    const head = new Uint8Array(Math.min(file.size, HEAD));
    const bytes = head.subarray(0, file.read(head, 0));
    return !bytes.includes(0) && memberKindOf(bytes) === null;
  } finally {
    file.close();
  }
}

/** Throws BuildFailure: trace/bad-manifest, trace/manifest-version. */
export function readManifest(path: HostPath, host: Pick<Host, "tree">): TracedManifest {
  try {
    return traceManifest(Buffer.from(readHostFile(path, host)!).toString());
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const code = error.code === "manifest-version" ? "trace/manifest-version" : "trace/bad-manifest";
    throw new BuildFailure([{ code, manifest: path, why: error.message }]);
  }
}

/**
 * The manifest that names the file, in its directory. Symlinks are followed: `result/initrd` leads to the image. `measure`: all of
 * it is read for that, where a manifest has its name. Throws BuildFailure: trace/no-manifest, trace/other-image, and what
 * `readManifest` throws.
 */
export function manifestBeside(
  word: HostPath,
  host: Pick<Host, "tree">,
  measure: (image: HostPath) => Measured,
): TracedManifest {
  const image = resolveFile(word, host)!;
  const directory = parseHostPath(".." as TargetPath, image)!;
  const name = image.slice(image.lastIndexOf("/") + 1);
  const root = new PathResolver(host.tree("/" as HostPath));
  const names = root.tree.list(root.resolve(directory).path).filter((one) => one.endsWith(SUFFIX));
  for (const file of names) {
    const path = hostPathOf(directory, file as string as TargetPath);
    // One that cannot be read is of no interest, unless its name says that it is this image's.
    const manifest = name.startsWith(file.slice(0, -SUFFIX.length)) ? readManifest(path, host) : null;
    const told = manifest && [manifest.image, manifest.ramdisk].find((one) => isCalled(one, name));
    if (!manifest || !told) continue;
    if (!isOf(told, image, measure))
      throw new BuildFailure([{ code: "trace/other-image", manifest: path, image }]);
    return manifest;
  }
  throw new BuildFailure([{ code: "trace/no-manifest", image }]);
}

function isCalled({ file }: TracedFile, name: string): boolean {
  return Buffer.from(file).toString("latin1") === name;
}

/** Of an image with secrets neither size nor digest is told: it is believed. */
function isOf(
  { size, digest }: TracedFile,
  image: HostPath,
  measure: (image: HostPath) => Measured,
): boolean {
  if (size === null || digest === null) return true;
  const found = measure(image);
  return found.size === size && found.digest === digest;
}
