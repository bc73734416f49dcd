/** Whether a kernel takes an image and runs what is in it, by the options that it was built with. */
import type { KernelMachine } from "../../formats/kernel-image.ts";
import type { CompressedKind } from "../../formats/member.ts";
import type { MemberKind } from "../../inspect/read-image.ts";
import type { KernelFinding } from "../findings/kernel.ts";
import { type KernelAbilities, optionOf, RD_OPTIONS } from "../kernel/kernel-abilities.ts";
import { elfFilesOf, type Program } from "./programs.ts";
import type { KernelModules } from "./read-modules.ts";
import { isExecutable, type Subject } from "./subject.ts";

/** What an image asks of its kernel. */
interface Demand {
  readonly option: string;
  /** What it means that the kernel lacks it. */
  readonly finding: KernelFinding;
}

export function proveKernel(
  subject: Subject,
  members: readonly MemberKind[],
  kernels: readonly KernelModules[],
): KernelFinding[] {
  const { kernel } = subject;
  if (kernel === null) return [];
  const forced =
    optionOf(kernel, FORCE) === "y" ? [{ code: IGNORES, option: `CONFIG_${FORCE}` } as const] : [];
  const demands = [...demandsOfImage(members), ...demandsOfContents(subject, kernel, kernels)];
  const values = demands.map(({ option, finding }) => ({ option, finding, value: optionOf(kernel, option) }));
  const lacked = values.filter(({ value }) => value !== null && value !== "y").map(({ finding }) => finding);
  const untold = values.filter(({ value }) => value === null).map(({ option }) => `CONFIG_${option}`);
  const unproven = untold.length === 0 ? [] : [{ code: "check/kernel-untold", options: untold } as const];
  return [...forced, ...lacked, ...unproven];
}

const FORCE = "INITRAMFS_FORCE";
const IGNORES = "check/kernel-ignores-initrd";

function demandsOfImage(members: readonly MemberKind[]): Demand[] {
  const kinds = [...new Set(members)].filter((kind): kind is CompressedKind => kind !== "plain");
  return [
    demand("BLK_DEV_INITRD", (option) => ({ code: "check/kernel-no-initrd", option })),
    ...kinds.map((kind) =>
      demand(RD_OPTIONS[kind], (option) => ({ code: "check/kernel-no-decompressor", kind, option })),
    ),
  ];
}

function demandsOfContents(
  subject: Subject,
  kernel: KernelAbilities,
  kernels: readonly KernelModules[],
): Demand[] {
  const { programs } = elfFilesOf(subject);
  const hasScripts = subject.files.some(
    ({ path, facts }) => isExecutable(facts) && subject.kindOf(path).kind === "script",
  );
  const modules = kernels.reduce((sum, each) => sum + each.modules.length, 0);
  const demands: Demand[] = [];
  if (programs.length > 0)
    demands.push(demand("BINFMT_ELF", (option) => ({ code: "check/kernel-no-programs", option })));
  if (hasScripts)
    demands.push(demand("BINFMT_SCRIPT", (option) => ({ code: "check/kernel-no-scripts", option })));
  if (kernel.machine !== null) demands.push(...demandsOfOthers(programs, kernel.machine));
  if (modules > 0)
    demands.push(demand("MODULES", (option) => ({ code: "check/kernel-no-modules", option, modules })));
  if (programs.length > 0 && !hasDevices(subject))
    demands.push(demand("DEVTMPFS", (option) => ({ code: "check/kernel-no-devtmpfs", option })));
  return demands;
}

/** Programs of fewer bits than the kernel. */
function demandsOfOthers(programs: readonly Program[], kernel: KernelMachine): Demand[] {
  return COMPATIBILITY.flatMap(([by, of, option]) => {
    if (kernel.bits !== 64 || kernel.machine !== by) return [];
    const count = programs.filter(
      ({ elf: { machine } }) => machine.bits === 32 && machine.machine === of,
    ).length;
    return count === 0
      ? []
      : [
          demand(option, (name) => ({
            code: "check/kernel-no-compatibility",
            option: name,
            programs: count,
          })),
        ];
  });
}

/** By e_machine of a 64-bit kernel, and of 32-bit programs. */
const COMPATIBILITY: readonly (readonly [kernel: number, program: number, option: string])[] = [
  [62, 3, "IA32_EMULATION"],
  [62, 62, "X86_X32_ABI"],
  [183, 40, "COMPAT"],
  [243, 243, "COMPAT"],
  [21, 20, "COMPAT"],
  [43, 2, "COMPAT"],
  [8, 8, "MIPS32_O32"],
];

/** Beside the console, which the kernel makes. */
function hasDevices({ tree }: Subject): boolean {
  return tree.paths().some((path) => {
    const kind = tree.stat(path)?.kind;
    return (kind === "char" || kind === "block") && path !== "dev/console";
  });
}

function demand(option: string, finding: (option: string) => KernelFinding): Demand {
  return { option, finding: finding(`CONFIG_${option}`) };
}
