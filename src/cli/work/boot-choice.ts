/** Which machine an image is started on, and how: decided by the image, its kernel, and what this machine has. */
import { type Accelerator, memoryFor } from "../../boot/command-line.ts";
import {
  EMULATED,
  EMULATED_NAMES,
  type Emulated,
  type EmulatedName,
  emulatedFor,
} from "../../boot/machines.ts";
import type { ArchName } from "../../core/arch.ts";
import { type HostPath, showBytes } from "../../core/path.ts";
import type { BuildFailure } from "../../core/problem.ts";
import type { BootFiles } from "../../machine/boot-files.ts";
import { findEmulator, mayUseKvm } from "../../machine/emulators.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import { sayProblem } from "../report/index.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import type { BootOrder } from "./boot.ts";
import { type LookedAt, lookAtImage } from "./boot-image.ts";
import { findKernel, type Kernel, openKernel } from "./boot-kernel.ts";
import {
  type ChosenStart,
  refuse,
  type StartOrder,
  startByKernel,
  startByUboot,
  startByUefi,
} from "./boot-starts.ts";

export interface BootChoice extends ChosenStart {
  readonly arch: EmulatedName;
  readonly emulated: Emulated;
  readonly program: HostPath;
  /** In the order in which they are tried. */
  readonly accelerators: readonly Accelerator[];
  readonly memoryMiB: number;
  /** Null: the image's own. */
  readonly kernel: string | null;
  readonly kernelArguments: string;
}

/** Throws BuildFailure for what is not there or does not go together, and WrongUsage. */
export async function chooseBoot(
  order: BootOrder,
  files: BootFiles,
  terminal: Terminal,
): Promise<BootChoice> {
  const image = await lookAtImage(order.image);
  const { wrapper } = image;
  if (wrapper.kind === "uki" && order.uboot !== null) {
    throw new WrongUsage(
      "a unified kernel image is started by UEFI: leave --uboot out, or wrap it as another kind",
    );
  }
  const hasKernel = wrapper.kind === "uki" || (wrapper.kind === "fit" && wrapper.kernel !== null);
  // Which kernel to look for nobody knows then.
  if (image.trouble !== null && order.kernel === null && !hasKernel) throw image.trouble;
  const kernel = order.kernel !== null ? openKernel(order.kernel) : hasKernel ? null : findKernel(image);
  const arch = chooseArch(order, image, kernel);
  if (image.trouble !== null) warnOf(image.trouble, terminal);
  if (kernel !== null && order.kernel === null)
    terminal.note(`kernel: ${safeText(showBytes(kernel.path))}\n`);
  const emulated = EMULATED[arch];
  const program = findEmulator(emulated.program);
  if (program === null) {
    refuse({ code: "boot/emulator-not-found", program: emulated.program, arch, debian: emulated.debian });
  }
  const kernelArguments = [...emulated.kernelArguments, "panic=-1", order.append].join(" ").trim();
  const asked = { order, image, kernel, arch, emulated, kernelArguments, files };
  const chosen = chooseStart(asked);
  const needed = memoryFor({ packed: image.size, unpacked: image.unpacked, besides: chosen.besides });
  return {
    ...chosen,
    arch,
    emulated,
    program,
    accelerators: mayUseKvm(emulated.hosts) ? ["kvm", "tcg"] : ["tcg"],
    memoryMiB: order.memoryMiB ?? needed,
    kernel: kernel === null ? null : showBytes(kernel.path),
    kernelArguments,
  };
}

/** A kernel that is named gets what is in a wrapper, unless there is a U-Boot for it. */
function chooseStart(asked: StartOrder): ChosenStart {
  const { kernel, order, image } = asked;
  if (image.wrapper.kind === "uki" && kernel === null) return startByUefi(asked);
  if (order.uboot !== null || kernel === null) return startByUboot(asked);
  return startByKernel(asked, kernel);
}

/** What --arch says counts; then the kernel, since kernels run other machines' programs too; then the image. */
function chooseArch({ arch, image: path }: BootOrder, image: LookedAt, kernel: Kernel | null): EmulatedName {
  if (arch !== null) return emulatedOrRefuse(arch);
  const decisive = kernel?.arch ?? image.arch;
  if (decisive === null) {
    if (image.trouble !== null) throw image.trouble;
    refuse({ code: "boot/machine-unknown", path });
  }
  const name = emulatedOrRefuse(decisive);
  if (image.arch !== null && !EMULATED[name].runs.includes(image.arch)) {
    const kernelPath = kernel?.path ?? null;
    refuse({ code: "boot/other-machine", kernel: kernelPath, kernelArch: decisive, imageArch: image.arch });
  }
  return name;
}

function emulatedOrRefuse(name: ArchName | string): EmulatedName {
  return (
    emulatedFor(name) ?? refuse({ code: "boot/machine-not-emulated", arch: name, known: EMULATED_NAMES })
  );
}

/** The kernel judges for itself. */
function warnOf(trouble: BuildFailure, terminal: Terminal): void {
  for (const problem of trouble.problems) {
    const { headline, details } = sayProblem(problem);
    const why = details.map(([label, text]) => ` (${label} ${text})`).join("");
    terminal.complain(`warning: ${safeText(headline + why)}; it is started all the same\n`);
  }
}
