/** All explanations by code: the compiler sees that none is missing and none is left over. */

import { type FindingCode, levelOf } from "../../check/finding.ts";
import type { Level } from "../../check/level.ts";
import type { ProblemCode } from "../../core/problem.ts";
import type { WarningCode } from "../../core/warning.ts";
import { ARCHIVES } from "./archives.ts";
import { BOOT } from "./boot.ts";
import { CHECK_BOARD } from "./check-board.ts";
import { CHECK_CONTENTS } from "./check-contents.ts";
import { CHECK_KERNEL } from "./check-kernel.ts";
import { CHECK_MODULES } from "./check-modules.ts";
import { CHECK_PROGRAMS } from "./check-programs.ts";
import { CHECK_TREE } from "./check-tree.ts";
import { CHECK_UNPACKING } from "./check-unpacking.ts";
import { CLI } from "./cli.ts";
import { COMPOSITION } from "./composition.ts";
import { COMPRESSOR } from "./compressor.ts";
import type { Explanation } from "./explanation.ts";
import { GRAPH } from "./graph.ts";
import { HOST } from "./host.ts";
import { IMAGE } from "./image.ts";
import { KERNEL } from "./kernel.ts";
import { LOCK } from "./lock.ts";
import { NIX_GRAPH, NIX_HOST } from "./nix.ts";
import { PLAN } from "./plan.ts";
import { SECRETS } from "./secrets.ts";
import { SIZE } from "./size.ts";
import { SPEC_MEANING } from "./spec-meaning.ts";
import { SPEC_SHAPE } from "./spec-shape.ts";
import { SPEC_TEXT } from "./spec-text.ts";
import { TRACE } from "./trace.ts";
import { WARNINGS } from "./warnings.ts";
import { WRAPPERS } from "./wrappers.ts";

const PROBLEMS: Readonly<Record<ProblemCode, Explanation>> = {
  ...SPEC_SHAPE,
  ...SPEC_MEANING,
  ...COMPRESSOR,
  ...COMPOSITION,
  ...SPEC_TEXT,
  ...ARCHIVES,
  ...KERNEL,
  ...GRAPH,
  ...NIX_GRAPH,
  ...PLAN,
  ...SECRETS,
  ...IMAGE,
  ...WRAPPERS,
  ...LOCK,
  ...TRACE,
  ...SIZE,
  ...BOOT,
  ...HOST,
  ...NIX_HOST,
  ...CLI,
};

/** What `check` finds. */
const FINDINGS: Readonly<Record<FindingCode, Explanation>> = {
  ...CHECK_UNPACKING,
  ...CHECK_TREE,
  ...CHECK_PROGRAMS,
  ...CHECK_MODULES,
  ...CHECK_KERNEL,
  ...CHECK_CONTENTS,
  ...CHECK_BOARD,
};

/** How a code stands before its text: `error[…]`; of what `check` finds, how much it matters. */
export type CodeKind = "error" | "warning" | Level;

export interface Explained extends Explanation {
  readonly code: string;
  readonly kind: CodeKind;
}

/** Rooms in the order in which a build walks through them, and what each is about. */
export const ROOMS: Readonly<Record<RoomOf<ProblemCode | WarningCode | FindingCode>, string>> = {
  spec: "the recipe",
  archives: "root trees in archives",
  kernel: "kernel modules and firmware",
  graph: "what comes with what the recipe names",
  plan: "what stands where in the image",
  secrets: "secrets",
  image: "the finished file, and images that are read",
  lock: "locks",
  trace: "what the manifest beside an image tells",
  size: "what an image costs",
  boot: "images that are started in QEMU",
  packages: "packages in the SBOM",
  check: "what `check` finds in an image",
  host: "this machine",
  cli: "the command line",
};

type RoomOf<Code> = Code extends `${infer Room}/${string}` ? Room : never;

/** Errors first, as their pages list them. */
export const EXPLAINED: readonly Explained[] = [
  ...Object.entries(PROBLEMS).map(([code, one]) => ({ code, kind: "error" as const, ...one })),
  ...Object.entries(FINDINGS).map(([code, one]) => ({
    code,
    kind: levelOf({ code: code as FindingCode }),
    ...one,
  })),
  ...Object.entries(WARNINGS).map(([code, one]) => ({ code, kind: "warning" as const, ...one })),
];
