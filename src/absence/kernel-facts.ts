/** What is known of the kernels of an image's layers: their modules, modprobe.d, and where firmware is looked for. */
import { nameOf, type TargetPath } from "../core/path.ts";
import { infoOf } from "../formats/kmod-module.ts";
import { moduleCompressionOf } from "../formats/kmod-names.ts";
import { type Catalogue, readCatalogue } from "../kernel/catalogue.ts";
import { FirmwareSearch } from "../kernel/firmware.ts";
import { firmwareSupport } from "../kernel/kernel-config.ts";
import { type KernelDirectory, pickVersion } from "../kernel/kernel-version.ts";
import { ModuleLookup } from "../kernel/lookup.ts";
import { type ModprobeFile, readModprobeConfig } from "../kernel/modprobe-config.ts";
import { ModuleReader } from "../kernel/module-reader.ts";
import type { KernelSpec } from "../spec/spec.ts";
import type { BuiltImage } from "./built-image.ts";

export interface KernelFacts extends KernelDirectory {
  readonly spec: KernelSpec;
  readonly catalogue: Catalogue;
  readonly config: readonly ModprobeFile[];
  readonly lookup: ModuleLookup;
  readonly search: FirmwareSearch;
  /** The drivers of the image and those that are built in, each with the firmware that it names. */
  readonly drivers: () => Promise<readonly FirmwareDriver[]>;
}

export interface FirmwareDriver {
  readonly name: string;
  readonly firmware: readonly string[];
}

export async function readKernelFacts(image: BuiltImage): Promise<KernelFacts[]> {
  const facts: KernelFacts[] = [];
  for (const { kernel } of image.spec.layers) if (kernel !== null) facts.push(await factsOf(kernel, image));
  return facts;
}

async function factsOf(spec: KernelSpec, image: BuiltImage): Promise<KernelFacts> {
  const paths = image.sysroot;
  const kernel = pickVersion(spec, paths);
  const reader = new ModuleReader(paths, kernel.directory, image.memory);
  const catalogue = await readCatalogue(paths, kernel, { reader, tell: () => {} });
  const config = readModprobeConfig(paths, kernel.directory, { isConfigured: spec.modprobe });
  const lookup = new ModuleLookup(catalogue, config);
  const search = new FirmwareSearch(paths, kernel.version, firmwareSupport(paths, kernel));
  const drivers = async () => [...(await driversIn(image, catalogue, reader)), ...builtinDrivers(catalogue)];
  return { ...kernel, spec, catalogue, config, lookup, search, drivers };
}

async function driversIn(
  { tree }: BuiltImage,
  { modules }: Catalogue,
  reader: ModuleReader,
): Promise<FirmwareDriver[]> {
  const names = new Set<string>();
  for (const path of tree.paths()) if (moduleCompressionOf(path) !== null) names.add(nameOf(path));
  const drivers: FirmwareDriver[] = [];
  for (const module of modules.values()) {
    if (!names.has(nameOf(module.path))) continue;
    const { name, info } = await reader.read(module);
    drivers.push({ name, firmware: infoOf(info, "firmware") });
  }
  return drivers;
}

function builtinDrivers({ builtins }: Catalogue): FirmwareDriver[] {
  return Array.from(builtins, ([name, info]) => ({ name, firmware: infoOf(info, "firmware") }));
}

/** The kernel that a path of modules belongs to; null: it is of none. */
export function kernelVersionIn(path: TargetPath): string | null {
  return /(?:^|\/)lib\/modules\/([^/]+)\//.exec(path)?.[1] ?? null;
}
