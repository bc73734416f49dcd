/** Which firmware goes along: what chosen modules and built-in drivers ask for, as far as the recipe wants it. */
import { childOf } from "../core/path.ts";
import type { KernelProblem } from "../core/problems/kernel.ts";
import type { KernelWarning } from "../core/warning.ts";
import { infoOf } from "../formats/kmod-module.ts";
import type { KernelSpec } from "../spec/spec.ts";
import type { Catalogue } from "./catalogue.ts";
import { type FirmwareSearch, takesFirmware } from "./firmware.ts";
import type { KernelReference, KernelReferrer, ModuleFacts } from "./kernel.ts";

export interface KernelFirmware {
  readonly references: readonly KernelReference[];
  readonly warnings: readonly KernelWarning[];
  readonly problems: readonly KernelProblem[];
}

interface Driver {
  readonly from: KernelReferrer;
  readonly label: string;
  readonly names: readonly string[];
}

export function kernelFirmware(
  spec: KernelSpec,
  catalogue: Catalogue,
  modules: readonly ModuleFacts[],
  search: FirmwareSearch,
): KernelFirmware {
  const { policy, globs } = spec.firmware;
  const references: KernelReference[] = [];
  const warnings: KernelWarning[] = [];
  const problems: KernelProblem[] = [];
  if (policy === "none") return { references, warnings, problems };
  const isWanted = (name: string): boolean =>
    globs === null || globs.some(({ glob }) => takesFirmware(glob, name));
  const searched = search.directories.map((path) => `/${path}`);
  const needed = new Set<string>();
  for (const driver of driversOf(spec, catalogue, modules)) {
    const missing: string[] = [];
    for (const name of new Set(driver.names.filter(isWanted))) {
      needed.add(name);
      const files = search.find(name);
      if (files.length === 0) missing.push(name);
      for (const { path, tried } of files) {
        const found = driver.from.kind === "file" ? "modinfo" : `built-in driver ${driver.label}`;
        references.push({
          from: driver.from,
          to: path,
          reason: "firmware",
          says: name,
          found,
          tried: tried.map((each) => `/${each}`),
        });
      }
    }
    if (missing.length === 0) continue;
    const { label } = driver;
    const { configuration } = search.support;
    const unreadable = configuration === null ? [] : missing.filter((name) => search.isUnreadable(name));
    if (configuration !== null && unreadable.length > 0)
      warnings.push({
        code: "kernel/firmware-packed",
        driver: driver.label,
        names: unreadable,
        configuration,
      });
    const absent = missing.filter((name) => !unreadable.includes(name));
    if (policy === "required") {
      const { at } = spec.firmware;
      problems.push({ code: "kernel/firmware-not-found", at, driver: label, names: missing, searched });
    } else if (absent.length > 0)
      warnings.push({ code: "kernel/firmware-missing", driver: label, names: absent });
  }
  for (const { glob, at } of globs ?? []) {
    const names = search.matching(glob).filter((name) => search.find(name).length > 0);
    const isUsed = names.length > 0 || [...needed].some((name) => takesFirmware(glob, name));
    if (!isUsed) problems.push({ code: "kernel/firmware-glob", at, glob, searched });
    const from: KernelReferrer = { kind: "recipe", place: `firmware ${glob}`, at };
    for (const name of names) {
      for (const { path, tried } of search.find(name)) {
        references.push({
          from,
          to: path,
          reason: "named",
          says: glob,
          found: "",
          tried: tried.map((each) => `/${each}`),
        });
      }
    }
  }
  return { references, warnings, problems };
}

function driversOf(
  spec: KernelSpec,
  { directory, builtins }: Catalogue,
  modules: readonly ModuleFacts[],
): Driver[] {
  const whole: KernelReferrer = { kind: "recipe", place: "", at: spec.at };
  const loaded = modules.map(({ path, name, info }): Driver => {
    return {
      from: { kind: "file", path: childOf(directory, path) },
      label: name,
      names: infoOf(info, "firmware"),
    };
  });
  const builtin = Array.from(builtins, ([label, info]): Driver => {
    return { from: whole, label, names: infoOf(info, "firmware") };
  });
  return [...loaded, ...builtin];
}
