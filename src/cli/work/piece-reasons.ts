/** Why pieces of a planned image are not those of the earlier one: what `build --explain` says afterwards. */
import type { HostPath } from "../../core/path.ts";
import type { Host } from "../../core/ports.ts";
import type { Foreseen, ForeseenSegment } from "../../foresee.ts";
import { manifestEntries } from "../../plan/manifest-entries.ts";
import { holds, reasonOf } from "./explain.ts";
import { type ManifestEntry, readManifest } from "./manifests.ts";

export interface PieceReasons {
  /** Whether there was an image to compare with. */
  readonly hasEarlier: boolean;
  /** Null: it is as it was. */
  of(segment: ForeseenSegment): string | null;
}

const NONE: PieceReasons = { hasEarlier: true, of: () => null };

/** `out`: where the earlier image and its manifest lie. */
export function reasonsFor(foreseen: Foreseen, out: HostPath, host: Pick<Host, "tree">): PieceReasons {
  const { layers, decision, contents } = foreseen;
  const made = layers.flatMap(({ segments }) => segments).filter(({ cached }) => cached === null);
  if (made.length === 0) return NONE;
  const earlier = readManifest(out, decision.spec.name, host);
  if (earlier === null) return { hasEarlier: false, of: () => null };
  const entries = [...manifestEntries(decision.plan, contents)] as unknown as readonly ManifestEntry[];
  const now = { epoch: decision.spec.image.epoch, compressor: compressorOf(foreseen), entries };
  const reasons = new Map<ForeseenSegment, string>();
  let from = 0;
  for (const segment of layers.flatMap(({ segments }) => segments)) {
    const count = segment.plan.entries.length;
    const own = entries.slice(from, from + count);
    from += count;
    const isAsItWas = segment.cached !== null || (segment.as === "read" && holds(earlier, segment.key));
    if (!isAsItWas) reasons.set(segment, reasonOf(own, { earlier, now, key: segment.key }));
  }
  return { hasEarlier: true, of: (segment) => reasons.get(segment) ?? null };
}

/** As the manifest has it: that of the last layer. */
function compressorOf({ layers }: Foreseen): { readonly name: string; readonly identity: unknown } | null {
  const { compressor, packedBy } = layers.at(-1)!;
  return packedBy === null ? null : { name: compressor.name, identity: packedBy };
}
