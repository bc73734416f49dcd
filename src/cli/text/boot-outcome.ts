/** What became of a boot, in words. */
import { showTime } from "./size.ts";

export interface BootOutcome {
  readonly end: BootEnd;
  readonly seconds: number;
  /** The kernel's words about an image that it did not wholly unpack. */
  readonly unpacking: string | null;
  readonly accelerator: "kvm" | "tcg";
}

export type BootEnd =
  | { readonly kind: "marker" }
  /** Its whole line. */
  | { readonly kind: "panic"; readonly line: string }
  | { readonly kind: "timeout" }
  /** U-Boot gave up. */
  | { readonly kind: "u-boot"; readonly said: string }
  /** By the user's keys. */
  | { readonly kind: "left" }
  /** The emulator ended by itself. */
  | { readonly kind: "ended"; readonly exitCode: number; readonly complaint: string };

/** Whether it went as it was meant to. */
export function isWell({ end }: Pick<BootOutcome, "end">, until: string | null): boolean {
  if (until !== null) return end.kind === "marker";
  return end.kind === "left" || (end.kind === "ended" && end.exitCode === 0);
}

/** `said`: what happened, without a mark of how grave it is. */
export function sayOutcome(
  { end, seconds, unpacking }: BootOutcome,
  until: string | null,
): { readonly said: string; readonly warnings: readonly string[] } {
  const after = `after ${showTime(seconds * 1000)}`;
  const warnings =
    unpacking === null
      ? []
      : [`the kernel did not unpack the whole image, and went on without: ${unpacking}`];
  return {
    said: sayEnd(end, { after, missing: until === null ? "" : `, and "${until}" was not seen` }),
    warnings,
  };
}

function sayEnd(
  end: BootEnd,
  { after, missing }: { readonly after: string; readonly missing: string },
): string {
  switch (end.kind) {
    case "marker":
      return `it was seen ${after}`;
    case "panic":
      return `${end.line} (${after}${missing})`;
    case "timeout":
      return `the time is up ${after}${missing}`;
    case "u-boot":
      return `U-Boot started no kernel (${after}): ${end.said || "it did not say why"}`;
    case "left":
      return `the guest was ended by Ctrl-A X ${after}${missing}`;
    case "ended":
      return end.exitCode === 0
        ? `the guest went down ${after}${missing}`
        : `QEMU ended with exit code ${end.exitCode} ${after}${missing}${end.complaint && `: ${end.complaint}`}`;
  }
}
