/** The sentences of what the kernel's unpacker makes of an image's bytes. */
import type { OldKernelsFinding, UnpackingFinding } from "../../check/findings/unpacking.ts";
import { showBytes } from "../../core/path.ts";
import type { MemberKind } from "../../inspect/read-image.ts";
import { showCount, showSize } from "../text/size.ts";
import { type Sentence, sentence } from "./sentence.ts";

export function sayUnpackingFinding(finding: UnpackingFinding): Sentence {
  switch (finding.code) {
    case "check/misaligned-archive":
      return sentence(`the plain archive at byte ${finding.offset} and all behind it is lost`, {
        details: [["because", "it does not begin at a multiple of 4 from the image's start"]],
        help: "put zeros in front of it",
      });
    case "check/broken-padding":
      return sentence(`all from byte ${finding.at} of ${showMember(finding)} on is lost`, {
        details: [["because", "what follows an entry and its zeros must begin at a multiple of 4"]],
      });
    case "check/unknown-data":
      return sentence(`what begins at byte ${finding.offset} stops the kernel, and what follows is lost`, {
        details: [
          ["it is", finding.what],
          ["lost", `an archive at byte ${finding.lostFrom}, and what comes behind it`],
        ],
      });
    case "check/unknown-format":
      return sentence(`the archive at byte ${finding.offset} and all behind it is lost`, {
        details: [["it is", finding.what]],
      });
    case "check/junk-at-end":
      return sentence(
        `at byte ${finding.offset}, behind all archives, the kernel finds what it does not know`,
        {
          details: [["it is", finding.what]],
          help: "nothing is lost, but the kernel prints an error",
        },
      );
    case "check/lz4-followed":
      return sentence(
        `what follows the lz4 member at byte ${finding.offset} (${showKind(finding.next)}) is taken for a block of it, and lost`,
        {
          details: [["zeros", `${finding.zeros} before it, where the kernel needs 4 to see an end`]],
          help: "put 4 zeros behind lz4, and as many more as it takes to a multiple of 4; or take another compressor",
        },
      );
    case "check/member-refused":
      return sentence(
        `the kernel refuses the ${finding.kind} member at byte ${finding.offset}, and all behind it is lost`,
        {
          details: [["because", finding.why]],
        },
      );
    case "check/damaged-member":
      return sentence(`${showMember(finding)} is damaged, and all behind the damage is lost`, {
        details: [
          ["unpacked", `the first ${finding.at} bytes`],
          ["because", finding.why],
        ],
      });
    case "check/unnoticed-damage":
      return sentence(`${showMember(finding)} is damaged, which the kernel does not notice`, {
        details: [["because", finding.why]],
        help: "some file has other bytes than it should",
      });
    case "check/cut-short":
      return sentence("the image is cut short, and the kernel will not say so", {
        details: [
          ["it ends at", `byte ${finding.offset}`],
          ["within", finding.path === null ? "an entry" : showBytes(finding.path)],
        ],
      });
    case "check/bad-entry":
      return sentence(`all from byte ${finding.at} of ${showMember(finding)} on is lost`, {
        details: [["because", finding.why]],
      });
    case "check/entry-across-members":
      return sentence(`${showMember(finding)} ends inside an entry, and what follows is lost`, {
        details: [["unpacked", `${finding.at} bytes`]],
        help: "an archive may be cut between entries only",
      });
    case "check/junk-inside":
      return sentence(`inside ${showMember(finding)} stands what is no archive, and the rest is lost`, {
        details: [
          ["it is", finding.what],
          ["where", `byte ${finding.at} of what it unpacks to`],
        ],
      });
    case "check/empty-first-member":
      return sentence(`the image begins with ${showMember(finding)} of nothing, and all behind it is lost`, {
        help: "leave it out",
      });
    case "check/nothing-there":
      return sentence("there is nothing in it but zeros");
    case "check/wrapper-refused":
      return sentence("the boot loader will refuse it", {
        details: [[`at byte ${finding.offset}`, finding.why]],
      });
    case "check/old-kernels":
      return sentence(`kernels before ${finding.since} cannot read all of it`, {
        details: [
          ["because", OLD[finding.what]],
          ["where", `the member at byte ${finding.offset}`],
        ],
      });
    case "check/readers-stop":
      return sentence(`the kernel reads all, but other readers stop at byte ${finding.offset}`, {
        details: [["because", READERS[finding.because]]],
        help: "lsinitramfs and the like show only what stands before; `initgraph ls` shows all",
      });
    case "check/trailing-zeros":
      return sentence(`behind the ${finding.kind} member stand ${showCount(finding.zeros, "zero byte")}`, {
        help: "the kernel does not mind, but unmkinitramfs and others may read nothing, or lose the last files",
      });
    case "check/window-cost":
      return sentence(
        `the kernel clears ${showSize(finding.windows)} of windows to unpack ${showSize(finding.unpacked)}`,
        {
          details: [["members", String(finding.members)]],
          help: "tell the compressor the size of its input (zstd --stream-size, xz --lzma2=dict=), or make fewer members",
        },
      );
    case "check/too-large":
      return sentence(`it holds more ${finding.limit} than are looked at`, {
        details: [["looked at", `what stands before byte ${finding.offset}`]],
      });
    case "check/unknown-end":
      return sentence(`what stands behind ${showMember(finding)} was not looked at`, {
        details: [["because", "only its decoder knows where it ends"]],
      });
  }
}

const OLD: Readonly<Record<OldKernelsFinding["what"], string>> = {
  "crc-archive": "an archive with checksums (070702)",
  "xz-new-filter": "xz's filter for arm64 or riscv",
  "empty-zstd-frame": "a zstd frame of nothing",
};

const READERS = {
  trailer: "a trailer ends their archive",
  "other-kind": "another compressor begins there",
} as const;

function showMember({ kind, offset }: { readonly kind: MemberKind; readonly offset: number }): string {
  return `the ${showKind(kind)} at byte ${offset}`;
}

function showKind(kind: MemberKind): string {
  return kind === "plain" ? "plain archive" : `${kind} member`;
}
