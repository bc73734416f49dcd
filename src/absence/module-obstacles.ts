/** What keeps a module out: another kernel, a blacklist, or that nobody asks for it. */
import { type ByteString, childOf, showBytes, type TargetPath } from "../core/path.ts";
import { moduleCompressionOf, moduleNameOf, normalizeAlias } from "../formats/kmod-names.ts";
import { type KernelFacts, kernelVersionIn } from "./kernel-facts.ts";
import type { KernelObstacle } from "./obstacle.ts";

export function moduleObstacles(path: TargetPath, kernels: readonly KernelFacts[]): KernelObstacle[] {
  const version = kernelVersionIn(path);
  if (version === null || moduleCompressionOf(path) === null) return [];
  const module = moduleNameOf(path);
  const [first] = kernels;
  if (first === undefined) return [{ kind: "no-kernel", module, version: showBytes(version as ByteString) }];
  const kernel = kernels.find((one) => one.version === version);
  if (kernel === undefined) {
    const chosen = kernels.map((one) => one.version).join(", ");
    return [{ kind: "other-kernel", version: showBytes(version as ByteString), at: first.spec.at, chosen }];
  }
  return [...blacklisted(module, kernel), unasked(path, module, kernel)];
}

/** A name that stands for a module which the kernel itself holds: there is no file to take. */
export function builtinObstacles(text: ByteString, kernels: readonly KernelFacts[]): KernelObstacle[] {
  const name = normalizeAlias(text.replace(/\.ko(\.\w+)?$/, ""));
  if (name === null) return [];
  return kernels.flatMap(({ catalogue, version }): KernelObstacle[] => {
    const { modules, aliases, builtins, builtinAliases } = catalogue;
    if (modules.has(name) || aliases.find(name).length > 0) return [];
    const module = builtins.has(name) ? name : builtinAliases.find(name)[0]?.module;
    return module === undefined ? [] : [{ kind: "builtin", module, version }];
  });
}

/** A line of the recipe names an alias of it, of which modprobe loads all but what is forbidden. */
function blacklisted(module: string, { spec, lookup }: KernelFacts): KernelObstacle[] {
  return spec.modules.flatMap(({ word, at }): KernelObstacle[] => {
    const one = lookup.findAsked(word).blacklisted.find((text) => text.startsWith(`${module} (`));
    if (one === undefined) return [];
    return [{ kind: "blacklisted", at, word, module, by: one.slice(module.length + 2, -1) }];
  });
}

const MOST_USERS = 5;

function unasked(
  path: TargetPath,
  module: ByteString,
  { spec, catalogue, directory, version }: KernelFacts,
): KernelObstacle {
  const known = catalogue.modules.get(module);
  const place = known === undefined ? null : childOf(directory, known.path);
  const users = [...catalogue.modules.values()].filter(
    ({ needs }) => known !== undefined && needs.includes(known.path),
  );
  const other = place === null || place === path ? null : place;
  const names = users.slice(0, MOST_USERS).map(({ name }) => name);
  return { kind: "module-unasked", at: spec.at, module, version, users: names, other };
}
