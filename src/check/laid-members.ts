/**
 * Whether members may stand where they stand, by their places alone: what every build is held to before its result is to be
 * seen. The rules are the kernel's (image/padding.ts has them from the other side), so a finding here is a mistake of ours.
 */
import type { MemberKind } from "../inspect/read-image.ts";
import type { UnpackingFinding } from "./findings/unpacking.ts";

export interface LaidMember {
  /** Bytes from the beginning of the file. */
  readonly offset: number;
  readonly size: number;
  /** How what stands there begins, and ends: it may be several members. */
  readonly firstKind: MemberKind;
  readonly lastKind: MemberKind;
}

/** Behind lz4 the kernel needs so many zeros to see an end. */
const ZEROS_BEHIND_LZ4 = 4;

type PlaceFinding = Extract<
  UnpackingFinding,
  { readonly code: "check/broken-padding" | "check/misaligned-archive" | "check/lz4-followed" }
>;

/** `members` in order; the image begins with the first. */
export function checkLaidMembers(members: readonly LaidMember[]): PlaceFinding[] {
  const [first] = members;
  return members.flatMap((member, index): PlaceFinding[] => {
    const before = members[index - 1];
    if (before === undefined || first === undefined) return [];
    const { firstKind: next, offset } = member;
    const end = before.offset + before.size;
    const zeros = offset - end;
    const isAligned = (offset - first.offset) % 4 === 0;
    if (before.lastKind === "plain" && !isAligned)
      return [{ code: "check/broken-padding", kind: "plain", offset: before.offset, at: offset }];
    if (next === "plain" && !isAligned) return [{ code: "check/misaligned-archive", offset }];
    const isOneStream = next === "lz4" && zeros === 0;
    if (before.lastKind === "lz4" && zeros < ZEROS_BEHIND_LZ4 && !isOneStream)
      return [{ code: "check/lz4-followed", offset: end, zeros, next }];
    return [];
  });
}
