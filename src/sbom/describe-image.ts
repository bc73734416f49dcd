/** The SBOM of an image that is built and not yet written to its end. */
import { type Digest, startSums } from "../core/digest.ts";
import type { Entry, FileEntry, TreeName } from "../core/entry.ts";
import { type ByteString, type HostPath, showPath, type TargetPath } from "../core/path.ts";
import type { OpenFile, Tree } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import type { PackagesWarning } from "../core/warning.ts";
import type { ImageDocument } from "../image/image.ts";
import type { EarlySegment } from "../inspect/early.ts";
import type { OpenContent } from "../layers/read-content.ts";
import { findPackages } from "../packages/find-packages.ts";
import { finalEntries } from "../plan/entries.ts";
import { originalPaths } from "../plan/originals.ts";
import type { Plan } from "../plan/plan.ts";
import type { Spec } from "../spec/spec.ts";
import { PathResolver } from "../trees/resolve-path.ts";
import { cyclonedxDocument } from "./cyclonedx.ts";
import { changedOf, gatherSbom, type Sbom, type SbomInput, unmappedOf, type WholePart } from "./sbom.ts";
import { spdxDocument } from "./spdx.ts";

export const SBOM_FORMATS = {
  spdx: { suffix: ".spdx.json", write: spdxDocument },
  cyclonedx: { suffix: ".cdx.json", write: cyclonedxDocument },
} as const;

export type SbomFormat = keyof typeof SBOM_FORMATS;

export interface ImageToDescribe {
  readonly spec: Pick<Spec, "name" | "store" | "image">;
  readonly plan: Plan;
  readonly early: readonly EarlySegment[];
  /** What goes into one file with the image. */
  readonly beside: readonly {
    readonly path: HostPath;
    readonly digest: Digest;
    readonly tree: Tree;
    readonly inTree: TargetPath;
  }[];
  /** Of the files that were read for their layers. */
  readonly contents: ReadonlyMap<FileEntry, Digest>;
  readonly trees: Readonly<Record<TreeName, Tree>>;
  readonly open: OpenContent;
}

export interface Description {
  readonly documents: readonly ImageDocument[];
  readonly packages: number;
  readonly files: number;
  /** Files of no package. */
  readonly unmapped: number;
  /** Files that are not as their packages brought them. */
  readonly changed: number;
  readonly warnings: readonly PackagesWarning[];
}

/** Throws BuildFailure: what the trees throw, and host/file-changed. */
export function describeImage(
  image: ImageToDescribe,
  formats: readonly SbomFormat[],
  tool: Sbom["tool"],
): Description {
  const { spec, plan, early, beside, contents, trees } = image;
  const entries = () => entriesOf(plan);
  const names = { storeDirectory: spec.store.directory, originalOf: originalPaths(plan) };
  const besideOrigin = spec.image.uki === null ? "fit" : "uki";
  const opens = new Map<WholePart, () => OpenFile>([
    ...early.map(({ path, digest }, at) => {
      const part: WholePart = { key: keyOf(at), path, digest, origin: "prepended" };
      return [part, () => openIn(trees.host, path)] as const;
    }),
    ...beside.map(({ path, digest, tree, inTree }, at) => {
      const part: WholePart = { key: keyOf(early.length + at), path, digest, origin: besideOrigin };
      return [part, () => openIn(tree, `/${inTree}` as ByteString)] as const;
    }),
  ]);
  const ofSysroot = beside.flatMap(({ tree, inTree }, at) =>
    tree === trees.sysroot ? [[keyOf(early.length + at), inTree] as const] : [],
  );
  const found = findPackages(entries, { sysroot: trees.sysroot, others: new Map(ofSysroot), ...names });
  const sbom = gatherSbom({
    name: spec.name,
    tool,
    epoch: spec.image.epoch,
    secrets: plan.secrets.flatMap(({ path, item }) => (item === null ? [] : [showPath(path)])),
    entries,
    parts: [...opens.keys()],
    found,
    digestOfEntry: (entry) => contents.get(entry) ?? knownDigest(entry),
    wantsSha1: formats.includes("spdx"),
    sumsOf: sumsReader(image, opens),
  });
  const documents = formats.map((format) => {
    const { suffix, write } = SBOM_FORMATS[format];
    return { suffix, pieces: (facts: Parameters<typeof write>[1]) => write(sbom, facts) };
  });
  const [packages, files] = [sbom.packages.length, sbom.files.length];
  const [unmapped, changed] = [unmappedOf(sbom).length, changedOf(sbom).length];
  return { documents, packages, files, unmapped, changed, warnings: sbom.warnings };
}

function* entriesOf(plan: Plan): Generator<Entry> {
  for (const { entry } of finalEntries(plan)) yield entry;
}

function knownDigest({ path, content }: FileEntry): Digest {
  if (content === null) throw new TypeError(`nobody has read ${path}`);
  return content;
}

const PIECE = 2 ** 20;

/** Layers take SHA-256 alone, which processors do in hardware: who wants another sum has a file read once more. */
function sumsReader(
  { open }: ImageToDescribe,
  opens: ReadonlyMap<WholePart, () => OpenFile>,
): SbomInput["sumsOf"] {
  const buffer = new Uint8Array(PIECE);
  return (one, expected, algorithms) => {
    const { file, path } = "kind" in one ? open(one.source) : { file: opens.get(one)!(), path: one.path };
    const started = startSums(algorithms);
    try {
      for (let at = 0, length = file.read(buffer, 0); length > 0; length = file.read(buffer, at)) {
        started.update(buffer.subarray(0, length));
        at += length;
      }
    } finally {
      file.close();
    }
    const { digest, sums } = started.finish();
    if (digest !== expected) throw new BuildFailure([{ code: "host/file-changed", path }]);
    return sums;
  };
}

function keyOf(part: number): TargetPath {
  return `part\0${part}` as TargetPath;
}

function openIn(tree: Tree, path: ByteString): OpenFile {
  return tree.open(new PathResolver(tree).resolve(path).path, "copy");
}
