/** Firmware that modules of the image name. Few of them find a device that wants it, so what is absent proves nothing. */
import { infoOf } from "../../formats/kmod-module.ts";
import { FirmwareSearch } from "../../kernel/firmware.ts";
import type { FirmwarePacking, FirmwareSupport } from "../../kernel/kernel-config.ts";
import type { ModuleFinding } from "../findings/modules.ts";
import { type KernelAbilities, optionOf } from "../kernel/kernel-abilities.ts";
import type { KernelModules } from "./read-modules.ts";
import type { Subject } from "./subject.ts";

export function proveFirmware(
  kernels: readonly KernelModules[],
  { paths, kernel }: Subject,
): ModuleFinding[] {
  return kernels.flatMap(({ version, modules }) => {
    const search = new FirmwareSearch(paths, version, supportOf(kernel));
    const absent = new Set<string>();
    const packed = new Set<string>();
    const [withAbsent, withPacked] = [
      new Set<(typeof modules)[number]>(),
      new Set<(typeof modules)[number]>(),
    ];
    for (const module of modules) {
      for (const name of infoOf(module.facts.info, "firmware")) {
        if (search.find(name).length > 0) continue;
        const isPacked = search.isUnreadable(name);
        (isPacked ? packed : absent).add(name);
        (isPacked ? withPacked : withAbsent).add(module);
      }
    }
    const findings: ModuleFinding[] = [];
    const sharing = (of: ReadonlySet<(typeof modules)[number]>) => ({
      count: of.size,
      paths: [...of].map(({ path }) => path),
    });
    if (packed.size > 0) {
      const names = [...packed];
      findings.push({ code: "check/firmware-packed", names, option: PACKED, ...sharing(withPacked) });
    }
    if (absent.size > 0)
      findings.push({ code: "check/firmware-absent", names: [...absent], ...sharing(withAbsent) });
    return findings;
  });
}

const PACKED = "CONFIG_FW_LOADER_COMPRESS";

/** Of a kernel whose configuration is not known, all. */
function supportOf(kernel: KernelAbilities | null): FirmwareSupport {
  const all: FirmwareSupport = { packings: ["", ".zst", ".xz"], configuration: null };
  if (kernel === null || kernel.configuration === null) return all;
  const has = (name: string): boolean => optionOf(kernel, `FW_LOADER_COMPRESS${name}`) === "y";
  // Before 5.19 there was xz alone, and no word for it.
  const isOld =
    !kernel.options.has("FW_LOADER_COMPRESS_XZ") && !kernel.options.has("FW_LOADER_COMPRESS_ZSTD");
  const packings: FirmwarePacking[] = [""];
  if (has("_ZSTD")) packings.push(".zst");
  if (has("_XZ") || (isOld && has(""))) packings.push(".xz");
  return { packings, configuration: kernel.configuration };
}
