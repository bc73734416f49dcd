/**
 * Which kernels run which programs. A module's header says the processor; of its flags nothing is compared,
 * since kernels are built without floating point and say so there.
 */
import { ARCHES, type Arch, type ElfMachine, isSameMachine } from "../core/arch.ts";

type Processor = Pick<ElfMachine, "machine" | "bits" | "endian">;

/** e_machine of 32-bit programs, and of the 64-bit kernels that run them as well. */
const RUNS_ALSO: readonly (readonly [program: number, kernel: number])[] = [
  [3, 62], // i386 on x86_64
  [40, 183], // arm on aarch64
  [20, 21], // ppc on ppc64
  [2, 43], // sparc on sparc64
];

/** Whether a kernel of one machine runs programs of another: the same, or the 32-bit kind of it. */
export function isKernelFor(kernel: Processor, program: Processor): boolean {
  if (kernel.endian !== program.endian) return false;
  if (isSameMachine(kernel.machine, program.machine)) return kernel.bits >= program.bits;
  return RUNS_ALSO.some(([low, high]) => program.machine === low && kernel.machine === high);
}

/** The machine of a kernel for people; null where the table has none. */
export function kernelArchOf({ machine, bits, endian }: Processor): Arch | null {
  return (
    ARCHES.find((arch) => arch.machine === machine && arch.bits === bits && arch.endian === endian) ?? null
  );
}
