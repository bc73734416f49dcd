/** The kernel that an image is started with: the one that is named, or one that lies where distributions put theirs. */
import { release } from "node:os";
import { kernelMachineOf } from "../../boot/kernel-machine.ts";
import { kernelPlaces } from "../../boot/kernel-places.ts";
import { EMULATED, emulatedFor } from "../../boot/machines.ts";
import type { ArchName } from "../../core/arch.ts";
import { bytesOf, type HostPath } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import { isReadable, isThere } from "../../machine/emulators.ts";
import { imageHost } from "../../machine/image-host.ts";
import { openSource } from "../../trees/open-source.ts";
import { prepareToRead } from "./images.ts";

export interface Kernel {
  readonly path: HostPath;
  /** Null: it does not say. */
  readonly arch: ArchName | null;
  /** Bytes. */
  readonly size: number;
}

/** Throws BuildFailure host/cannot-read. */
export function openKernel(path: HostPath): Kernel {
  const host = imageHost();
  prepareToRead(path, host);
  const source = openSource(path, host)!;
  try {
    return { path, arch: kernelMachineOf(source), size: source.size };
  } finally {
    source.close();
  }
}

/** For an image whose programs are for `arch`, with modules of these versions. Throws BuildFailure boot/kernel-not-found. */
export function findKernel(image: {
  readonly arch: ArchName | null;
  readonly versions: readonly string[];
}): Kernel {
  const searched = kernelPlaces({ versions: image.versions, release: release() });
  for (const place of searched.filter(isReadable)) {
    const kernel = tryKernel(bytesOf(place) as HostPath);
    if (kernel !== null && isFor(kernel, image.arch)) return kernel;
  }
  throw new BuildFailure([{ code: "boot/kernel-not-found", searched: searched.map(withRefusal) }]);
}

/** Some distributions let nobody but root read a kernel. */
function withRefusal(place: string): string {
  return isThere(place) && !isReadable(place) ? `${place} (you may not read it)` : place;
}

/** Null: it is no file. */
function tryKernel(path: HostPath): Kernel | null {
  try {
    return openKernel(path);
  } catch (error) {
    if (error instanceof BuildFailure) return null;
    throw error;
  }
}

/** Where the image does not say, the kernel must be one that this very machine could run. */
function isFor(kernel: Kernel, arch: ArchName | null): boolean {
  const name = kernel.arch === null ? null : emulatedFor(kernel.arch);
  if (name === null) return false;
  const { runs, hosts } = EMULATED[name];
  return arch === null ? hosts.includes(process.arch) : runs.includes(arch);
}
