/** The sentences of an image's kernel modules and their firmware. */
import type { ModuleFinding } from "../../check/findings/modules.ts";
import { showPath } from "../../core/path.ts";
import { showCount } from "../text/size.ts";
import { type Sentence, sentence } from "./sentence.ts";
import { firstOf, sharedBy } from "./sharing.ts";

export function sayModuleFinding(finding: ModuleFinding): Sentence {
  switch (finding.code) {
    case "check/no-module-index":
      return sentence(
        `modprobe finds none of ${showCount(finding.modules, "module")}: ${finding.index} cannot be read`,
        {
          details: [["where", showPath(finding.directory)]],
          help: "run depmod on the tree of the image; kmod reads the .bin files, busybox the others",
        },
      );
    case "check/module-unlisted":
      return sentence(
        `modprobe does not find ${showCount(finding.count, "module")} that ${areThere(finding.count)}`,
        {
          details: [sharedBy("modules", finding), ["not in", finding.index]],
          help: "run depmod on the tree of the image",
        },
      );
    case "check/module-needs-absent":
      return sentence(
        `${showCount(finding.count, "module needs", "modules need")} ${finding.needs}, which is not there`,
        {
          details: [sharedBy("modules", finding)],
        },
      );
    case "check/index-incomplete":
      return sentence(`${finding.index} lacks ${finding.lacks} for ${showCount(finding.count, "module")}`, {
        details: [sharedBy("modules", finding)],
        help: "run depmod on the tree of the image",
      });
    case "check/module-symbol":
      return sentence(
        `nothing has the symbol ${finding.symbol}, so ${showCount(finding.count, "module")} cannot be loaded`,
        {
          details: [sharedBy("modules", finding)],
          help: "neither the kernel nor another module of the image has it: a module is missing, or is another kernel's",
        },
      );
    case "check/module-version":
      return sentence(
        `${showCount(finding.count, "module was", "modules were")} made for ${finding.version}`,
        {
          details: [sharedBy("modules", finding), ["directory", showPath(finding.directory)]],
          help: "only a kernel that finds the checksums of all their symbols right takes them",
        },
      );
    case "check/module-refused":
      return sentence(
        `the kernel refuses ${showCount(finding.count, "module")}: they were built in another way`,
        {
          details: [
            ["they say", finding.vermagic],
            ["it wants", finding.wanted],
            sharedBy("modules", finding),
          ],
        },
      );
    case "check/module-foreign":
      return sentence(
        `${showCount(finding.count, "module is", "modules are")} for ${finding.machine}, not ${finding.wanted}`,
        {
          details: [sharedBy("modules", finding)],
        },
      );
    case "check/module-broken":
      return sentence(`${showCount(finding.count, "module")} cannot be loaded: ${finding.why}`, {
        details: [sharedBy("modules", finding)],
      });
    case "check/no-modules-for-kernel":
      return sentence(`there are no modules for ${finding.version}`, {
        details: [["there are", `those of ${firstOf(finding.found)}`]],
        help: "modprobe looks into the directory of the running kernel alone",
      });
    case "check/firmware-absent":
      return sentence(`whether a device wants firmware that is not there`, {
        details: [["not there", firstOf(finding.names)], sharedBy("named by", finding)],
      });
    case "check/firmware-packed":
      return sentence(`the kernel does not unpack ${showCount(finding.names.length, "firmware file")}`, {
        details: [
          ["files", firstOf(finding.names)],
          sharedBy("named by", finding),
          ["it lacks", finding.option],
        ],
      });
  }
}

function areThere(count: number): string {
  return count === 1 ? "is there" : "are there";
}
