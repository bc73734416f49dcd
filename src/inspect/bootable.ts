/** Whether the kernel would take a file that was read to its end. */
import type { HostPath } from "../core/path.ts";
import { BuildFailure } from "../core/problem.ts";
import type { ImageContents, MemberKind } from "./read-image.ts";

/** How its first member is kept, and its last. Throws BuildFailure image/unreadable with the place where the kernel would stop. */
export function requireBootable(
  { members }: Pick<ImageContents, "members">,
  path: HostPath,
): { readonly first: MemberKind; readonly last: MemberKind } {
  const fail = (offset: number, why: string): never => {
    throw new BuildFailure([{ code: "image/unreadable", path, offset, why }]);
  };
  for (const { offset, refusal } of members) if (refusal !== null) fail(offset, refusal);
  const first = members[0]?.kind ?? fail(0, "it holds nothing but zeros");
  return { first, last: members.at(-1)?.kind ?? first };
}
