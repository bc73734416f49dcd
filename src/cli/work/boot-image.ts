/** What an image tells of how it wants to be started: its wrapper, the machine of its programs, whose modules it has. */
import { kernelMachineOf } from "../../boot/kernel-machine.ts";
import { moduleVersionOf } from "../../boot/kernel-places.ts";
import { type ArchName, archOf } from "../../core/arch.ts";
import type { HostPath } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import type { ByteSource } from "../../formats/byte-source.ts";
import type { CpioEntry } from "../../formats/cpio-decode.ts";
import { decodeFit } from "../../formats/fit-decode.ts";
import { MachineFinder } from "../../inspect/find-machine.ts";
import { placeOf, readImageFile, withImageFile } from "../../inspect/list-image.ts";
import { payloadOf } from "../../inspect/wrapper.ts";
import { imageHost } from "../../machine/image-host.ts";
import { prepareToRead } from "./images.ts";

export interface LookedAt {
  readonly wrapper: LookedAtWrapper;
  /** Bytes of the file. */
  readonly size: number;
  /** The image inside its wrapper, in the file. */
  readonly payload: { readonly offset: number; readonly size: number };
  /** Null: nothing in it says. */
  readonly arch: ArchName | null;
  /** Of the kernels whose modules it has. */
  readonly versions: readonly string[];
  /** Bytes, as far as it was read. */
  readonly unpacked: number;
  /** Why it cannot be read to its end; null: it can. A kernel may take it all the same, or refuse it for all to see. */
  readonly trouble: BuildFailure | null;
}

export type LookedAtWrapper =
  | { readonly kind: "bare" | "uInitrd" | "uki" }
  /** Names of nodes. */
  | { readonly kind: "fit"; readonly kernel: string | null; readonly ramdisk: string };

/** Throws BuildFailure: boot/is-a-recipe, and what `readImageFile` throws of a file or a wrapper that is none. */
export async function lookAtImage(path: HostPath): Promise<LookedAt> {
  const ports = { host: imageHost() };
  prepareToRead(path, ports.host);
  const outside = await withImageFile(path, ports, async (source) => lookOutside(source));
  const finder = new MachineFinder();
  const versions = new Set<string>();
  let unpacked = 0;
  const visitor = {
    entry: (entry: CpioEntry) => {
      const version = moduleVersionOf(placeOf(entry));
      if (version !== null) versions.add(version);
      unpacked += entry.size;
      finder.entry(entry);
    },
    data: (piece: Uint8Array) => finder.data(piece),
  };
  let trouble: BuildFailure | null = null;
  try {
    await readImageFile(path, visitor, ports);
  } catch (error) {
    if (!(error instanceof BuildFailure)) throw error;
    if (versions.size === 0 && unpacked === 0 && /\.ya?ml$/.test(path)) {
      throw new BuildFailure([{ code: "boot/is-a-recipe", path }]);
    }
    trouble = error;
  }
  const found = finder.machine === null ? null : (archOf(finder.machine)?.name ?? null);
  return { ...outside, arch: outside.arch ?? found, versions: [...versions].sort(), unpacked, trouble };
}

function lookOutside(source: ByteSource): Pick<LookedAt, "wrapper" | "size" | "payload" | "arch"> {
  const { size } = source;
  const { wrapper, ...payload } = payloadOf(source);
  if (wrapper === null) return { wrapper: { kind: "bare" }, size, payload, arch: null };
  if (wrapper.kind === "uki") {
    return { wrapper: { kind: "uki" }, size, payload, arch: kernelMachineOf(source) };
  }
  if (wrapper.kind === "uInitrd") return { wrapper: { kind: "uInitrd" }, size, payload, arch: null };
  const { kernel, ramdisk } = decodeFit(source);
  return { wrapper: { kind: "fit", kernel, ramdisk: ramdisk.name }, size, payload, arch: null };
}
