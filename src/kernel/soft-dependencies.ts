/** What a module asks for beyond what it cannot be loaded without. Sources: modprobe.d(5), libkmod-module.c. */
import { infoOf } from "../formats/kmod-module.ts";
import { matchesAlias } from "../formats/kmod-names.ts";
import { parseSoftDependency, type SoftDependency } from "../formats/kmod-text.ts";
import type { ModuleFacts } from "./kernel.ts";
import type { ModprobeFile } from "./modprobe-config.ts";

export interface Wish {
  readonly name: string;
  readonly reason: "softdep" | "weakdep";
  readonly says: string;
  readonly found: string;
}

/** modprobe looks at the first line of soft dependencies and passes by all others, as by words before `pre:`. */
export function wishesOf({ name, info }: ModuleFacts, config: readonly ModprobeFile[]): Wish[] {
  const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== "");
  const lines = config.flatMap((file) => file.lines.map((line) => ({ line, found: file.label })));
  const soft = new Map<string, { readonly dependency: SoftDependency; readonly found: string }>();
  const addSoft = (dependency: SoftDependency, found: string): void => {
    const key = JSON.stringify([dependency.pre, dependency.post, dependency.bare]);
    if (!soft.has(key)) soft.set(key, { dependency, found });
  };
  const wishes: Wish[] = [];
  const addWeak = (names: readonly string[], found: string): void => {
    for (const each of names) wishes.push({ name: each, reason: "weakdep", says: each, found });
  };
  for (const { line, found } of lines) {
    if (line.kind === "softdep" && matchesAlias(line.module, name)) addSoft(line, found);
    if (line.kind === "weakdep" && matchesAlias(line.module, name)) addWeak(line.names, found);
  }
  for (const text of infoOf(info, "softdep")) addSoft(parseSoftDependency(words(text)), "modinfo");
  for (const text of infoOf(info, "weakdep")) addWeak(words(text), "modinfo");
  for (const [index, { dependency, found }] of [...soft.values()].entries()) {
    const reason = index === 0 ? "softdep" : "weakdep";
    for (const each of dependency.pre) wishes.push({ name: each, reason, says: `pre: ${each}`, found });
    for (const each of dependency.post) wishes.push({ name: each, reason, says: `post: ${each}`, found });
    addWeak(dependency.bare, found);
  }
  return wishes;
}
