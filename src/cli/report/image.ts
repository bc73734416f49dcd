/** The sentences of the image page: compressors, prepended archives, the finished file. */
import { unreachable } from "../../core/entry.ts";
import { showBytes, showPath } from "../../core/path.ts";
import type { ImageProblem } from "../../core/problems/image.ts";
import { showArea } from "./area.ts";
import { KINDS } from "./kinds.ts";
import { listed, type Sentence, sentence } from "./sentence.ts";

export function sayImageProblem(problem: ImageProblem): Sentence {
  switch (problem.code) {
    case "image/compressor-not-found":
      return sentence(`the compressor ${problem.program} is not on this machine`, {
        at: problem.at,
        help: "install it, or take zstd or gzip, which need no program",
      });
    case "image/compressor-failed":
      return sentence(`${problem.program} ended with exit code ${problem.exitCode}`, {
        details: problem.complaint === "" ? [] : [["it said", problem.complaint]],
      });
    case "image/codec-unavailable":
      return sentence(`the embedded ${problem.codec} does not run on this machine`, {
        details: [["because", problem.why]],
        help: `take "engine: tool" and install ${problem.codec}`,
      });
    case "image/kernel-refuses":
      return sentence(`the kernel could not unpack what ${problem.compressor} makes`, {
        at: problem.at,
        details: [["because", problem.why]],
      });
    case "image/segment-too-large":
      return sentence(`a segment of ${problem.size} bytes is too large for the embedded ${problem.codec}`, {
        at: problem.at,
        details: [["its limit", `${problem.limit} bytes, which it holds in memory`]],
        help: 'take "engine: tool"',
      });
    case "image/uinitrd-arch-unknown":
      return sentence(
        problem.arch === null
          ? "nothing in the image says for which machine U-Boot should take it"
          : `U-Boot has no name for ${problem.arch}`,
        {
          at: problem.at,
          help: `name one as mkimage does: ${problem.at === null ? "--arch arm64" : '"uInitrdArch: arm64"'}`,
        },
      );
    case "image/too-large-for-uinitrd":
      return sentence(`the image has ${problem.size} bytes; a uInitrd holds up to 4294967295`, {
        at: problem.at,
      });
    case "image/too-large-for-fit":
      return sentence(
        `the parts of the FIT image have ${problem.size} bytes; U-Boot counts up to ${problem.limit}`,
        {
          at: problem.at,
        },
      );
    case "image/fit-file-not-found":
      return sentence(`the ${problem.role} ${showBytes(problem.path)} of the FIT image is not there`, {
        at: problem.at,
      });
    case "image/bad-fit-file":
      return sentence(`${showBytes(problem.path)} cannot be the ${problem.role} of a FIT image`, {
        at: problem.at,
        details: [[`at byte ${problem.offset}`, problem.why]],
      });
    case "image/uki-file-not-found":
      return sentence(
        `the ${problem.role} ${showBytes(problem.path)} of the unified kernel image is not there`,
        {
          at: problem.at,
          ...(problem.role === "stub" ? { help: "Debian has it in the package systemd-boot-efi" } : {}),
        },
      );
    case "image/bad-uki-file":
      return sentence(`${showBytes(problem.path)} cannot be the ${problem.role} of a unified kernel image`, {
        at: problem.at,
        details: [[`at byte ${problem.offset}`, problem.why]],
      });
    case "image/uki-machines-differ":
      return sentence(
        `${problem.first} of the unified kernel image and ${problem.second} are not for one machine`,
        {
          at: problem.at,
          details: [
            [problem.first, problem.firstMachine],
            [problem.second, problem.secondMachine],
          ],
        },
      );
    case "image/uki-other-modules":
      return sentence(`the kernel of the unified kernel image would not find the image's modules`, {
        at: problem.at,
        details: [
          ["the kernel", problem.kernel],
          ["the modules", listed(problem.modules.map(showPath), "none")],
        ],
        help: `take the kernel that belongs to them, or say its version as "uname"`,
      });
    case "image/too-large-for-uki":
      return sentence(
        `the sections of the unified kernel image have ${problem.size} bytes; UEFI counts up to ${problem.limit}`,
        { at: problem.at },
      );
    case "image/larger-than-its-area":
      return sentence(
        `${problem.file} has ${problem.size} bytes, ${problem.size - problem.limit} more than the board has room for`,
        { at: problem.at, details: [["its area", `${problem.limit} bytes`]] },
      );
    case "image/members-misplaced":
      return sentence(`the kernel would not see what stands at byte ${problem.offset} of ${problem.file}`, {
        details: [["the rule", problem.rule]],
        help: "this is a mistake of initgraph's: please report it with the recipe",
      });
    case "image/areas-overlap":
      return sentence(
        `${problem.image.name} would lie over the ${problem.other.name} in the board's memory`,
        {
          at: problem.at,
          details: [
            [problem.image.name, showArea(problem.image)],
            [problem.other.name, showArea(problem.other)],
          ],
          help: "move one of them, or make the image smaller",
        },
      );
    case "image/prepend-not-found":
      return sentence(`${showBytes(problem.path)} is not there to be prepended`, { at: problem.at });
    case "image/bad-prepend":
      return sentence(`the kernel could not read ${showBytes(problem.path)}`, {
        at: problem.at,
        details: [[`at byte ${problem.offset}`, problem.why]],
        help: "what is prepended must be a newc archive (cpio -o -H newc), plain or compressed",
      });
    case "image/unreadable":
      return sentence(`${showBytes(problem.path)} is not an image that the kernel could read`, {
        details: [[`at byte ${problem.offset}`, problem.why]],
      });
    case "image/kernel-unreadable":
      return sentence(
        `${showBytes(problem.path)} is no kernel that can be read, and no configuration of one`,
        {
          details: [[`at byte ${problem.offset}`, problem.why]],
          help: "name a bzImage, zImage, Image or vmlinux, a unified kernel image, or the kernel's .config",
        },
      );
    case "image/decompressor-not-found":
      return sentence(`${showBytes(problem.path)} cannot be read without ${problem.program}`, {
        details: [["because", `a part of it is compressed with ${problem.kind}`]],
        help: `install ${problem.program}`,
      });
    case "image/path-not-found":
      return sentence(`${showBytes(problem.path)} is not in ${showBytes(problem.image)}`, {
        details: [
          ...(problem.leadsTo === null ? [] : [["leads to", showPath(problem.leadsTo)] as const]),
          ["nearest", listed(problem.nearest.map(showPath), "nothing of a name like this")],
        ],
      });
    case "image/no-such-part":
      return sentence(
        problem.part === "early"
          ? `${showBytes(problem.image)} has no early members`
          : `${showBytes(problem.image)} has nothing but early members`,
        { help: "`initgraph ls --members` shows its members" },
      );
    case "image/path-loops":
      return sentence(
        `${showBytes(problem.path)} in ${showBytes(problem.image)} leads in a circle of symlinks`,
      );
    case "image/path-no-file":
      return sentence(
        `${showBytes(problem.path)} in ${showBytes(problem.image)} is ${KINDS[problem.found]}, not a file`,
        problem.found === "directory" ? { help: "`initgraph ls` lists what is below it" } : {},
      );
    default:
      return unreachable(problem);
  }
}
