/** What `initgraph graph` was asked for, checked. */
import { GROUPINGS, type GroupBy } from "../../draw/graph-document.ts";
import type { CacheWish } from "../../machine/cache.ts";
import type { RecipeOrder } from "../../machine/recipe.ts";
import { WrongUsage } from "../../machine/wrong-usage.ts";

/** As it was typed. `recipe` may be an image too. */
export interface GraphRequest extends RecipeOrder {
  readonly cache: CacheWish;
  readonly format: string | null;
  readonly focus: string | null;
  readonly depth: string | null;
  readonly by: string | null;
  readonly isWhole: boolean;
  readonly out: string | null;
  readonly files: string | null;
}

const PICTURES = ["svg", "html", "dot", "mermaid"] as const;
const LISTS = ["gen_init_cpio", "3cpio"] as const;
export const GRAPH_FORMATS = ["text", "json", ...PICTURES, ...LISTS] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];
export type PictureFormat = (typeof PICTURES)[number];
export type ListFormat = (typeof LISTS)[number];

export interface GraphOrder extends RecipeOrder {
  readonly cache: CacheWish;
  readonly format: GraphFormat;
  readonly focus: string | null;
  /** Null: as far as it goes. */
  readonly depth: number | null;
  readonly by: GroupBy | null;
  readonly isWhole: boolean;
  readonly out: string | null;
  readonly files: string | null;
}

/** Steps around a focus where nobody says how many. */
const NEAR = 2;
const DEEPEST = 1000;

/** Throws WrongUsage. `isJson`: --json was given. */
export function parseGraphOrder(request: GraphRequest, isJson: boolean): GraphOrder {
  const format = oneOf(request.format ?? (isJson ? "json" : "text"), GRAPH_FORMATS, "--format");
  const by = request.by === null ? null : oneOf(request.by, GROUPINGS, "--by");
  if (isJson && format !== "json" && request.out === null)
    throw new WrongUsage(`--json and --format ${format} would both write to standard output: add --out FILE`);
  if (isList(format)) refuseBesideLists(request);
  else if (request.files !== null) throw new WrongUsage("--files goes with --format gen_init_cpio or 3cpio");
  if (request.isWhole && (format === "text" || format === "json"))
    throw new WrongUsage(`--all is for pictures: --format ${format} has everything`);
  if (format === "html" && (request.isWhole || by !== null))
    throw new WrongUsage("--all and --by are not for --format html: the page unfolds what you choose");
  if (request.depth !== null && request.focus === null && format !== "text")
    throw new WrongUsage("--depth goes with --format text, or with --focus");
  const depth = request.depth === null ? null : parseDepth(request.depth);
  return { ...request, format, by, depth: depth ?? (request.focus === null ? null : NEAR) };
}

export function isList(format: GraphFormat): format is ListFormat {
  return LISTS.some((one) => one === format);
}

function refuseBesideLists({ focus, depth, by, isWhole, format }: GraphRequest): void {
  const given = [
    ["--focus", focus],
    ["--depth", depth],
    ["--by", by],
    ["--all", isWhole ? "" : null],
  ] as const;
  const beside = given.find(([, value]) => value !== null);
  if (beside) throw new WrongUsage(`${beside[0]} is not for --format ${format}: a list has the whole tree`);
}

function parseDepth(text: string): number {
  const depth = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (!(depth <= DEEPEST)) throw new WrongUsage(`--depth is a number of steps, 0 to ${DEEPEST}`);
  return depth;
}

function oneOf<T extends string>(text: string, all: readonly T[], option: string): T {
  const found = all.find((one) => one === text);
  if (found === undefined) throw new WrongUsage(`${option} is one of ${all.join(", ")}`);
  return found;
}
