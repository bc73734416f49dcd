/** Aliases by pattern: thousands of them, so most are passed by after a look at their first characters. */
import { literalHead, matchesAlias, normalizeAlias } from "../formats/kmod-names.ts";

export class AliasTable {
  readonly #plain = new Map<string, string[]>();
  readonly #patterns: { readonly head: string; readonly pattern: string; readonly module: string }[] = [];

  /** A pattern with a bracket that has no partner is dropped, as kmod does. */
  add(pattern: string, module: string): void {
    const normalized = normalizeAlias(pattern);
    if (normalized === null) return;
    const head = literalHead(normalized);
    if (head !== normalized) this.#patterns.push({ head, pattern: normalized, module });
    else this.#plain.set(head, [...(this.#plain.get(head) ?? []), module]);
  }

  /** The modules whose aliases match a name that is normalized already; each once. */
  find(name: string): { readonly module: string; readonly pattern: string }[] {
    const found = new Map<string, string>();
    for (const module of this.#plain.get(name) ?? []) found.set(module, name);
    for (const { head, pattern, module } of this.#patterns) {
      if (!name.startsWith(head) || found.has(module)) continue;
      if (matchesAlias(pattern, name)) found.set(module, pattern);
    }
    return Array.from(found, ([module, pattern]) => ({ module, pattern }));
  }

  /** The modules of all aliases whose own text a glob of the recipe matches. */
  findByGlob(glob: string): string[] {
    const found = new Set<string>();
    for (const [alias, modules] of this.#plain) {
      if (matchesAlias(glob, alias)) for (const module of modules) found.add(module);
    }
    for (const { pattern, module } of this.#patterns) if (matchesAlias(glob, pattern)) found.add(module);
    return [...found];
  }
}
