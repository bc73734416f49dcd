/** What keeps firmware out: the recipe's wish, how it is packed, another file of the name, or that no driver asks for it. */
import { isInside, type TargetPath } from "../core/path.ts";
import { matchesAlias } from "../formats/kmod-names.ts";
import { takesFirmware } from "../kernel/firmware.ts";
import type { KernelFacts } from "./kernel-facts.ts";
import type { KernelObstacle } from "./obstacle.ts";

const DIRECTORY = /^(?:usr\/)?lib\/firmware\/(?:updates\/)?(.+)$/s;

export async function firmwareObstacles(
  path: TargetPath,
  kernels: readonly KernelFacts[],
): Promise<KernelObstacle[]> {
  const below = DIRECTORY.exec(path)?.[1];
  if (below === undefined) return [];
  const found: KernelObstacle[] = [];
  for (const kernel of kernels) found.push(...(await obstaclesOf(path, below, kernel)));
  if (found.length > 0) return found;
  const name = below.replace(/\.(zst|xz)$/, "");
  return [{ kind: "firmware-unasked", name, at: kernels[0]?.spec.at ?? null }];
}

async function obstaclesOf(path: TargetPath, below: string, kernel: KernelFacts): Promise<KernelObstacle[]> {
  const { search, spec, version } = kernel;
  const { at, policy, globs } = spec.firmware;
  // What lies in the kernel's own directory goes by the name below that.
  const own = search.directories.find((directory) => isInside(path, directory));
  const name = (own === undefined ? below : path.slice(own.length + 1)).replace(/\.(zst|xz)$/, "");
  const driver = await askerOf([name, below.replace(`${version}/`, "").replace(/\.(zst|xz)$/, "")], kernel);
  if (driver === null) return [];
  if (policy === "none") return [{ kind: "firmware-off", at, driver, name }];
  if (globs !== null && !globs.some(({ glob }) => takesFirmware(glob, name)))
    return [{ kind: "firmware-excluded", at: globs[0]?.at ?? at, driver, name }];
  const winner = search.find(name)[0]?.path;
  if (winner !== undefined && winner !== path) return [{ kind: "other-firmware", name, winner }];
  const { configuration } = search.support;
  if (winner === undefined && configuration !== null)
    return [{ kind: "firmware-packed", driver, configuration }];
  return [];
}

/** The driver of the image that names it, or one that is built in; null: none does. */
async function askerOf(names: readonly string[], kernel: KernelFacts): Promise<string | null> {
  const drivers = await kernel.drivers();
  const asks = (firmware: string) => names.some((name) => matchesAlias(firmware, name));
  return drivers.find(({ firmware }) => firmware.some(asks))?.name ?? null;
}
