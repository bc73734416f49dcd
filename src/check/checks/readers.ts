/**
 * What other readers of images make of one that the kernel reads whole: lsinitramfs, lsinitrd, unmkinitramfs, bsdtar, and
 * a decompressor before cpio. They were tried with such images (Debian's of 2022 to 2025).
 */
import type { CompressedKind } from "../../formats/member.ts";
import type { MemberKind } from "../../inspect/read-image.ts";
import type { Finding } from "../finding.ts";
import type { ImageView } from "../image-view.ts";
import type { PlayedMember } from "../play-image.ts";

export function checkReaders(image: ImageView): Finding[] {
  if (image.stoppedAt !== null) return [];
  return [...endOfReading(image), ...zerosBehind(image)];
}

/** Plain archives in front, as microcode, are gone over by all of them. */
function endOfReading({ members }: ImageView): Finding[] {
  const from = members.findIndex(({ kind }) => kind !== "plain");
  if (from === -1) return [];
  let kind: MemberKind | null = null;
  let ended: PlayedMember | null = null;
  for (const member of members.slice(from)) {
    if (member.lastEntry !== -1) {
      if (ended !== null) return [{ code: "check/readers-stop", offset: ended.offset, because: "trailer" }];
      if (kind !== null && kind !== member.kind)
        return [{ code: "check/readers-stop", offset: member.offset, because: "other-kind" }];
    }
    kind ??= member.kind;
    const [trailer] = member.trailers;
    if (trailer === undefined) continue;
    if (trailer < member.lastEntry)
      return [{ code: "check/readers-stop", offset: member.offset, because: "trailer" }];
    ended ??= member;
  }
  return [];
}

/** By kind, whether some reader chokes on zeros behind it. */
const CHOKES: Readonly<Record<CompressedKind, (zeros: number) => boolean>> = {
  gzip: () => false,
  bzip2: () => false,
  lzop: () => false,
  lzma: () => true,
  lz4: () => true,
  zstd: () => true,
  // xz(1) takes padding by fours
  xz: (zeros) => zeros % 4 !== 0,
};

function zerosBehind({ members, trailingZeros: zeros }: ImageView): Finding[] {
  const last = members.at(-1);
  if (zeros === 0 || last === undefined || last.kind === "plain") return [];
  const offset = last.offset + last.size;
  return CHOKES[last.kind](zeros) ? [{ code: "check/trailing-zeros", offset, zeros, kind: last.kind }] : [];
}
