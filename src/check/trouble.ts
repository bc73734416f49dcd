/** What is wrong with a compressed member, and what the kernel does then. */
import type { CompressedKind } from "../formats/member.ts";
import type { MemberKind } from "../inspect/read-image.ts";
import type { Finding } from "./finding.ts";
import type { OldKernelsFinding } from "./findings/unpacking.ts";

export type Trouble =
  | { readonly trouble: "refused" | "damaged" | "unnoticed"; readonly why: string }
  /** `offset`: where it stands. */
  | {
      readonly trouble: "lz4-followed";
      readonly offset: number;
      readonly zeros: number;
      readonly next: MemberKind;
    }
  | ({ readonly trouble: "old-kernels" } & Pick<OldKernelsFinding, "what" | "since">)
  | { readonly trouble: "unknown-end" };

/** Whether the kernel reads no further. */
export function isStop({ trouble }: Trouble): boolean {
  return trouble !== "unnoticed" && trouble !== "old-kernels";
}

/** Where a member stands, and how far it was unpacked; `base`: bytes of the file before the image. */
export interface TroublePlace {
  readonly kind: CompressedKind;
  readonly offset: number;
  readonly at: number;
  readonly base: number;
}

export function findingOf(trouble: Trouble, { kind, offset, at, base }: TroublePlace): Finding {
  switch (trouble.trouble) {
    case "refused":
      return { code: "check/member-refused", kind, offset, why: trouble.why };
    case "damaged":
      return { code: "check/damaged-member", kind, offset, at, why: trouble.why };
    case "unnoticed":
      return { code: "check/unnoticed-damage", kind, offset, why: trouble.why };
    case "lz4-followed":
      return {
        code: "check/lz4-followed",
        offset: base + trouble.offset,
        zeros: trouble.zeros,
        next: trouble.next,
      };
    case "old-kernels":
      return { code: "check/old-kernels", offset, what: trouble.what, since: trouble.since };
    case "unknown-end":
      return { code: "check/unknown-end", kind, offset };
  }
}
