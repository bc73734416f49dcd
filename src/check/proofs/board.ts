/**
 * An image among what a boot loader has put into a board's memory. Sources: U-Boot boot/image-board.c (boot_get_ramdisk),
 * boot/image.c (image_check_target_arch); where U-Boot moves a ramdisk to afterwards (initrd_high) nobody can know here.
 */

import { archOf, type ElfMachine } from "../../core/arch.ts";
import { type Area, overlapsOf } from "../../core/area.ts";
import type { Wrapper } from "../../inspect/wrapper.ts";
import type { BoardFinding } from "../findings/board.ts";

export interface LoadedArea {
  readonly address: number;
  /** Null: not said. */
  readonly size: number | null;
}

export type AreaName = "kernel" | "fdt" | "ramdisk";
export type Board = Readonly<Record<AreaName, LoadedArea | null>>;

/** `size`: of the whole file, as it is loaded. */
export function proveBoard({ kernel, fdt, ramdisk }: Board, size: number): BoardFinding[] {
  const findings: BoardFinding[] = [];
  const limit = ramdisk?.size ?? null;
  if (limit !== null && size > limit) findings.push({ code: "check/larger-than-its-area", size, limit });
  const others = [
    { name: "kernel", area: kernel },
    { name: "fdt", area: fdt },
  ].flatMap(({ name, area }) => (area === null ? [] : [{ name, ...area }]));
  const areas: Area[] = others.map(({ name, address, size }) => ({ name, address, size: size ?? 1 }));
  if (ramdisk !== null) areas.push({ name: "ramdisk", address: ramdisk.address, size });
  for (const [first, second] of overlapsOf(areas))
    findings.push({ code: "check/areas-overlap", first, second });
  const unknown = others.filter((one) => one.size === null).map(({ name }) => name);
  if (unknown.length > 0) findings.push({ code: "check/area-unknown", names: unknown });
  return findings;
}

/** Whether U-Boot on the machine of the image's programs takes its wrapper. Null: there are no programs. */
export function proveWrapper(wrapper: Wrapper | null, machine: ElfMachine | null): BoardFinding[] {
  // UEFI asks the kernel's own header.
  if (wrapper === null || wrapper.kind === "uki" || machine === null) return [];
  const programs = archOf(machine)?.uboot ?? null;
  if (programs === null || isAccepted(wrapper.arch, programs)) return [];
  return [{ code: "check/wrapper-machine", says: wrapper.arch, programs }];
}

/** arm64 takes ramdisks for arm as well, and may run programs of arm. */
function isAccepted(says: string, programs: string): boolean {
  const [one, other] = [says, programs].map((name) => (name === "arm64" ? "arm" : name));
  return one === other;
}
