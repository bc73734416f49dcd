/** The sentences of the boot page: what keeps an image from being started in an emulator. */
import { unreachable } from "../../core/entry.ts";
import { showBytes } from "../../core/path.ts";
import type { BootProblem } from "../../core/problems/boot.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayBootProblem(problem: BootProblem): Sentence {
  switch (problem.code) {
    case "boot/is-a-recipe":
      return sentence(`${showBytes(problem.path)} is a recipe, and boot starts an image`, {
        help: "build it first: `initgraph build` prints the path of the image",
      });
    case "boot/machine-unknown":
      return sentence(`nothing in ${showBytes(problem.path)} says for which machine it is`, {
        help: "say it: --arch aarch64",
      });
    case "boot/machine-not-emulated":
      return sentence(`no board of QEMU is known here for ${problem.arch}`, {
        details: [["known", listed(problem.known, "none")]],
      });
    case "boot/other-machine": {
      const { kernel, kernelArch, imageArch } = problem;
      const subject = kernel === null ? "the board" : `the kernel ${showBytes(kernel)}`;
      return sentence(`${subject} is for ${kernelArch}, and the programs of the image for ${imageArch}`, {
        help: "name a kernel of the image's machine; where the first program of the image is not telling, --arch says it",
      });
    }
    case "boot/emulator-not-found":
      return sentence(`${problem.program}, which plays ${problem.arch}, is not on this machine`, {
        help: `install QEMU: on Debian and Ubuntu the package ${problem.debian}`,
      });
    case "boot/kernel-not-found":
      return sentence("no kernel is named, and none was found for this image", {
        details: [["looked for", listed(problem.searched, "nothing")]],
        help: "name one: --kernel FILE",
      });
    case "boot/firmware-not-found":
      return sentence(
        `a unified kernel image is started by UEFI, and there is none here for ${problem.arch}`,
        {
          details: [["looked for", listed(problem.searched, "nothing")]],
          help: installOr(problem.debian, "name a kernel, which then gets the initrd inside: --kernel FILE"),
        },
      );
    case "boot/uboot-not-found":
      return sentence(`this image is started by U-Boot, and there is none here for ${problem.arch}`, {
        details: [["looked for", listed(problem.searched, "nothing")]],
        help: installOr(
          problem.debian,
          "name one: --uboot FILE; or a kernel, which then gets the ramdisk inside: --kernel FILE",
        ),
      });
    default:
      return unreachable(problem);
  }
}

function installOr(debian: string | null, otherwise: string): string {
  return debian === null
    ? otherwise
    : `install it: on Debian and Ubuntu the package ${debian}; or ${otherwise}`;
}
