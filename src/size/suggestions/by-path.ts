/** What a system on a disk has, and an initrd has no use for: told by where it lies. Below a store path too. */
import type { TargetPath } from "../../core/path.ts";
import { amountIn } from "../amounts.ts";
import type { Inspected, Suggestion, SuggestionKind } from "./suggestion.ts";

type Test = (path: TargetPath, has: (path: string) => boolean) => boolean;

const TESTS: readonly (readonly [SuggestionKind, Test])[] = [
  ["locale", (path) => /(^|\/)(share\/(locale|i18n)|lib\/locale)\//.test(path)],
  ["documentation", (path) => /(^|\/)share\/(man|doc|info|gtk-doc)\//.test(path)],
  ["development", (path) => /(^|\/)include\/.*\.h$|\/lib[^/]*\.(a|la)$|\/pkgconfig\/[^/]*\.pc$/.test(path)],
  ["python-cache", (path, has) => hasSource(path, has)],
  ["time-zones", (path) => /(^|\/)share\/zoneinfo\//.test(path)],
  ["hwcaps", (path) => path.includes("/glibc-hwcaps/")],
];

export function lookAtPaths({ image: { entries }, account }: Inspected): Suggestion[] {
  const paths = new Set<string>(entries.map(({ path }) => path));
  return TESTS.map(([kind, test]) => {
    const own = [...entries.keys()].filter((at) => {
      const { kind: type, path } = entries[at]!;
      return type === "file" && test(path, (one) => paths.has(one));
    });
    const concerns = amountIn(account.entries, own);
    return { kind, entries: own, concerns, saves: concerns, which: "" };
  });
}

/** Without its source a compiled file is the program itself. */
function hasSource(path: TargetPath, has: (path: string) => boolean): boolean {
  const source = path.replace(/(^|\/)__pycache__\/([^/]*?)\.[^/]*\.pyc$/, "$1$2.py");
  return source !== path && has(source);
}
