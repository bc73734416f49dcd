/** What lies where in archives: asked of the cache first, else found by walking over them. */
import { type ActionKey, actionKey } from "../core/digest.ts";
import type { HostPath } from "../core/path.ts";
import { DamagedContent } from "../core/ports.ts";
import { BuildFailure } from "../core/problem.ts";
import { FormatError } from "../formats/format-error.ts";
import { type ArchiveIndex, GrowingIndex } from "./archive-index.ts";
import { Budget } from "./budget.ts";
import { openRange, sourceOfRange } from "./byte-range.ts";
import { layLayer, layMembers } from "./lay-members.ts";
import type { PlainTar } from "./plain-tar.ts";
import type { ArchivePorts } from "./ports.ts";
import { encodeIndex, INDEX_VERSION, openIndex } from "./stored-index.ts";
import { readTarMembers, type TarMember } from "./tar-members.ts";

/** How archives make one tree. */
type Kind = "plain" | "layers";

/** Says what bytes lie where in the tree that they make, now and for ever. */
export function indexKey(kind: Kind, tars: readonly PlainTar[]): ActionKey {
  return actionKey([INDEX_VERSION, kind, ...tars.map(({ digest }) => digest)]);
}

/** From the cache, or by walking over the archives. */
export async function indexOf(
  path: HostPath,
  tars: readonly PlainTar[],
  kind: Kind,
  ports: ArchivePorts,
): Promise<ArchiveIndex> {
  const { store } = ports;
  const key = indexKey(kind, tars);
  const known = await store.find(key);
  if (known !== null) {
    try {
      const pieces: Uint8Array[] = [];
      for await (const piece of store.read(known)) pieces.push(Uint8Array.from(piece));
      return openIndex(Buffer.concat(pieces));
    } catch (error) {
      if (!(error instanceof DamagedContent)) throw error;
      await store.forget(key, known);
    }
  }
  const index = new GrowingIndex(new Budget(path));
  for (const [archive, tar] of tars.entries()) {
    await layTar(path, tar, { archive, index, lay: kind === "plain" ? layMembers : layLayer }, ports);
  }
  await store.put(key, asChunks(encodeIndex(index)), `index of ${tars[0]?.digest.slice(0, 19) ?? "nothing"}`);
  return index;
}

async function* asChunks(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

interface Laying {
  readonly archive: number;
  readonly index: GrowingIndex;
  readonly lay: typeof layMembers;
}

async function layTar(
  path: HostPath,
  tar: PlainTar,
  { archive, index, lay }: Laying,
  { host }: ArchivePorts,
): Promise<void> {
  const open = openRange(tar.range, host);
  try {
    const members: TarMember[] = [];
    for await (const member of readTarMembers(sourceOfRange(open))) {
      index.budget.member(member);
      members.push(member);
    }
    lay({ members, archive }, index);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { offset, message: why } = error;
    throw new BuildFailure([{ code: "archives/damaged", path, part: tar.part, offset, why }]);
  } finally {
    open.close();
  }
}
