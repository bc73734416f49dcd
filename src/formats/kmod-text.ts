/**
 * The text files beside kernel modules. Lines that make no sense are passed by, as kmod does.
 * Sources: modules.dep(5), modprobe.d(5), kmod tools/depmod.c and libkmod/libkmod-config.c.
 */
import { moduleNameOf, normalizeAlias } from "./kmod-names.ts";

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
  | { readonly kind: "options"; readonly module: string; readonly options: string }
  | CommandLine;

/** What a shell runs instead of loading or unloading a module. */
export interface CommandLine {
  readonly kind: "install" | "remove";
  readonly module: string;
  readonly command: string;
}

export interface SoftDependency {
  readonly pre: readonly string[];
  readonly post: readonly string[];
  /** Names before the first `pre:` or `post:`: modprobe passes them by. */
  readonly bare: readonly string[];
}

/** Comments and unknown words are left out. */
export function parseModprobeLines(text: string): ModprobeLine[] {
  return wrappedLines(text).flatMap(parseModprobeLine);
}

/** Lines as kmod reads them: a backslash joins two lines, and before any other character it is dropped. */
export function wrappedLines(text: string): string[] {
  return text.replace(/\\(.?)/gs, (_, next: string) => (next === "\n" ? "" : next)).split("\n");
}

function parseModprobeLine(line: string): ModprobeLine[] {
  const [, word = "", first = "", rest = ""] =
    /^[ \t]*([^ \t]+)[ \t]+([^ \t\r]+)[ \t]*(.*?)\r?$/s.exec(line) ?? [];
  const words = rest.split(/[ \t]+/).filter((part) => part !== "");
  const module = normalizeAlias(first);
  if (module === null || first === "") return [];
  switch (word) {
    case "alias":
      return words[0] === undefined
        ? []
        : [{ kind: "alias", pattern: module, module: words[0].replaceAll("-", "_") }];
    case "softdep":
      return [{ kind: "softdep", module, ...parseSoftDependency(words) }];
    case "weakdep":
      return [{ kind: "weakdep", module, names: words }];
    case "blacklist":
      return [{ kind: "blacklist", module }];
    case "options":
      return rest === "" ? [] : [{ kind: "options", module, options: rest }];
    case "install":
    case "remove":
      return rest === "" ? [] : [{ kind: word, module, command: rest }];
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
