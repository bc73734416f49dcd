/** From a name to the modules it stands for, in modprobe's own order of places to look. Source: libkmod-module.c. */
import { matchesAlias, normalizeAlias } from "../formats/kmod-names.ts";
import type { Catalogue, CatalogueModule } from "./catalogue.ts";
import type { ModprobeFile } from "./modprobe-config.ts";

/** What a name stands for; `builtin` modules have no file. Both empty: nothing. */
export interface Found {
  readonly modules: readonly CatalogueModule[];
  readonly builtin: readonly string[];
  /** For people: "alias pci:v00001AF4d*". Empty: it is the module's name. */
  readonly through: string;
}

const NOTHING: Found = { modules: [], builtin: [], through: "" };

export class ModuleLookup {
  readonly #catalogue: Catalogue;
  readonly #config: readonly ModprobeFile[];
  readonly #blacklist: ReadonlySet<string>;

  constructor(catalogue: Catalogue, config: readonly ModprobeFile[]) {
    this.#catalogue = catalogue;
    this.#config = config;
    const lines = config.flatMap((file) => file.lines);
    this.#blacklist = new Set(lines.flatMap((line) => (line.kind === "blacklist" ? [line.module] : [])));
  }

  /** A name or an alias. Of the modules that an alias stands for, those on a blacklist are left out. */
  find(word: string): Found {
    const name = normalizeAlias(word);
    if (name === null) return NOTHING;
    const { modules, aliases, builtins, builtinAliases } = this.#catalogue;
    const configured = this.#configured(name);
    if (configured !== null) return configured;
    const module = modules.get(name);
    if (module !== undefined) return { ...NOTHING, modules: [module] };
    const matches = aliases.find(name).filter((match) => !this.#blacklist.has(match.module));
    if (matches.length > 0) {
      const through = `alias ${matches[0]!.pattern}`;
      return { modules: matches.flatMap((match) => modules.get(match.module) ?? []), builtin: [], through };
    }
    if (builtins.has(name)) return { ...NOTHING, builtin: [name] };
    const builtin = builtinAliases.find(name);
    if (builtin.length === 0) return NOTHING;
    return {
      modules: [],
      builtin: builtin.map((match) => match.module),
      through: `alias ${builtin[0]!.pattern}`,
    };
  }

  /** An alias of modprobe.d counts before all else. */
  #configured(name: string): Found | null {
    for (const { label, lines } of this.#config) {
      const found = lines.flatMap((line) => {
        if (line.kind !== "alias") return [];
        const pattern = normalizeAlias(line.pattern);
        return pattern !== null && matchesAlias(pattern, name) ? [line] : [];
      });
      const modules = found.flatMap((line) => this.#catalogue.modules.get(line.module) ?? []);
      if (modules.length > 0)
        return { modules, builtin: [], through: `alias ${found[0]!.pattern} of ${label}` };
    }
    return null;
  }
}
