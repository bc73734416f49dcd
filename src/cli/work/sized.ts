/** What `size` measures: a recipe, an image with its manifest, or an image alone. */
import type { FileEntry } from "../../core/entry.ts";
import { type HostPath, nameOf, showBytes, type TargetPath } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import { type Foreseen, type ForeseenSegment, foresee } from "../../foresee.ts";
import { contentOpener } from "../../layers/read-content.ts";
import { findHostFile, hostPathFrom } from "../../machine/files.ts";
import { imageHost } from "../../machine/image-host.ts";
import { withOptimizing } from "../../machine/optimizer.ts";
import { findPackages } from "../../packages/find-packages.ts";
import type { Package } from "../../packages/package.ts";
import { finalEntries } from "../../plan/entries.ts";
import { originalPaths } from "../../plan/originals.ts";
import type { SegmentPlan } from "../../plan/plan.ts";
import type { Contents } from "../../size/contents.ts";
import { readForeignImage } from "../../size/foreign-image.ts";
import { readOwnImage, readPlannedFiles } from "../../size/own-contents.ts";
import type { TracedManifest } from "../../trace/trace-manifest.ts";
import { tracePlan } from "../../trace/trace-plan.ts";
import type { TracedImage } from "../../trace/traced-image.ts";
import type { Terminal } from "../terminal.ts";
import { type DecisionOrder, decideUntouched, type Untouched } from "./decide-untouched.ts";
import { prepareToRead } from "./images.ts";
import { findSubject } from "./traced.ts";

export interface Sized {
  readonly image: TracedImage;
  readonly from: "recipe" | "manifest" | "image";
  readonly contents: Contents;
  /** Null: no database tells, since there is none, or no root tree. */
  readonly packages: ReadonlyMap<TargetPath, readonly Package[]> | null;
}

export interface SizedOrder extends Omit<DecisionOrder, "recipe" | "verb"> {}

/** Throws BuildFailure: what a build would throw before it writes, and what reading an image throws. */
export async function measure(word: string, order: SizedOrder, terminal: Terminal): Promise<Sized> {
  withOptimizing();
  const host = imageHost();
  const subject = subjectOf(word, host);
  if (subject === null) {
    const path = hostPathFrom(word);
    prepareToRead(path, host);
    const foreign = await readForeignImage(path, showBytes(nameOf(path)), { host });
    return { ...foreign, from: "image", packages: null };
  }
  if (subject.kind === "traced") {
    const path = imageOf(word, subject.manifest);
    const isThere = findHostFile(path, host) !== null;
    const contents = isThere ? await readOwnImage(path, subject.manifest, { host }) : new Map();
    return { image: subject.manifest, from: "manifest", contents, packages: null };
  }
  return decideUntouched({ ...order, recipe: subject.file, verb: "initgraph size" }, terminal, measurePlan);
}

/** Null: an image that no manifest tells of. */
function subjectOf(word: string, host: ReturnType<typeof imageHost>) {
  try {
    return findSubject(word, host);
  } catch (error) {
    const isForeign =
      error instanceof BuildFailure && error.problems.every(({ code }) => code === "trace/no-manifest");
    if (isForeign) return null;
    throw error;
  }
}

/** Beside the manifest, if that was named. */
function imageOf(word: string, { image }: TracedManifest): HostPath {
  if (!word.endsWith(".manifest.json")) return hostPathFrom(word);
  return hostPathFrom(word.replace(/[^/]*$/, "") + image.file);
}

async function measurePlan({ decision, opened, ports }: Untouched): Promise<Sized> {
  const { spec, plan } = decision;
  const foreseen = await foresee(decision, opened, ports);
  const compressed = compressedIn(foreseen);
  const image = tracePlan({
    name: spec.name,
    plan,
    contents: foreseen.contents,
    compressedOf: (segment) => compressed.get(segment) ?? null,
  });
  const files = plan.layers
    .flatMap((layer) => layer.entries)
    .flatMap(({ entry }, at) => (entry.kind === "file" ? [[at, entry] as [number, FileEntry]] : []));
  const open = contentOpener(opened.trees, { sysroot: spec.sysroot, store: spec.store.root });
  const { owners } = findPackages(() => [...finalEntries(plan)].map(({ entry }) => entry), {
    sysroot: opened.trees.sysroot,
    others: new Map(),
    storeDirectory: spec.store.directory,
    originalOf: originalPaths(plan),
  });
  return {
    image,
    from: "recipe",
    contents: readPlannedFiles(files, open),
    packages: owners.size === 0 ? null : owners,
  };
}

/** Of pieces in one stream only the stream's size is known: each has its share, by length. */
function compressedIn({ layers }: Foreseen): Map<SegmentPlan, number | null> {
  const all = layers.flatMap(({ segments }) => segments);
  const bytesOf = (stream: number): number =>
    all.reduce(
      (sum, { as, cached, plan }) => sum + (as === "stream" && cached === stream ? plan.size : 0),
      0,
    );
  const sizeOf = ({ as, cached, plan }: ForeseenSegment): number | null => {
    if (as === "read") return plan.size;
    return as === "stream" && cached !== null ? (cached * plan.size) / bytesOf(cached) : cached;
  };
  return new Map(all.map((segment) => [segment.plan, sizeOf(segment)]));
}
