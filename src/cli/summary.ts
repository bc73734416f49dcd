/** What a build has to say when it is done, as data. */
import type { BuildResult } from "../carry-out.ts";
import type { OtherDigests } from "../core/digest.ts";
import { showBytes } from "../core/path.ts";
import { audible, type Warning } from "../core/warning.ts";
import { countEntries } from "../plan/entries.ts";
import type { Description } from "../sbom/describe-image.ts";

export interface BuildSummary {
  readonly name: string;
  /** The final image: what `<out>/<name>` leads to. */
  readonly image: string;
  /** Bytes. */
  readonly size: number;
  /** Null, and `digests` empty: the image holds secrets, and a short one could be guessed from a digest. */
  readonly digest: string | null;
  /** Those that the recipe asks for besides. */
  readonly digests: OtherDigests;
  readonly entries: number;
  readonly outputs: readonly string[];
  /** Segments, by whether any work was done for them. */
  readonly reused: number;
  readonly rebuilt: number;
  /** The keys of those that the cache holds; for what several images of a run share, and nobody else. */
  readonly pieces: readonly string[];
  readonly explanation: readonly string[];
  /** The recipe's lock; null: there is none. */
  readonly lock: string | null;
  /** What it does not say, by name. */
  readonly movedFromLock: readonly string[];
  /** Those that the recipe does not silence. */
  readonly warnings: readonly Warning[];
  /** What the SBOM tells of; null: nobody wants one. */
  readonly sbom: Pick<Description, "packages" | "files" | "unmapped" | "changed"> | null;
}

/** All but what is known of its lock and its reasons. */
export function summaryOf(
  { spec, plan, layers, image, warnings }: BuildResult,
  told: Description | null,
): Omit<BuildSummary, "explanation" | "lock" | "movedFromLock"> {
  const segments = layers.flatMap((layer) => layer.segments);
  // What is one stream is compressed as one.
  const isOne = image.members.some(({ role, wasReused }) => role === "whole" && !wasReused);
  const worked = segments.filter(({ wasReused }) => isOne || !wasReused).length;
  return {
    name: spec.name,
    image: showBytes(image.path),
    size: image.size,
    digest: image.digest,
    digests: image.others,
    entries: countEntries(plan) + plan.secrets.length,
    outputs: image.outputs.map(showBytes),
    reused: segments.length - worked,
    rebuilt: worked,
    pieces: segments.flatMap(({ member }) => member?.key ?? []),
    warnings: audible([...warnings, ...(told?.warnings ?? [])], spec.silence),
    sbom: told && {
      packages: told.packages,
      files: told.files,
      unmapped: told.unmapped,
      changed: told.changed,
    },
  };
}
