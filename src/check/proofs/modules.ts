/**
 * Whether modules would be taken: by their machine, by what they say of their kernel, by the symbols that they need.
 * Source: linux kernel/module/main.c (elf_validity_check, check_modinfo, simplify_symbols), kernel/module/version.c.
 */
import type { ElfMachine } from "../../core/arch.ts";
import type { TargetPath } from "../../core/path.ts";
import { symbolsLackedBy } from "../../formats/kernel-exports.ts";
import type { KernelMachine } from "../../formats/kernel-image.ts";
import { isKernelFor, kernelArchOf } from "../../kernel/machines.ts";
import type { ModuleFinding } from "../findings/modules.ts";
import type { KernelAbilities } from "../kernel/kernel-abilities.ts";
import type { ImageModule, KernelModules } from "./read-modules.ts";
import { Troubles } from "./sharing.ts";

/** `machine`: of the kernel that will take them; null: not known. */
export function proveModules(
  kernels: readonly KernelModules[],
  kernel: KernelAbilities | null,
  machine: KernelMachine | null,
): ModuleFinding[] {
  return [
    ...proveVersion(kernels, kernel),
    ...kernels.flatMap((one) => {
      const isOwn = ({ facts }: ImageModule): boolean =>
        machine === null || isOfMachine(facts.machine, machine);
      // Of those of another machine there is nothing more to say.
      const own = { ...one, modules: one.modules.filter(isOwn) };
      return [...proveMachine(one, machine), ...proveOfOneKernel(own), ...proveForKernel(own, kernel)];
    }),
  ];
}

/** Of the machines of modules that run the programs, that of most modules; else that of the programs. */
export function machineOfModules(
  kernels: readonly KernelModules[],
  programs: KernelMachine | null,
): KernelMachine | null {
  const counts = new Map<string, { machine: ElfMachine; count: number }>();
  for (const { facts } of kernels.flatMap(({ modules }) => modules)) {
    const { machine, bits, endian } = facts.machine;
    const key = `${machine} ${bits} ${endian}`;
    counts.set(key, { machine: facts.machine, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  const fitting = [...counts.values()].filter(
    ({ machine }) => programs === null || isKernelFor(machine, programs),
  );
  return fitting.sort((a, b) => b.count - a.count)[0]?.machine ?? programs;
}

function proveVersion(kernels: readonly KernelModules[], kernel: KernelAbilities | null): ModuleFinding[] {
  const version = kernel?.version ?? null;
  if (version === null || kernels.length === 0 || kernels.some((one) => one.version === version)) return [];
  return [{ code: "check/no-modules-for-kernel", version, found: kernels.map((one) => one.version) }];
}

function proveMachine({ modules }: KernelModules, wanted: KernelMachine | null): ModuleFinding[] {
  const foreign = new Troubles<{ code: "check/module-foreign"; machine: string; wanted: string }>();
  for (const { path, facts } of modules) {
    if (wanted === null || isOfMachine(facts.machine, wanted)) continue;
    const names = { machine: machineName(facts.machine), wanted: machineName(wanted) };
    foreign.add({ code: "check/module-foreign", ...names }, path);
  }
  return foreign.findings();
}

function proveOfOneKernel({ version, directory, modules, broken }: KernelModules): ModuleFinding[] {
  const brokenOnes = new Troubles<{ code: "check/module-broken"; why: string }>();
  const versions = new Troubles<{ code: "check/module-version"; version: string; directory: TargetPath }>();
  for (const { path, why } of broken) brokenOnes.add({ code: "check/module-broken", why }, path);
  for (const { path, vermagic } of modules) {
    const said = vermagic?.split(" ")[0] ?? version;
    if (said !== version) versions.add({ code: "check/module-version", version: said, directory }, path);
  }
  return [...brokenOnes.findings(), ...versions.findings()];
}

function isOfMachine(module: KernelMachine, kernel: KernelMachine): boolean {
  return module.machine === kernel.machine && module.bits === kernel.bits && module.endian === kernel.endian;
}

function machineName(machine: KernelMachine): string {
  return kernelArchOf(machine)?.name ?? `machine ${machine.machine}`;
}

/** Only of the directory that this kernel looks into. */
function proveForKernel(
  { version, modules }: KernelModules,
  kernel: KernelAbilities | null,
): ModuleFinding[] {
  if (kernel === null || kernel.version !== version) return [];
  const refused = new Troubles<{ code: "check/module-refused"; vermagic: string; wanted: string }>();
  const wanted = kernel.vermagic;
  for (const { path, vermagic } of modules) {
    if (wanted === null || vermagic === null || isSameMagic(vermagic, wanted)) continue;
    refused.add({ code: "check/module-refused", vermagic, wanted }, path);
  }
  return [...refused.findings(), ...proveSymbols(modules, kernel)];
}

/** A module with checksums of its symbols is compared by these, in place of the version. */
function isSameMagic(module: string, kernel: string): boolean {
  const [one, other] = [module, kernel].map((text) =>
    text.includes(" modversions ") ? text.replace(/^\S+/, "") : text,
  );
  return one === other;
}

/** What no kernel has, and linkers leave undefined all the same (ignore_undef_symbol). */
const OF_THE_LINKER = new Set(["_GLOBAL_OFFSET_TABLE_", "_gp_disp", "__global_pointer$", ".TOC."]);

function proveSymbols(modules: readonly ImageModule[], { image }: KernelAbilities): ModuleFinding[] {
  if (image === null) return [];
  const exported = new Set(modules.flatMap(({ facts }) => facts.exports));
  const needed = modules.map(({ path, facts, weak }) => ({
    path,
    symbols: facts.needs.filter(
      (symbol) => !exported.has(symbol) && !weak.has(symbol) && !OF_THE_LINKER.has(symbol),
    ),
  }));
  const lacked = symbolsLackedBy(image, new Set(needed.flatMap(({ symbols }) => symbols)));
  const troubles = new Troubles<{ code: "check/module-symbol"; symbol: string }>();
  for (const { path, symbols } of needed) {
    // One of a module is enough to say.
    const symbol = symbols.find((each) => lacked.has(each));
    if (symbol !== undefined) troubles.add({ code: "check/module-symbol", symbol }, path);
  }
  return troubles.findings();
}
