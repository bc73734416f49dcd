/** What the kernel's unpacker makes of an image's bytes. Offsets are bytes of the file. */
import type { ByteString } from "../../core/path.ts";
import type { CompressedKind } from "../../formats/member.ts";
import type { MemberKind } from "../../inspect/read-image.ts";
import type { Levels } from "../level.ts";

/** A place inside a member. */
interface InMember {
  readonly kind: MemberKind;
  /** Where the member begins in the file. */
  readonly offset: number;
  /** Where in its unpacked bytes; of a plain one in the file. */
  readonly at: number;
}

export interface OldKernelsFinding {
  readonly code: "check/old-kernels";
  readonly offset: number;
  readonly what: "crc-archive" | "xz-new-filter" | "empty-zstd-frame";
  readonly since: string;
}

export type UnpackingFinding =
  /** A plain archive that does not begin at a multiple of four from the image's start. */
  | { readonly code: "check/misaligned-archive"; readonly offset: number }
  /** Something behind an archive's entry that does not begin at a multiple of four. */
  | ({ readonly code: "check/broken-padding" } & InMember)
  /** Bytes that the kernel takes for no archive; behind them stands one that is lost. `what`: for people. */
  | {
      readonly code: "check/unknown-data";
      readonly offset: number;
      readonly what: string;
      readonly lostFrom: number;
    }
  /** An archive of a kind that the kernel does not know: it and all behind it is lost. */
  | { readonly code: "check/unknown-format"; readonly offset: number; readonly what: string }
  /** Unknown bytes with nothing behind that is lost: the kernel prints a message, and has all. */
  | { readonly code: "check/junk-at-end"; readonly offset: number; readonly what: string }
  /** lz4 has no end mark: fewer than four zeros before something else, which is taken for a block. */
  | {
      readonly code: "check/lz4-followed";
      readonly offset: number;
      readonly zeros: number;
      readonly next: MemberKind;
    }
  /** The kernel's decompressor does not read such a member. */
  | {
      readonly code: "check/member-refused";
      readonly kind: CompressedKind;
      readonly offset: number;
      readonly why: string;
    }
  /** Compressed bytes that end too early, or are not what they were. */
  | ({ readonly code: "check/damaged-member"; readonly why: string } & InMember)
  /** Damage that the kernel does not look for: wrong content arrives without a word. */
  | {
      readonly code: "check/unnoticed-damage";
      readonly kind: CompressedKind;
      readonly offset: number;
      readonly why: string;
    }
  /** A plain archive that ends inside an entry: the kernel says nothing. */
  | {
      readonly code: "check/cut-short";
      readonly offset: number;
      /** The entry that is cut; null: it has no name yet. */
      readonly path: ByteString | null;
    }
  /** An entry's header that the kernel refuses. */
  | ({ readonly code: "check/bad-entry"; readonly why: string } & InMember)
  /** A compressed member ends inside an entry: what follows is no continuation of it. */
  | ({ readonly code: "check/entry-across-members" } & InMember)
  /** Between two entries of a compressed member stands something that is no archive. */
  | ({ readonly code: "check/junk-inside"; readonly what: string } & InMember)
  /** A member of nothing at all before any other: the kernel takes it for a broken one. */
  | { readonly code: "check/empty-first-member"; readonly kind: CompressedKind; readonly offset: number }
  /** There is nothing in it but zeros. */
  | { readonly code: "check/nothing-there" }
  /** The boot loader would refuse the wrapper. */
  | { readonly code: "check/wrapper-refused"; readonly offset: number; readonly why: string }
  /** Kernels older than `since` cannot read it. */
  | OldKernelsFinding
  /** Readers like lsinitramfs and bsdtar end here; the kernel goes on. */
  | {
      readonly code: "check/readers-stop";
      readonly offset: number;
      readonly because: "trailer" | "other-kind";
    }
  /** Zeros behind the last member, on which some readers choke. */
  | {
      readonly code: "check/trailing-zeros";
      readonly offset: number;
      readonly zeros: number;
      readonly kind: CompressedKind;
    }
  /** Members declare windows that the kernel clears for each, far larger than what is in them. Bytes. */
  | {
      readonly code: "check/window-cost";
      readonly members: number;
      readonly windows: number;
      readonly unpacked: number;
    }
  /** More than is looked at. */
  | { readonly code: "check/too-large"; readonly offset: number; readonly limit: "entries" | "bytes" }
  /** Where an lzma member ends only its decoder can tell, so what stands behind was not looked at. */
  | { readonly code: "check/unknown-end"; readonly kind: CompressedKind; readonly offset: number };

export const UNPACKING_LEVELS: Levels<UnpackingFinding> = {
  "check/misaligned-archive": "fault",
  "check/broken-padding": "fault",
  "check/unknown-data": "fault",
  "check/unknown-format": "fault",
  "check/junk-at-end": "warning",
  "check/lz4-followed": "fault",
  "check/member-refused": "fault",
  "check/damaged-member": "fault",
  "check/unnoticed-damage": "fault",
  "check/cut-short": "fault",
  "check/bad-entry": "fault",
  "check/entry-across-members": "fault",
  "check/junk-inside": "fault",
  "check/empty-first-member": "fault",
  "check/nothing-there": "fault",
  "check/wrapper-refused": "fault",
  "check/old-kernels": "warning",
  "check/readers-stop": "warning",
  "check/trailing-zeros": "warning",
  "check/window-cost": "warning",
  "check/too-large": "unproven",
  "check/unknown-end": "unproven",
};
