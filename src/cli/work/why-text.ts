/** What `why` answers, for people. */
import { showBytes, showPath } from "../../core/path.ts";
import type { Package } from "../../packages/package.ts";
import type { Answer, Answers, ExplainedEntry } from "../../trace/answer.ts";
import type { BesideEntries } from "../../trace/beside.ts";
import type { ExplainedChain, IndependentChains } from "../../trace/explain-entry.ts";
import { KINDS } from "../report/kinds.ts";
import { layoutChain, layoutLine } from "../text/chain.ts";
import { safeText } from "../text/safe.ts";
import { showCount, showSize } from "../text/size.ts";
import type { AskedPackage } from "./asked-image.ts";

/** So much is shown; the rest is counted, and --json lists it. */
const MOST_ENTRIES = 20;
const MOST_CHAINS = 10;
const MOST_LINES = 12;
const MOST_FILES = 8;

export function answerText({ entries, others, beside }: Answer): string {
  const shown = entries.slice(0, MOST_ENTRIES).map((one) => entryLines(one).join("\n"));
  const more = entries.length - shown.length + others;
  const rest =
    more === 0
      ? []
      : [`and ${showCount(more, "more entry", "more entries")} of that name; --json lists them`];
  return `${[...shown, ...besideLines(beside), ...rest].join("\n\n")}\n`;
}

export function packageText({ owner, paths }: AskedPackage, answers: Answers): string {
  const groups = answers.explainTogether(paths).map(({ way, paths: own }) => {
    const first = way.steps.at(-1)?.path;
    const others = own.filter((path) => path !== first).map(showPath);
    const shown = others.slice(0, MOST_FILES).map((path) => `    ${path}`);
    const more = others.length - shown.length;
    return [
      ...indented(layoutChain(way)),
      ...(others.length === 0
        ? []
        : [`    and ${showCount(others.length, "more", "more")} of its files in the same way:`]),
      ...shown.map((line) => `  ${line}`),
      ...(more > 0 ? [`      and ${more} more`] : []),
    ].join("\n");
  });
  const files = `${showCount(paths.length, "of its files is", "of its files are")} in the image`;
  return `${[`package ${namePackage(owner)}: ${files}`, ...groups].join("\n\n")}\n`;
}

export function namePackage({ kind, name, version }: Package): string {
  return safeText(`${name} ${version} (${kind})`);
}

function entryLines(one: ExplainedEntry): string[] {
  const { entry, links, chain, all } = one;
  const through = links.filter(({ isFinal }) => !isFinal);
  const ways = through.map(({ path, to }) => `  by way of ${showPath(path)} -> ${safeText(showBytes(to))}`);
  const over = entry.overriddenBy;
  const above =
    over === null
      ? []
      : [`  the layer ${safeText(over)} lies over it: what stands here is not what the system sees`];
  const head = [headLine(one), ...ways, ...above];
  if (all !== null && all.chains.length > 0) return [...head, ...allLines(all)];
  return [
    ...head,
    ...(chain === null ? ["  nothing that is known leads there"] : indented(layoutChain(chain))),
  ];
}

/** "/usr/bin/ssh: a file, 1.2 MiB, layer main". */
function headLine({ entry, layer }: ExplainedEntry): string {
  const { path, original, kind, size, to, major, minor } = entry;
  const facts = {
    file: `, ${showSize(size)}`,
    symlink: to === null ? "" : ` to ${safeText(showBytes(to))}`,
    char: ` ${major}:${minor}`,
    block: ` ${major}:${minor}`,
    directory: "",
    fifo: "",
    socket: "",
  }[kind];
  const renamed = original === path ? "" : `, in the store ${showPath(original)}`;
  const where = layer === null ? "" : `, layer ${safeText(layer)}`;
  return `${showPath(path)}: ${KINDS[kind]}${facts}${renamed}${where}`;
}

function allLines({ chains, areAll, lines }: IndependentChains): string[] {
  const shown = chains.slice(0, MOST_CHAINS);
  const hidden = chains.length - shown.length;
  const least = areAll ? "" : "at least ";
  const count =
    chains.length === 1 && areAll
      ? "  one chain, or several that share a line or a file:"
      : `  ${least}${showCount(chains.length, "chain")} that share neither a line nor a file:`;
  return [
    count,
    ...shown.flatMap((chain, at) => numbered(chain, at + 1)),
    ...(hidden > 0 ? [`  and ${hidden} more; --json lists them`] : []),
    ...linesToGo(lines),
  ];
}

function numbered(chain: ExplainedChain, number: number): string[] {
  const [first = "", ...rest] = layoutChain(chain);
  const mark = `  ${number}. `;
  return [mark + first, ...rest.map((line) => " ".repeat(mark.length - 2) + line)];
}

function linesToGo(lines: IndependentChains["lines"]): string[] {
  if (lines.length === 1) return ["  it goes with this line"];
  const more = lines.length - MOST_LINES;
  return [
    `  it goes when all of these ${lines.length} lines go:`,
    ...lines.slice(0, MOST_LINES).map((line) => `    ${layoutLine(line)}`),
    ...(more > 0 ? [`    and ${more} more; --json lists them`] : []),
  ];
}

function besideLines({ secrets, archives }: BesideEntries): string[] {
  return [
    ...secrets.map(({ path, at }) => {
      const where = at === null ? [] : [`  ${layoutLine({ at, label: "secrets" })}`];
      return [`${showPath(path)}: a secret, put in last; no more is told of it`, ...where].join("\n");
    }),
    ...archives.flatMap(({ file, at, paths }) =>
      (paths ?? []).slice(0, MOST_ENTRIES).map((path) => {
        const where = at === null ? [] : [`  ${layoutLine({ at, label: "prepend" })}`];
        return [
          `${showPath(path)}: in the archive ${safeText(file)}, which stands before the image's own`,
          ...where,
        ].join("\n");
      }),
    ),
  ];
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
