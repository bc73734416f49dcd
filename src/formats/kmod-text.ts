/**
 * The text files beside kernel modules. Lines that make no sense are passed by, as kmod does.
 * Sources: modules.dep(5), modprobe.d(5), kmod tools/depmod.c and libkmod/libkmod-config.c.
 */
import { moduleNameOf } from "./kmod-names.ts";

/** modules.dep: paths below the directory, each with all that it depends on, in the file's order. */
export function parseModulesDep(text: string): Map<string, readonly string[]> {
  const modules = new Map<string, readonly string[]>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const needed = line.slice(colon + 1).split(" ");
    modules.set(
      line.slice(0, colon),
      needed.filter((path) => path !== ""),
    );
  }
  return modules;
}

/** modules.order and modules.builtin: one path a line. A line without end is none. */
export function parsePathLines(text: string): string[] {
  return text.split("\n").slice(0, -1);
}

/** The names of modules.builtin; kmod wants a letter first. */
export function parseModulesBuiltin(text: string): string[] {
  return text.split("\n").flatMap((line) => (/^[A-Za-z]/.test(line) ? [moduleNameOf(line)] : []));
}

export type ModInfo = readonly (readonly [key: string, value: string])[];

/** modules.builtin.modinfo: `module.key=value`, each ended by NUL, by module. */
export function parseBuiltinModinfo(text: string): Map<string, ModInfo> {
  const modules = new Map<string, (readonly [string, string])[]>();
  for (const line of text.split("\0")) {
    const match = /^([^.]+)\.([^=]+)=(.*)$/s.exec(line);
    if (match === null) continue;
    const [, name = "", key = "", value = ""] = match;
    const known = modules.get(name) ?? [];
    modules.set(name, known);
    known.push([key, value]);
  }
  return modules;
}

/** One line of a modprobe.d file, of modules.alias, modules.softdep or modules.weakdep. */
export type ModprobeLine =
  | { readonly kind: "alias"; readonly pattern: string; readonly module: string }
  | ({ readonly kind: "softdep"; readonly module: string } & SoftDependency)
  | { readonly kind: "weakdep"; readonly module: string; readonly names: readonly string[] }
  | { readonly kind: "blacklist"; readonly module: string }
  | { readonly kind: "install" | "remove"; readonly module: string; readonly command: string };

export interface SoftDependency {
  readonly pre: readonly string[];
  readonly post: readonly string[];
  /** Names before the first `pre:` or `post:`: modprobe passes them by. */
  readonly bare: readonly string[];
}

/** Comments, options and unknown words are left out. A backslash at the end joins lines. */
export function parseModprobeLines(text: string): ModprobeLine[] {
  return text.replaceAll("\\\n", "").split("\n").flatMap(parseModprobeLine);
}

function parseModprobeLine(line: string): ModprobeLine[] {
  const [word = "", first = "", ...rest] = line.split(/[ \t\r]+/).filter((part) => part !== "");
  if (first === "") return [];
  const module = first.replaceAll("-", "_");
  switch (word) {
    case "alias":
      return rest[0] === undefined
        ? []
        : [{ kind: "alias", pattern: first, module: rest[0].replaceAll("-", "_") }];
    case "softdep":
      return [{ kind: "softdep", module, ...parseSoftDependency(rest) }];
    case "weakdep":
      return [{ kind: "weakdep", module, names: rest }];
    case "blacklist":
      return [{ kind: "blacklist", module }];
    case "install":
    case "remove":
      return [{ kind: word, module, command: rest.join(" ") }];
    default:
      return [];
  }
}

/** The words behind the module's name: `pre: a b post: c`. */
export function parseSoftDependency(words: readonly string[]): SoftDependency {
  const found: Record<"pre" | "post" | "bare", string[]> = { pre: [], post: [], bare: [] };
  let at: keyof typeof found = "bare";
  for (const word of words) {
    if (word === "pre:") at = "pre";
    else if (word === "post:") at = "post";
    else if (word !== "") found[at].push(word);
  }
  return found;
}
