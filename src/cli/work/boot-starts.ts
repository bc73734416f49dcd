/** The three ways in which an image comes to run: by a kernel, by UEFI, by U-Boot, with the files that each needs. */
import type { Start } from "../../boot/command-line.ts";
import type { Emulated, EmulatedName, UefiFirmware } from "../../boot/machines.ts";
import { planUboot, type UbootImage } from "../../boot/uboot-talk.ts";
import { decodeUtf8, type HostPath, showBytes } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import type { BootProblem } from "../../core/problems/boot.ts";
import { openImage } from "../../inspect/list-image.ts";
import type { BootFiles } from "../../machine/boot-files.ts";
import { isReadable } from "../../machine/emulators.ts";
import { imageHost } from "../../machine/image-host.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";
import type { BootOrder } from "./boot.ts";
import type { LookedAt } from "./boot-image.ts";
import type { Kernel } from "./boot-kernel.ts";

/** All that a start is decided by. */
export interface StartOrder {
  readonly order: BootOrder;
  readonly image: LookedAt;
  readonly kernel: Kernel | null;
  readonly arch: EmulatedName;
  readonly emulated: Emulated;
  readonly kernelArguments: string;
  readonly files: BootFiles;
}

export interface ChosenStart {
  readonly start: Start;
  /** What is typed at U-Boot's prompt; null: there is none. */
  readonly typed: readonly string[] | null;
  /** Bytes of memory that are taken beside the image and its files. */
  readonly besides: number;
}

export function startByKernel(asked: StartOrder, kernel: Kernel): ChosenStart {
  const start = {
    by: "kernel",
    kernel: asText(kernel.path),
    initrd: bareImage(asked),
    arguments: asked.kernelArguments,
  } as const;
  return { start, typed: null, besides: 4 * kernel.size };
}

export function startByUefi({
  order,
  image,
  emulated,
  arch,
  kernelArguments,
  files,
}: StartOrder): ChosenStart {
  const { uefi } = emulated;
  const [code, variables] = uefi === null ? [] : (firmwareOf(uefi) ?? []);
  if (uefi === null || code === undefined || variables === undefined) {
    const searched = uefi?.files.map(([one]) => one) ?? [];
    return refuse({ code: "boot/firmware-not-found", arch, searched, debian: uefi?.debian ?? null });
  }
  const disk = files.makeUefiDisk(order.image, uefi.loader);
  const start = { by: "uefi", code, variables, disk, arguments: kernelArguments } as const;
  return { start, typed: null, besides: 2 * image.size };
}

function firmwareOf({ files }: UefiFirmware) {
  return files.find((pair) => pair.every(isReadable));
}

export function startByUboot(asked: StartOrder): ChosenStart {
  const { order, image, kernel, emulated, arch, kernelArguments } = asked;
  const board = emulated.uboot;
  const found = order.uboot === null ? board?.places.find(isReadable) : asText(order.uboot);
  if (board === null || found === undefined) {
    const searched = board?.places ?? [];
    return refuse({ code: "boot/uboot-not-found", arch, searched, debian: board?.debian ?? null });
  }
  if (!isReadable(found)) {
    const what = "there is no such file, or it may not be read";
    throw new WrongUsage(`--uboot ${showBytes(order.uboot!)}: ${what}`);
  }
  const plan = planUboot({ board, image: ubootImage(asked), kernel, arguments: kernelArguments });
  const loaded = [
    ...(kernel === null ? [] : [{ file: asText(kernel.path), address: plan.kernelAt! }]),
    { file: asText(order.image), address: plan.imageAt },
  ];
  return {
    start: { by: "u-boot", uboot: found, loaded },
    typed: plan.lines,
    besides: plan.memory + 4 * (kernel?.size ?? image.size),
  };
}

function ubootImage({ image: { wrapper, size }, kernel }: StartOrder): UbootImage {
  if (wrapper.kind !== "fit") return { kind: wrapper.kind === "uInitrd" ? "uInitrd" : "bare", size };
  // A kernel that is named comes in place of the image's own.
  return { kind: "fit", size, ramdisk: wrapper.ramdisk, kernel: kernel === null ? wrapper.kernel : null };
}

/** The file itself, or a copy of what its wrapper holds. */
function bareImage({ order, image: { payload, size }, files }: StartOrder): string {
  if (payload.offset === 0 && payload.size === size) return asText(order.image);
  const source = openImage(order.image, imageHost());
  try {
    return files.copyPart(source, payload.offset, payload.size);
  } finally {
    source.close();
  }
}

/** Node gives words to programs as UTF-8. */
function asText(path: HostPath): string {
  const text = decodeUtf8(path);
  if (text === null) throw new WrongUsage(`${showBytes(path)}: QEMU takes paths in UTF-8 alone`);
  return text;
}

export function refuse(problem: BootProblem): never {
  throw new BuildFailure([problem]);
}
