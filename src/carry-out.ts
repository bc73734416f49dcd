/** The second half of the corridor: all is decided, and the files are read, compressed, and joined to an image. */
import { checkLaidMembers } from "./check/laid-members.ts";
import type { ElfMachine } from "./core/arch.ts";
import type { Digest } from "./core/digest.ts";
import type { FileEntry } from "./core/entry.ts";
import type { Lock } from "./core/lock.ts";
import type { HostPath, TargetPath } from "./core/path.ts";
import {
  DamagedContent,
  type Host,
  type InputMemory,
  type Progress,
  type Store,
  type StoreDatabases,
  type Timekeeper,
} from "./core/ports.ts";
import { BuildFailure, type Problem } from "./core/problem.ts";
import type { Warning } from "./core/warning.ts";
import { openMemories, rememberContents } from "./graph/memories.ts";
import { openTrees, type SourceTrees } from "./graph/trees.ts";
import { identityOfPackings, type Packings, prepareCompressors } from "./image/assemble.ts";
import type { BesideFile } from "./image/beside-file.ts";
import { type FitFiles, filesOf, readFitFiles } from "./image/fit-files.ts";
import type { ApprovedImage, Image, ImageDocument, ImageMember } from "./image/image.ts";
import { imageSecrets, openSecrets } from "./image/image-secrets.ts";
import type { SecretFiles } from "./image/secret-files.ts";
import { startImage } from "./image/start-image.ts";
import { checkUkiModules, filesOfUki, readUkiFiles, type UkiFiles } from "./image/uki-files.ts";
import { checkKernelAndContents } from "./image/uki-machines.ts";
import type { EarlySegment } from "./inspect/early.ts";
import { buildLayers, type Layer } from "./layers/build-layers.ts";
import { contentOpener, type OpenContent } from "./layers/read-content.ts";
import { type ImageSizes, overImageBudget, overUnpackedBudget } from "./plan/budget.ts";
import { plannedEntries } from "./plan/entries.ts";
import { manifestLists } from "./plan/manifest-lists.ts";
import type { Plan } from "./plan/plan.ts";
import type { Spec } from "./spec/spec.ts";

export interface BuildPorts {
  readonly host: Host;
  readonly store: Store;
  readonly databases: StoreDatabases;
  readonly tell: Progress;
  readonly memory: InputMemory;
  /** Null: nobody keeps how long compressing takes. */
  readonly timekeeper: Timekeeper | null;
  /** Asked before the result is to be seen. Null: nobody wants to be. */
  readonly approve: ((made: MadeImage) => void) | null;
  /** Whether each layer is also written as an initrd of its own. */
  readonly emitsLayers: boolean;
  /** Tells of what the image holds, in files beside it. Null: nobody wants it. */
  readonly describe: ((made: BuiltContents) => readonly ImageDocument[]) | null;
}

/** All that is in an image, while it can be read once more. */
export interface BuiltContents extends Pick<MadeImage, "contents" | "beside">, Decision {
  readonly trees: SourceTrees;
  readonly open: OpenContent;
}

/** A build that only has to be put in its place. */
export interface MadeImage {
  readonly decision: Decision;
  readonly contents: BuildResult["contents"];
  /** What goes into one file with the image. */
  readonly beside: readonly BesideFile[];
  /** Of the compressor; empty: there is none. */
  readonly compressor: readonly string[];
  readonly image: Lock["image"];
}

/** What the first stages come to: plain values, which can be kept and taken up again (decide-again.ts). */
export interface Decision {
  readonly spec: Spec;
  readonly early: readonly EarlySegment[];
  readonly plan: Plan;
  /** The machine of the first ELF program of the contents; null: there is none. */
  readonly machine: ElfMachine | null;
  /** All of them, those that the recipe silences too. */
  readonly warnings: readonly Warning[];
  /** Where the sysroot's modules lie that kernels' indexes were written for. */
  readonly modules: readonly TargetPath[];
}

export interface BuildResult extends Decision {
  readonly layers: readonly Layer[];
  /** What was in the files that were read: those that no earlier build had read as they are. */
  readonly contents: ReadonlyMap<FileEntry, Digest>;
  readonly image: Image;
}

/** What a build reads from, and what it compresses with. */
export interface Opened {
  readonly trees: SourceTrees;
  readonly packings: Packings;
  /** What else goes into a FIT image; null: it becomes none. */
  readonly fitFiles: FitFiles | null;
  /** What else goes into a unified kernel image; null: it becomes none. */
  readonly ukiFiles: UkiFiles | null;
  /** Where secrets come from, as it looks now. */
  readonly secretFiles: SecretFiles;
}

/** Throws BuildFailure: what `prepareCompressor`, `readFitFiles`, `openSecrets`, `openTrees` and `readUkiFiles` say. */
export async function openFor(spec: Spec, ports: BuildPorts): Promise<Opened> {
  const packings = await prepareCompressors(
    spec.layers.map(({ compressor }) => compressor),
    ports,
    ports.timekeeper,
  );
  const { fit, uki } = spec.image;
  const fitFiles = fit === null ? null : readFitFiles(fit, ports);
  const last = packings(spec.layers.at(-1)!.compressor);
  const secretFiles = openSecrets(spec, last?.kind ?? "plain", ports);
  const trees = await openTrees(spec, ports);
  const ukiFiles = uki === null ? null : readUkiFiles(uki, placesOf(trees, spec));
  return { packings, fitFiles, ukiFiles, secretFiles, trees };
}

function placesOf(trees: SourceTrees, { sysroot, store }: Spec) {
  return {
    sysroot: { tree: trees.sysroot, root: sysroot },
    store: { tree: trees.store, root: store.root },
    host: { tree: trees.host, root: "/" as HostPath },
  };
}

/**
 * Reads, compresses and writes; begun again where the cache proves damaged: the assembler has made it forget by
 * then. Throws BuildFailure.
 */
export async function carryOut(
  decision: Decision,
  opened: Opened,
  out: HostPath,
  ports: BuildPorts,
): Promise<BuildResult> {
  const damaged = new Set<Digest>();
  for (;;) {
    try {
      return { ...decision, ...(await tryToCarryOut(decision, opened, out, ports)) };
    } catch (error) {
      if (!(error instanceof DamagedContent)) throw error;
      const { digest } = error.content;
      if (damaged.has(digest)) throw new BuildFailure([{ code: "host/cache-damages", digest }]);
      damaged.add(digest);
    }
  }
}

async function tryToCarryOut(
  decision: Decision,
  { trees, packings: packingOf, fitFiles, ukiFiles, secretFiles }: Opened,
  out: HostPath,
  ports: BuildPorts,
): Promise<Omit<BuildResult, keyof Decision>> {
  const { spec, plan, early } = decision;
  refuse(overUnpackedBudget(spec, plan));
  if (ukiFiles !== null) checkUki(ukiFiles, decision);
  const { store, tell, host, memory } = ports;
  const { isPrivate } = plan;
  const { emitsLayers } = ports;
  const packings = plan.layers.map(({ compressor }) => packingOf(compressor));
  const growing = startImage({ emitsLayers, spec, packings, early, isPrivate, out }, ports);
  try {
    const open = contentOpener(trees, { sysroot: spec.sysroot, store: spec.store.root });
    const isPlain = packings.every((packing) => packing === null);
    const jobs = isPlain ? 1 : host.jobs; // what is just written is written by one
    const keeperOf = (layer: number) => growing.keeperOf(layer);
    const layerPorts = { store, tell, open, keeperOf, jobs };
    const { layers, contents } = await buildLayers(plan, spec.image.epoch, layerPorts);
    if (contents.size > 0) rememberContents(plannedEntries(plan), contents, openMemories(trees, memory));
    const lists = manifestLists(plan, contents);
    const beside = besideOf({ fitFiles, ukiFiles });
    const compressor = identityOfPackings(packings);
    const approve = ({ file, size, lasting, members }: ApprovedImage) => {
      refuse(misplacedMembers(file, members, early));
      refuse(overImageBudget(sizesOf(size, members, plan), spec, plan));
      ports.approve?.({ decision, contents, beside, compressor, image: { file, ...lasting } });
    };
    const documents = ports.describe?.({ ...decision, contents, beside, trees, open }) ?? [];
    const secrets = imageSecrets(plan.secrets, secretFiles, spec.image.epoch, ports);
    const about = { lists, isPrivate, approve, documents, secrets, emitsLayers };
    const parts = { ...decision, packings, fitFiles, ukiFiles, out, layers, ...about };
    return { layers, contents, image: await growing.finish(parts) };
  } finally {
    await growing.discard(); // harmless once it is finished
  }
}

/** The files that go into one file with the image. */
export function besideOf({ fitFiles, ukiFiles }: Pick<Opened, "fitFiles" | "ukiFiles">): BesideFile[] {
  return [...(fitFiles ? filesOf(fitFiles) : []), ...(ukiFiles ? filesOfUki(ukiFiles) : [])];
}

/** Throws BuildFailure: image/uki-machines-differ, image/uki-other-modules. */
export function checkUki(files: UkiFiles, { machine, spec, modules }: Decision): void {
  checkKernelAndContents(files.at, files.kernel.facts.pe, machine ?? spec.arch);
  checkUkiModules(files, modules);
}

/** Throws BuildFailure where there are any. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new BuildFailure(problems);
}

/** By their places alone, which costs nothing: what the kernel would not get to. */
function misplacedMembers(
  file: string,
  members: readonly ImageMember[],
  early: readonly EarlySegment[],
): Problem[] {
  const laid = members.map(({ role, kind, offset, size }, index) => {
    const lastKind = role === "early" ? early[index]!.lastKind : kind;
    return { offset, size, firstKind: kind, lastKind };
  });
  return checkLaidMembers(laid).map(({ code: rule, offset }) => ({
    code: "image/members-misplaced",
    file,
    offset,
    rule,
  }));
}

function sizesOf(image: number, members: readonly ImageMember[], { layers }: Plan): ImageSizes {
  const sizeOf = (name: string) =>
    members.reduce((sum, { layer, size }) => (layer === name ? sum + size : sum), 0);
  return { image, layers: layers.map(({ name }) => sizeOf(name)) };
}
