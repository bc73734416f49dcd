/**
 * The indexes that depmod writes, for just the modules of an image: byte for byte what `depmod -b` of kmod 30
 * (and up to 33) writes when it is run on the image's tree. Source: kmod tools/depmod.c.
 */
import { compareBytes } from "../core/order.ts";
import { inHashOrder, NAME_BUCKETS, SYMBOL_BUCKETS } from "../formats/kmod-hash.ts";
import { encodeKmodIndex, type IndexEntry } from "../formats/kmod-index.ts";
import { infoOf } from "../formats/kmod-module.ts";
import { normalizeAlias, plainModulePath } from "../formats/kmod-names.ts";
import { parseModulesBuiltin, parsePathLines } from "../formats/kmod-text.ts";
import type { ModuleFacts } from "./kernel.ts";

/** What the kernel's own build says, as it lies beside the modules; null: the file is not there. */
export interface BuildLists {
  readonly order: string | null;
  readonly builtin: string | null;
  readonly builtinModinfo: string | null;
}

export type DepmodOutput =
  | { readonly kind: "indexes"; readonly files: ReadonlyMap<string, Uint8Array> }
  | { readonly kind: "cycle"; readonly modules: readonly string[] };

/** Names are unique. Throws FormatError for an alias that is not ASCII. */
export function moduleIndexes(modules: readonly ModuleFacts[], lists: BuildLists): DepmodOutput {
  const ordered = inModuleOrder(modules, lists.order);
  const owners = symbolOwners(ordered);
  const direct = new Map(ordered.map((module) => [module, directNeeds(module, owners)]));
  const ranks = rank(ordered, direct);
  if (ranks.size < ordered.length) {
    const stuck = ordered.filter((module) => !ranks.has(module));
    return { kind: "cycle", modules: stuck.map(({ name }) => name) };
  }
  const lines = ordered.map((module) => {
    const needed = allNeeds(module, direct).sort((a, b) => ranks.get(a)! - ranks.get(b)!);
    return `${module.path}:${needed.map(({ path }) => ` ${path}`).join("")}`;
  });
  const entries = (give: (module: ModuleFacts, priority: number) => IndexEntry[]): Uint8Array =>
    encodeKmodIndex(ordered.flatMap(give));
  const aliases = ordered.map((module) => ({ module, aliases: infoOf(module.info, "alias") }));
  const said = (key: "softdep" | "weakdep"): string[] =>
    ordered.flatMap(({ name, info }) => infoOf(info, key).map((words) => `${key} ${name} ${words}`));
  const weak = said("weakdep");
  const symbols = inHashOrder(owners.keys(), SYMBOL_BUCKETS);
  const priorities = new Map(ordered.map((module, index) => [module, index]));
  const files: (readonly [string, Uint8Array])[] = [
    ["modules.dep", textFile(lines)],
    ["modules.dep.bin", entries(({ name }, priority) => [{ key: name, value: lines[priority]!, priority }])],
    [
      "modules.alias",
      textFile([
        ALIAS_HEAD,
        ...aliases.flatMap((each) => each.aliases.map((alias) => `alias ${alias} ${each.module.name}`)),
      ]),
    ],
    [
      "modules.alias.bin",
      entries(({ info, name }, priority) =>
        infoOf(info, "alias").flatMap((alias) => {
          const key = normalizeAlias(alias);
          return key === null ? [] : [{ key, value: name, priority }];
        }),
      ),
    ],
    ["modules.softdep", textFile([SOFTDEP_HEAD, ...said("softdep")])],
    // kmod 33 and later have it, and write it even where it is empty
    ...(weak.length === 0 ? [] : [["modules.weakdep", textFile([WEAKDEP_HEAD, ...weak])] as const]),
    [
      "modules.symbols",
      textFile([
        SYMBOLS_HEAD,
        ...symbols.map((symbol) => `alias symbol:${symbol} ${owners.get(symbol)!.name}`),
      ]),
    ],
    [
      "modules.symbols.bin",
      encodeKmodIndex(
        symbols.map((symbol) => {
          const owner = owners.get(symbol)!;
          return { key: `symbol:${symbol}`, value: owner.name, priority: priorities.get(owner)! };
        }),
      ),
    ],
    ["modules.builtin.bin", builtinIndex(lists.builtin)],
    ["modules.builtin.alias.bin", builtinAliasIndex(lists.builtinModinfo)],
    ["modules.devname", textFile(deviceNames(aliases))],
  ];
  return { kind: "indexes", files: new Map(files) };
}

const ALIAS_HEAD = "# Aliases extracted from modules themselves.";
const SOFTDEP_HEAD = "# Soft dependencies extracted from modules themselves.";
const WEAKDEP_HEAD = "# Weak dependencies extracted from modules themselves.";
const SYMBOLS_HEAD = "# Aliases for symbols, used by symbol_request().";
const DEVNAME_HEAD = "# Device nodes to trigger on-demand module loading.";

/** What each module needs directly, in the order in which its symbols ask. */
export function dependenciesOf(
  modules: readonly ModuleFacts[],
  order: string | null,
): Map<ModuleFacts, readonly ModuleFacts[]> {
  const ordered = inModuleOrder(modules, order);
  const owners = symbolOwners(ordered);
  return new Map(ordered.map((module) => [module, directNeeds(module, owners)]));
}

/** As modules.order says; what it does not name comes last, in the order of kmod's hash table. */
function inModuleOrder(modules: readonly ModuleFacts[], order: string | null): ModuleFacts[] {
  const byName = new Map(modules.map((module) => [module.name as string, module]));
  const hashed = inHashOrder(byName.keys(), NAME_BUCKETS).map((name) => byName.get(name)!);
  if (order === null || !/^$|\n$/.test(order.slice(-1))) return hashed; // depmod looks at no order whose last line is cut
  const places = new Map(parsePathLines(order).map((path, index) => [path, index]));
  const placeOf = ({ path }: ModuleFacts): number =>
    places.get(plainModulePath(path)) ?? places.size + order.length;
  return hashed.sort((a, b) => placeOf(a) - placeOf(b));
}

/** Of two that give the same symbol, the last counts. */
function symbolOwners(ordered: readonly ModuleFacts[]): Map<string, ModuleFacts> {
  return new Map(ordered.flatMap((module) => module.exports.map((symbol) => [symbol, module] as const)));
}

function directNeeds(module: ModuleFacts, owners: ReadonlyMap<string, ModuleFacts>): ModuleFacts[] {
  const needed = new Set<ModuleFacts>();
  for (const symbol of module.needs) {
    // 64-bit PowerPC calls `.name` what `name` gives
    const owner = owners.get(symbol.startsWith(".") ? symbol.slice(1) : symbol);
    if (owner !== undefined) needed.add(owner);
  }
  return [...needed];
}

type Direct = ReadonlyMap<ModuleFacts, readonly ModuleFacts[]>;

/** Users before what they use, with depmod's own choice among those that are free: the last first. */
function rank(ordered: readonly ModuleFacts[], direct: Direct): Map<ModuleFacts, number> {
  const users = new Map<ModuleFacts, number>(ordered.map((module) => [module, 0]));
  for (const needed of direct.values()) for (const each of needed) users.set(each, users.get(each)! + 1);
  const free = ordered.filter((module) => users.get(module) === 0);
  const ranks = new Map<ModuleFacts, number>();
  for (let module = free.pop(); module !== undefined; module = free.pop()) {
    ranks.set(module, ranks.size);
    for (const each of direct.get(module)!) {
      const left = users.get(each)! - 1;
      users.set(each, left);
      if (left === 0) free.push(each);
    }
  }
  return ranks;
}

function allNeeds(module: ModuleFacts, direct: Direct): ModuleFacts[] {
  const all = new Set(direct.get(module)!);
  for (const each of all) for (const next of direct.get(each)!) all.add(next);
  return [...all];
}

/** Without the kernel's list, depmod leaves an empty file. */
function builtinIndex(list: string | null): Uint8Array {
  if (list === null) return new Uint8Array(0);
  return encodeKmodIndex(parseModulesBuiltin(list).map((key) => ({ key, value: "", priority: 0 })));
}

function builtinAliasIndex(text: string | null): Uint8Array {
  if (text === null) return new Uint8Array(0);
  return encodeKmodIndex(
    builtinAliases(text).flatMap(({ alias, module }) => {
      const key = normalizeAlias(alias);
      return key === null ? [] : [{ key, value: module, priority: 0 }];
    }),
  );
}

/** The aliases of built-in modules: `module.alias=…` of modules.builtin.modinfo. */
export function builtinAliases(text: string): { readonly alias: string; readonly module: string }[] {
  return text.split("\0").flatMap((line) => {
    const match = /^([^.]+)\.alias=(.+)$/s.exec(line);
    return match === null ? [] : [{ module: match[1]!, alias: match[2]! }];
  });
}

function deviceNames(
  modules: readonly { readonly module: ModuleFacts; readonly aliases: readonly string[] }[],
): string[] {
  const lines = modules.flatMap(({ module, aliases }) => {
    let name: string | null = null;
    let device: string | null = null;
    for (const alias of aliases) {
      const numbers = /^(char|block)-major-(\d+)-(\d+)/.exec(alias);
      if (alias.startsWith("devname:")) name = alias.slice("devname:".length);
      else if (numbers)
        device = `${numbers[1] === "char" ? "c" : "b"}${Number(numbers[2])}:${Number(numbers[3])}`;
      if (name !== null && device !== null) break;
    }
    return name === null || device === null ? [] : [`${module.name} ${name} ${device}`];
  });
  return lines.length === 0 ? [] : [DEVNAME_HEAD, ...lines];
}

function textFile(lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1");
}

/** Module names in byte order, for messages. */
export function sortedNames(names: Iterable<string>): string[] {
  return [...names].sort(compareBytes);
}
