/** What is told by the content of files: programs with sections for debuggers, of other machines, and the same file twice. */
import { archOf } from "../../core/arch.ts";
import { type Amount, amountIn } from "../amounts.ts";
import type { Inspected, Suggestion } from "./suggestion.ts";

/** Compressed, the sections are taken to be as the rest of their file. */
export function lookAtSections({ image: { entries }, account, contents }: Inspected): Suggestion[] {
  const found: number[] = [];
  let [unpacked, compressed] = [0, 0];
  for (const [at, { elf }] of contents) {
    const { size } = entries[at]!;
    if (elf === null || elf.strippable === 0 || size === 0) continue;
    found.push(at);
    unpacked += elf.strippable;
    compressed += (account.entries.compressed[at]! * elf.strippable) / size;
  }
  const saves: Amount = {
    entries: 0,
    unpacked,
    compressed: Number.isNaN(compressed) ? null : Math.round(compressed),
  };
  const concerns = amountIn(account.entries, found);
  return [{ kind: "debug-sections", entries: found, concerns, saves, which: "" }];
}

/** A compressor may have found them already, if they stand near one another: so that part is not told. */
export function lookForDuplicates({ image: { entries }, account, contents }: Inspected): Suggestion[] {
  const first = new Set<string>();
  const copies: number[] = [];
  for (const [at, { kind, size, digest }] of entries.entries()) {
    const content = digest ?? contents.get(at)?.digest ?? null;
    if (kind !== "file" || size === 0 || content === null) continue;
    if (first.has(content)) copies.push(at);
    first.add(content);
  }
  const concerns = amountIn(account.entries, copies);
  const saves = { ...concerns, compressed: null };
  return [{ kind: "duplicates", entries: copies, concerns, saves, which: "" }];
}

/** Of what runs on no processor of this kind, or on one of several. Firmware is for others. */
export function lookForMachines({ image: { entries }, account, contents }: Inspected): Suggestion[] {
  const machines = new Map<string, number[]>();
  for (const [at, { elf }] of contents) {
    const name =
      elf === null || /(^|\/)lib\/firmware\//.test(entries[at]!.path)
        ? null
        : (archOf(elf.machine)?.name ?? null);
    if (name !== null) machines.set(name, [...(machines.get(name) ?? []), at]);
  }
  const all = [...machines].map(([which, own]) => ({ which, own, concerns: amountIn(account.entries, own) }));
  const [, ...others] = all.sort((a, b) => b.concerns.unpacked - a.concerns.unpacked);
  return others.map(({ which, own, concerns }) => {
    return { kind: "other-machines", entries: own, concerns, saves: concerns, which };
  });
}
