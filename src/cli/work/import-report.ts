/** What is said of an imported image: where its files come from now, and how the rebuilt tree differs. */
import type { AdoptedItem, TreeDifference } from "../../adopt/adopted-item.ts";
import type { Draft } from "../../adopt/draft.ts";
import type { Surplus } from "../../adopt/settle.ts";
import { type HostPath, hostPathOf, showBytes, showPath, type TargetPath } from "../../core/path.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { safeText } from "../text/safe.ts";
import { nameJson } from "./images.ts";
import { PACKED, RECIPE } from "./recipe-directory.ts";

export interface Imported {
  readonly draft: Draft;
  /** Objects that the recipe names. */
  readonly objects: number;
  readonly surplus: readonly Surplus[];
  readonly items: readonly AdoptedItem[];
  readonly differences: readonly TreeDifference[];
  readonly remarks: readonly string[];
}

/** So many differences are named. */
const MOST_NAMED = 20;

export function reportImport(imported: Imported, out: HostPath, terminal: Terminal): ExitCode {
  const { draft, objects, surplus, differences, remarks } = imported;
  const counts = { object: 0, layout: 0, own: 0, kernel: 0, packed: 0 };
  for (const way of draft.ways.values()) counts[way] += 1;
  const recipe = showBytes(hostPathOf(out, RECIPE as TargetPath));
  const isEqual = differences.length === 0;
  if (terminal.isJson) {
    terminal.printJson({
      ok: isEqual,
      recipe,
      fromSysroot: counts.object + counts.layout + counts.kernel,
      objects,
      own: counts.own,
      packed: counts.packed,
      differences: differences.map(({ path, what }) => ({
        ...nameJson("path", path),
        what,
        ...causeJson(path, surplus),
      })),
      remarks,
    });
    return isEqual ? 0 : 1;
  }
  for (const remark of remarks) terminal.note(`note: ${safeText(remark)}\n`);
  const from = counts.object + counts.layout + counts.kernel;
  terminal.note(
    `${from} of ${draft.ways.size} files and symlinks are the sysroot's, named by ${objects} objects; ${counts.own} lie beside the recipe or in it\n`,
  );
  if (counts.packed > 0)
    terminal.note(
      `${counts.packed} are kept in ${PACKED}: no recipe can say them, or they would bring what the image has not\n`,
    );
  for (const { path, what } of differences.slice(0, MOST_NAMED)) {
    terminal.complain(`${WORDS[what]}: ${safeText(showPath(path))}${safeText(causeOf(path, surplus))}\n`);
  }
  if (differences.length > MOST_NAMED) terminal.complain(`and ${differences.length - MOST_NAMED} more\n`);
  terminal.note(
    isEqual
      ? `round trip: the recipe was built, and gives the image's tree: ${imported.items.length} entries\n`
      : `round trip: the recipe was built, and gives another tree: ${differences.length} differences\n`,
  );
  terminal.print(`${safeText(recipe)}\n`);
  return isEqual ? 0 : 1;
}

const WORDS: Readonly<Record<TreeDifference["what"], string>> = {
  lost: "only in the image",
  extra: "only in the rebuilt tree",
  kind: "of another kind",
  mode: "of another mode",
  owner: "of another owner",
  content: "of other content",
  target: "leads elsewhere",
  device: "another device",
};

function causeOf(path: TargetPath, surplus: readonly Surplus[]): string {
  const cause = surplus.find((one) => one.path === path);
  if (cause === undefined) return "";
  return ` (${cause.reason}${cause.neededBy === null ? "" : ` of ${showPath(cause.neededBy)}`})`;
}

function causeJson(path: TargetPath, surplus: readonly Surplus[]): object {
  const cause = surplus.find((one) => one.path === path);
  if (cause === undefined) return {};
  return { reason: cause.reason, ...(cause.neededBy === null ? {} : nameJson("neededBy", cause.neededBy)) };
}
