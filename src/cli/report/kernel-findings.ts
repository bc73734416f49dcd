/** The sentences of what a kernel lacks for an image. */
import type { KernelFinding } from "../../check/findings/kernel.ts";
import { showCount } from "../text/size.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayKernelFinding(finding: KernelFinding): Sentence {
  switch (finding.code) {
    case "check/kernel-no-initrd":
      return lacks("the kernel takes no initrd at all", finding);
    case "check/kernel-ignores-initrd":
      return sentence("the kernel takes what was built into it, and no other initrd", {
        details: [["it has", finding.option]],
      });
    case "check/kernel-no-decompressor":
      return lacks(`the kernel cannot unpack ${finding.kind}`, finding, "take another compressor");
    case "check/kernel-no-programs":
      return lacks("the kernel runs no ELF programs", finding);
    case "check/kernel-no-scripts":
      return lacks(
        "the kernel starts no scripts",
        finding,
        "a shell runs them all the same where it is told to",
      );
    case "check/kernel-no-compatibility":
      return lacks(`the kernel runs none of ${showCount(finding.programs, "32-bit program")}`, finding);
    case "check/kernel-no-modules":
      return lacks(`the kernel loads none of ${showCount(finding.modules, "module")}`, finding);
    case "check/kernel-no-devtmpfs":
      return lacks(
        "the kernel has no devtmpfs, and the image no device nodes",
        finding,
        "beside /dev/console there will be no devices but those that init makes",
      );
    case "check/kernel-untold":
      return sentence("whether the kernel has all that the image asks of it", {
        details: [["not known", listed(finding.options, "nothing")]],
        help: "the kernel's bytes do not tell; name its configuration, or put it beside as config-VERSION",
      });
  }
}

function lacks(headline: string, { option }: { readonly option: string }, help = ""): Sentence {
  return sentence(headline, { details: [["it lacks", option]], help });
}
