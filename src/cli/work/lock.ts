/** Builds the image of a recipe and throws it away; what it was made of becomes the recipe's lock. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LOCKED_PLACES, type Lock } from "../../core/lock.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { machinePorts } from "../../machine/ports.ts";
import { lockText } from "../../spec/lock-file.ts";
import { type BuildOrder, performBuild } from "../engine.ts";

export interface WrittenLock {
  readonly file: string;
  readonly inputs: number;
  readonly image: Lock["image"];
}

/** Throws BuildFailure: what `build` throws, and host/cannot-write. */
export async function writeLock(order: Omit<BuildOrder, "out" | "name" | "lock">): Promise<WrittenLock> {
  const out = mkdtempSync(join(tmpdir(), "initgraph-lock-"));
  try {
    const { keeper } = await performBuild({ ...order, out, name: null, lock: "take" });
    const lock = keeper.taken!;
    const output = machinePorts(1).host.createOutput(hostPathFrom(keeper.file), 0o644);
    output.write(Buffer.from(lockText(lock), "utf8"));
    output.commit();
    const inputs = LOCKED_PLACES.reduce((sum, place) => sum + lock.inputs[place].size, 0);
    return { file: keeper.file, inputs, image: lock.image };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
