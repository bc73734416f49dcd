/** From a name to the modules it stands for, in modprobe's own order of places to look. Source: libkmod-module.c. */
import { matchesAlias, normalizeAlias } from "../formats/kmod-names.ts";
import type { Catalogue, CatalogueModule } from "./catalogue.ts";
import type { ConfiguredCommand, ModprobeFile } from "./modprobe-config.ts";

/** What a name stands for; `builtin` modules have no file. All empty: nothing. */
export interface Found {
  readonly modules: readonly CatalogueModule[];
  readonly builtin: readonly string[];
  /** A name that is no module, and that modprobe runs a command for. */
  readonly command: ConfiguredCommand | null;
  /** For people: "alias pci:v00001AF4d*". Empty: it is the module's name. */
  readonly through: string;
}

export const NOTHING: Found = { modules: [], builtin: [], command: null, through: "" };

export class ModuleLookup {
  readonly #catalogue: Catalogue;
  readonly #config: readonly ModprobeFile[];
  readonly #blacklist: ReadonlyMap<string, string>;

  constructor(catalogue: Catalogue, config: readonly ModprobeFile[]) {
    this.#catalogue = catalogue;
    this.#config = config;
    this.#blacklist = new Map(
      config.flatMap(({ label, lines }) =>
        lines.flatMap((line) => (line.kind === "blacklist" ? [[line.module, label] as const] : [])),
      ),
    );
  }

  /** A name or an alias, as a soft dependency has it. */
  find(word: string): Found {
    const name = normalizeAlias(word);
    if (name === null) return NOTHING;
    const configured = this.#configured(name);
    if (configured !== null) return configured;
    const { modules, aliases, builtins, builtinAliases } = this.#catalogue;
    const module = modules.get(name);
    if (module !== undefined) return { ...NOTHING, modules: [module] };
    const command = this.#commandFor(name);
    if (command !== null) return { ...NOTHING, command };
    const matches = aliases.find(name);
    if (matches.length > 0) {
      const through = `alias ${matches[0]!.pattern}`;
      return { ...NOTHING, modules: matches.flatMap((match) => modules.get(match.module) ?? []), through };
    }
    if (builtins.has(name)) return { ...NOTHING, builtin: [name] };
    const builtin = builtinAliases.find(name);
    if (builtin.length === 0) return NOTHING;
    const through = `alias ${builtin[0]!.pattern}`;
    return { ...NOTHING, builtin: builtin.map((match) => match.module), through };
  }

  /** A name or an alias that modprobe is called with: of the modules of an alias those on a blacklist are left out. */
  findAsked(word: string): Found & { readonly blacklisted: readonly string[] } {
    const found = this.find(word);
    if (found.through === "") return { ...found, blacklisted: [] };
    const modules = found.modules.filter(({ name }) => !this.#blacklist.has(name));
    const blacklisted = found.modules.flatMap(({ name }) => {
      const by = this.#blacklist.get(name);
      return by === undefined ? [] : [`${name} (${by})`];
    });
    return { ...found, modules, blacklisted };
  }

  /** An alias of modprobe.d counts before all else, even where it leads to nothing. */
  #configured(name: string): Found | null {
    const { modules, builtins } = this.#catalogue;
    const found = this.#config.flatMap(({ label, lines }) =>
      lines.flatMap((line) =>
        line.kind === "alias" && matchesAlias(line.pattern, name) ? [{ label, line }] : [],
      ),
    );
    const [first] = found;
    if (first === undefined) return null;
    return {
      ...NOTHING,
      modules: found.flatMap(({ line }) => modules.get(line.module) ?? []),
      builtin: found.flatMap(({ line }) => (builtins.has(line.module) ? [line.module] : [])),
      through: `alias ${first.line.pattern} of ${first.label}`,
    };
  }

  #commandFor(name: string): ConfiguredCommand | null {
    for (const kind of ["install", "remove"] as const) {
      for (const file of this.#config) {
        for (const line of file.lines) if (line.kind === kind && line.module === name) return { file, line };
      }
    }
    return null;
  }
}
