/** Whether stub, kernel and the image's programs are for one machine. */
import { ARCHES, type ElfMachine } from "../core/arch.ts";
import { BuildFailure } from "../core/problem.ts";
import type { Span } from "../core/span.ts";
import { elfMachineOf, type Pe } from "../formats/pe.ts";

type Machine = Pick<ElfMachine, "machine" | "bits" | "endian">;

/** Firmware of 32 bits may start a kernel of 64: the stub knows how. Throws BuildFailure image/uki-machines-differ. */
export function checkStubAndKernel(at: Span | null, stub: Pe, kernel: Pe): void {
  const isMixed = isIn(machineOf(stub), "i386") && isIn(machineOf(kernel), "x86_64");
  if (stub.machine === kernel.machine || isMixed) return;
  throw differ(at, ["the stub", nameOfPe(stub)], ["the kernel", nameOfPe(kernel)]);
}

/** Kernels of 64 bits run programs of 32 beside. Throws BuildFailure image/uki-machines-differ. */
export function checkKernelAndContents(at: Span | null, kernel: Pe, contents: Machine | null): void {
  if (contents === null) return;
  const own = machineOf(kernel);
  const runs = (name: string, ...others: readonly string[]) =>
    isIn(own, name) && others.some((other) => isIn(contents, other));
  const isSame = own !== null && isAlike(own, contents);
  if (isSame || runs("x86_64", "i386", "x32") || runs("aarch64", "armhf")) return;
  const name = ARCHES.find((arch) => isAlike(arch, contents))?.name ?? String(contents.machine);
  throw differ(at, ["the kernel", nameOfPe(kernel)], ["the image's programs", name]);
}

type Said = readonly [what: string, machine: string];

function differ(at: Span | null, [first, a]: Said, [second, b]: Said): BuildFailure {
  const problem = { first, firstMachine: a, second, secondMachine: b };
  return new BuildFailure([{ code: "image/uki-machines-differ", at, ...problem }]);
}

function machineOf(pe: Pe): Machine | null {
  const found = elfMachineOf(pe);
  return found === null ? null : { ...found, endian: "little" };
}

export function nameOfPe(pe: Pe): string {
  const machine = machineOf(pe);
  const arch = machine === null ? undefined : ARCHES.find((one) => isAlike(one, machine));
  return arch?.name ?? `PE machine 0x${pe.machine.toString(16)}`;
}

function isIn(machine: Machine | null, name: string): boolean {
  return machine !== null && ARCHES.some((arch) => arch.name === name && isAlike(arch, machine));
}

function isAlike(a: Machine, b: Machine): boolean {
  return a.machine === b.machine && a.bits === b.bits && a.endian === b.endian;
}
