/**
 * A decision of an earlier build taken up again, where since then nothing has changed but what is in some files, and
 * in none of them what the closure looks at: the same interpreter, the same libraries, no program now that was none.
 */
import {
  type BuildPorts,
  type BuildResult,
  carryOut,
  type Decision,
  type Opened,
  openFor,
} from "./carry-out.ts";
import type { FileEntry } from "./core/entry.ts";
import { type HostPath, isInside, type TargetPath } from "./core/path.ts";
import type { FileFacts, InputMemory } from "./core/ports.ts";
import { LARGEST_FILE } from "./formats/cpio.ts";
import { openMemories } from "./graph/memories.ts";
import { FileScanner, isSameScan } from "./graph/scan-file.ts";
import { plannedEntries } from "./plan/entries.ts";
import { withFiles } from "./plan/plan-image.ts";

/** A file that is not as it was: nobody opened it but to scan it or to copy it. */
export interface ChangedFile {
  /** Of the tree on the machine. */
  readonly root: HostPath;
  readonly path: TargetPath;
  readonly facts: FileFacts;
}

/** As `build` does it, from what an earlier one decided. Null: it has to be decided anew, and nothing was written. */
export async function buildAgain(
  decision: Decision,
  changed: readonly ChangedFile[],
  out: HostPath,
  ports: BuildPorts,
): Promise<BuildResult | null> {
  const opened = await openFor(decision.spec, ports);
  const now = decideAgain(decision, changed, opened, ports.memory);
  return now === null ? null : carryOut(now, opened, out, ports);
}

type TreeFile = Extract<FileEntry["source"], { from: "tree" }>;

/** Null: it has to be decided anew. Throws what the trees throw. */
export function decideAgain(
  decision: Decision,
  changed: readonly ChangedFile[],
  { trees, secretFiles }: Opened,
  memory: InputMemory,
): Decision | null {
  const { spec, plan } = decision;
  const roots = { sysroot: spec.sysroot, store: spec.store.root, host: "/" };
  const memories = openMemories(trees, memory);
  const changes = new Map(changed.map((file) => [keyOf(file.root, file.path), file]));
  const met = new Set<ChangedFile>();
  const files = new Map<FileEntry, FileEntry>();
  for (const { entry } of plannedEntries(plan)) {
    if (entry.kind !== "file" || entry.source.from !== "tree") continue;
    const { source } = entry;
    const change = changes.get(keyOf(roots[source.tree], source.path));
    if (change === undefined) continue;
    const known = memories[source.tree];
    const scan = known.recall(source.path, { size: entry.size, version: source.version })?.scan ?? null;
    const scanner = new FileScanner(trees[source.tree], () => {}, known);
    if (scan === null || !isSameScan(scan, scanner.kindOf(source.path))) return null;
    if (isDecisive(entry.path, source, decision) || change.facts.size > LARGEST_FILE) return null;
    met.add(change);
    const { size, version } = change.facts;
    const content = known.recall(source.path, change.facts)?.digest ?? null;
    files.set(entry, { ...entry, size, content, source: { ...source, version } });
  }
  for (const { path } of secretFiles.values()) {
    const change = changes.get(keyOf("/", path));
    if (change !== undefined) met.add(change); // it was just looked at anew, and is read when all else is written
  }
  // One that no entry is a copy of decided something by being what it was.
  if (met.size < changed.length) return null;
  return { ...decision, plan: withFiles(plan, files, spec.image) };
}

function keyOf(root: string, path: TargetPath): string {
  return `${root}\0${path}`;
}

/** Whether more than a scan of it went into the decision, by what earlier builds had learned. */
function isDecisive(path: TargetPath, { tree, path: at }: TreeFile, { plan, modules }: Decision): boolean {
  return tree === "store" || plan.compared.has(path) || modules.some((directory) => isInside(at, directory));
}
