/** ELF files: the interpreter and every library that the loader would map, by its own rules (graph/loader/). */
import type { ByteString, TargetPath } from "../../core/path.ts";
import { showBytes, showPath } from "../../core/path.ts";
import type { Chain } from "../../core/problems/chain.ts";
import type { GraphProblem } from "../../core/problems/graph.ts";
import type { ElfFile } from "../../formats/elf.ts";
import type { DlopenNote } from "../../formats/elf-notes.ts";
import type { FileToScan, Finding } from "../findings.ts";
import type { LibraryLoader, LibraryOutcome, LoadedLibrary } from "../loader/load-program.ts";

export function scanElf(file: FileToScan, elf: ElfFile, loader: LibraryLoader, tree: string): Finding[] {
  const loaded = loader.load(file.path, elf);
  const findings: Finding[] = [];
  if (loaded.interpreter !== null) {
    const { asked, resolved: to } = loaded.interpreter;
    const says = showBytes(asked);
    if (to.facts?.kind === "file") {
      findings.push({
        kind: "reference",
        by: file.path,
        to,
        reason: "interpreter",
        says,
        found: "",
        tried: [],
        needsCache: false,
      });
    } else {
      const problem = (chain: Chain): GraphProblem => {
        return { code: "graph/interpreter-not-found", interpreter: asked, chain, isScript: false, tree };
      };
      findings.push({ kind: "hole", by: file.path, names: [asked], problem, closedBy: [] });
    }
  }
  // A library that was asked for by itself may find its own libraries loaded by whoever loads it.
  const isProgram = elf.interpreter !== null;
  for (const library of loaded.libraries) {
    const finding = findingOf(library, isProgram ? [] : [library.soname]);
    if (finding) findings.push(finding);
    findings.push(...variantsOf(library));
  }
  return findings;
}

function findingOf(library: LoadedLibrary, closedBy: readonly ByteString[]): Finding | null {
  const { by, soname, isOptional, outcome, note } = library;
  if (note !== null && outcome.kind !== "found") {
    return isOptional ? null : noteHole(by, note, outcome, closedBy.length > 0);
  }
  switch (outcome.kind) {
    case "found": {
      const { resolved: to, rule: found, tried, needsCache } = outcome;
      const common = { kind: "reference", by, to, found, tried, needsCache } as const;
      const says = showBytes(soname);
      if (note === null) return { ...common, reason: "needed", says };
      return {
        ...common,
        reason: "dlopen-note",
        says: `${says} (${[note.feature, note.priority].filter(Boolean).join(", ")})`,
      };
    }
    case "fatal":
      return fatalHole(by, soname, outcome);
    case "missing": {
      if (isOptional) return null;
      const { tried: searched, skipped } = outcome;
      const problem = (chain: Chain): GraphProblem => {
        return { code: "graph/library-not-found", soname, chain, searched, skipped };
      };
      return { kind: "hole", by, names: [soname], problem, closedBy };
    }
  }
}

/** Besides the plain library, never instead: which of them is loaded is for the processor to say. */
function variantsOf({ by, soname, outcome }: LoadedLibrary): Finding[] {
  if (outcome.kind !== "found") return [];
  const says = showBytes(soname);
  return outcome.variants.map(({ resolved: to, rule: found }) => {
    return { kind: "reference", by, to, reason: "hwcaps", says, found, tried: [], needsCache: false };
  });
}

/** A program that opens a library finds out that it is not there, or is none, and goes without. */
function noteHole(
  by: TargetPath,
  { sonames, feature, priority }: DlopenNote,
  outcome: Exclude<LibraryOutcome, { kind: "found" }>,
  isClosable: boolean,
): Finding {
  const isFatal = outcome.kind === "fatal";
  const searched = isFatal ? [] : outcome.tried;
  const skipped = isFatal ? [`${showPath(outcome.path)}: ${outcome.why}`] : outcome.skipped;
  const problem = (chain: Chain): GraphProblem => {
    return { code: "graph/dlopen-not-found", sonames, feature, priority, chain, searched, skipped };
  };
  return { kind: "hole", by, names: sonames, problem, closedBy: isClosable ? sonames : [] };
}

/** The loader stops at such a file, whoever else has the library loaded. */
function fatalHole(
  by: TargetPath,
  soname: ByteString,
  { path, why }: { path: TargetPath; why: string },
): Finding {
  const problem = (chain: Chain): GraphProblem => ({ code: "graph/fatal-library", soname, path, chain, why });
  return { kind: "hole", by, names: [soname], problem, closedBy: [] };
}
