/** ELF files: the interpreter and every library that the loader would map, by its own rules (graph/loader/). */
import { archOf, type ElfMachine } from "../../core/arch.ts";
import { showBytes, type TargetPath } from "../../core/path.ts";
import type { ElfFile } from "../../formats/elf.ts";
import type { FileToScan, Finding } from "../findings.ts";
import type { LibraryLoader } from "../loader/load-program.ts";

export function scanElf(file: FileToScan, elf: ElfFile, loader: LibraryLoader, treeLabel: string): Finding[] {
  const loaded = loader.load(file.path, elf);
  const findings: Finding[] = [];
  if (loaded.interpreter !== null) {
    const { asked, resolved } = loaded.interpreter;
    const says = showBytes(asked);
    if (resolved.facts?.kind === "file") {
      findings.push({
        kind: "reference",
        by: file.path,
        to: resolved,
        reason: "interpreter",
        says,
        found: "",
        tried: [],
      });
    } else {
      findings.push(missingInterpreter(file.path, asked, treeLabel));
    }
  }
  for (const { by, soname, isOptional, outcome } of loaded.libraries) {
    const says = showBytes(soname);
    if (outcome.kind === "found") {
      const { resolved: to, rule: found, tried } = outcome;
      findings.push({ kind: "reference", by, to, reason: "needed", says, found, tried });
    } else if (outcome.kind === "fatal") {
      const { path, why } = outcome;
      const problem: Hole["problem"] = (chain) => ({ code: "graph/fatal-library", soname, path, chain, why });
      findings.push({ kind: "hole", by, names: [soname], problem });
    } else if (!isOptional) {
      const { tried: searched, skipped } = outcome;
      const problem: Hole["problem"] = (chain) => ({
        code: "graph/library-not-found",
        soname,
        chain,
        searched,
        skipped,
      });
      findings.push({ kind: "hole", by, names: [soname], problem });
    }
  }
  return findings;
}

type Hole = Extract<Finding, { kind: "hole" }>;

function missingInterpreter(
  by: TargetPath,
  interpreter: ElfFile["interpreter"] & string,
  tree: string,
): Finding {
  const problem: Hole["problem"] = (chain) => ({
    code: "graph/interpreter-not-found",
    interpreter: interpreter as NonNullable<ElfFile["interpreter"]>,
    chain,
    isScript: false,
    tree,
  });
  return { kind: "hole", by, names: [interpreter], problem };
}

/** `aarch64`, or what the header says where no name is known. */
export function nameMachine(elf: ElfMachine): string {
  return archOf(elf)?.name ?? `machine ${elf.machine} (${elf.bits} bits, ${elf.endian}-endian)`;
}
