/** What `why` answers, for programs. */
import { showBytes, showPath } from "../../core/path.ts";
import type { Span } from "../../core/span.ts";
import type { Answer, Answers, ExplainedEntry } from "../../trace/answer.ts";
import type { ExplainedChain, RecipeLine } from "../../trace/explain-entry.ts";
import type { AskedPackage } from "./asked-image.ts";

export function answerJson({ entries, others, beside }: Answer): object {
  return {
    entries: entries.map(entryJson),
    others,
    secrets: beside.secrets.map(({ path, at }) => ({ path: showPath(path), line: placeJson(at) })),
    archives: beside.archives.map(({ file, at, paths }) => {
      return { file, line: placeJson(at), paths: (paths ?? []).map(showPath) };
    }),
  };
}

export function packageJson({ owner, paths }: AskedPackage, answers: Answers): object {
  const { kind, name, version, architecture } = owner;
  return {
    package: { kind, name, version, architecture },
    groups: answers.explainTogether(paths).map(({ way, paths: own }) => {
      return { chain: chainJson(way), paths: own.map(showPath) };
    }),
  };
}

function entryJson({ entry, layer, links, chain, all }: ExplainedEntry): object {
  const { path, original, kind, size, to, overriddenBy } = entry;
  return {
    path: showPath(path),
    ...(original === path ? {} : { original: showPath(original) }),
    kind,
    ...(kind === "file" ? { size } : {}),
    ...(to === null ? {} : { to: showBytes(to) }),
    ...(layer === null ? {} : { layer }),
    overriddenBy,
    through: links.map((link) => ({ path: showPath(link.path), to: showBytes(link.to) })),
    chain: chain === null ? null : chainJson(chain),
    ...(all === null
      ? {}
      : { chains: all.chains.map(chainJson), areAll: all.areAll, lines: all.lines.map(lineJson) }),
  };
}

export function chainJson({ line, steps }: ExplainedChain): object {
  return {
    line: lineJson(line),
    steps: steps.map(({ reason, path, says, found, tried }) => ({
      reason,
      path: showPath(path),
      says,
      found,
      tried,
    })),
  };
}

export function lineJson({ at, label }: RecipeLine): object {
  return { label, ...placeJson(at) };
}

export function placeJson(
  at: Span | null,
): { file: string; line: number; column: number; text: string } | null {
  if (at === null) return null;
  const { file, line, column, text } = at;
  return { file, line, column, text };
}
