/** What a kernel can unpack of firmware, as the configuration beside it says. Source: linux drivers/base/firmware_loader/Kconfig. */
import { childOf, showPath, type TargetPath } from "../core/path.ts";
import { readText } from "../trees/read-file.ts";
import type { PathResolver } from "../trees/resolve-path.ts";
import type { KernelDirectory } from "./kernel-version.ts";

export type FirmwarePacking = "" | ".zst" | ".xz";

export interface FirmwareSupport {
  /** In the kernel's order; all of them where nothing is known. */
  readonly packings: readonly FirmwarePacking[];
  /** Who says so; null: nobody. */
  readonly configuration: string | null;
}

export function firmwareSupport(
  paths: PathResolver,
  { version, directory }: KernelDirectory,
): FirmwareSupport {
  const places = [`boot/config-${version}` as TargetPath, childOf(directory, "config")];
  for (const path of places) {
    const text = readText(paths, path);
    if (text === null || !/^CONFIG_FW_LOADER=/m.test(text)) continue;
    const has = (name: string): boolean => new RegExp(`^CONFIG_FW_LOADER_COMPRESS${name}=y`, "m").test(text);
    // before 5.19 there was xz alone, and no word for it
    const isOld = !/CONFIG_FW_LOADER_COMPRESS_(?:XZ|ZSTD)\b/.test(text);
    const packings: FirmwarePacking[] = [""];
    if (has("_ZSTD")) packings.push(".zst");
    if (has("_XZ") || (isOld && has(""))) packings.push(".xz");
    return { packings, configuration: showPath(path) };
  }
  return { packings: ["", ".zst", ".xz"], configuration: null };
}
