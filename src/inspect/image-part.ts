/**
 * Parts of an image that people ask for. Early members are plain archives in front that bring nothing but what the kernel takes
 * from there before it unpacks anything, below kernel/: microcode, ACPI tables. Source: linux lib/earlycpio.c.
 */
import type { HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ByteSource } from "../formats/byte-source.ts";
import { kindOfMode, placeOf } from "./list-image.ts";
import { type Member, readImage } from "./read-image.ts";
import type { InspectPorts } from "./unpack-member.ts";

export type ImagePart = { readonly kind: "all" | "early" | "main" };

/** dracut's mark of its own early members. */
const MARK = "early_cpio";

interface OpenImage {
  readonly path: HostPath;
  readonly source: ByteSource;
}

/** Whether a member belongs to a part, by its number. Throws image/no-such-part where none does, and FormatError. */
export async function chooseMembers(
  { path, source }: OpenImage,
  { kind }: ImagePart,
  ports: InspectPorts,
): Promise<(member: number) => boolean> {
  if (kind === "all") return () => true;
  const { early, members } = await countEarly(source, ports);
  const isThere = kind === "early" ? early > 0 : early < members.length;
  if (!isThere) throw new BuildFailure([{ code: "image/no-such-part", image: path, part: kind }]);
  return (member) => member < early === (kind === "early");
}

/** How many of its members are early ones. */
export async function countEarly(
  source: ByteSource,
  ports: InspectPorts,
): Promise<{ readonly early: number; readonly members: readonly Member[] }> {
  const others = new Set<number>();
  const visitor = {
    entry: (entry: Parameters<typeof placeOf>[0], member: number) => {
      const place = placeOf(entry);
      const isEarly = /^kernel(\/|$)/.test(place) || place === MARK || place === "";
      if (!isEarly && kindOfMode(entry.mode) !== null) others.add(member);
    },
  };
  const { members } = await readImage(source, visitor, ports);
  const first = members.findIndex(({ kind }, number) => kind !== "plain" || others.has(number));
  return { early: first === -1 ? members.length : first, members };
}
