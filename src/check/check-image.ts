/** Checks a finished image: what the kernel makes of its bytes, and whether that would boot. */
import type { HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import { withImageFile } from "../inspect/list-image.ts";
import type { InspectPorts } from "../inspect/unpack-member.ts";
import { CHECKS } from "./checks/index.ts";
import { type Finding, levelOf } from "./finding.ts";
import { type ImageView, viewImage } from "./image-view.ts";
import type { Level } from "./level.ts";
import type { Board } from "./proofs/board.ts";
import type { ProofWish } from "./proofs/subject.ts";

/** What is to be checked, and by what. */
export interface CheckOrder extends ProofWish {
  readonly image: HostPath;
  /** Permission bits of the file; null: they do not matter. */
  readonly mode: number | null;
  /** What a boot loader puts where; null: not said. */
  readonly board: Board | null;
}

export interface CheckReport {
  /** Faults first. */
  readonly findings: readonly Finding[];
  readonly view: ImageView;
}

const ORDER: Readonly<Record<Level, number>> = { fault: 0, warning: 1, unproven: 2 };

/** Throws BuildFailure: image/unreadable, image/decompressor-not-found, host/cannot-read. */
export async function checkImage(order: CheckOrder, ports: InspectPorts): Promise<CheckReport> {
  return withImageFile(order.image, ports, async (source) => {
    const view = await viewImage(source, order.image, ports);
    refuseNoImage(view, order.image);
    const findings = [...view.findings];
    for (const check of CHECKS) findings.push(...(await check(view, order)));
    const rank = (finding: Finding) => ORDER[levelOf(finding)];
    return { findings: findings.toSorted((a, b) => rank(a) - rank(b)), view };
  });
}

/** Of a recipe, a text, a picture nothing can be proved but that it is none: that is one problem, not a list of faults. */
function refuseNoImage({ members, findings }: ImageView, path: HostPath): void {
  const junk = findings.find(({ code }) => code === "check/junk-at-end");
  if (members.length > 0 || junk?.code !== "check/junk-at-end") return;
  const { offset, what } = junk;
  throw new BuildFailure([{ code: "image/unreadable", path, offset, why: what }]);
}
