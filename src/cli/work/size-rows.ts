/** The parts of an image that `size --by` tells of, as rows: the largest first. */
import { unreachable } from "../../core/entry.ts";
import { showPath } from "../../core/path.ts";
import type { Account, LineAccount } from "../../size/account.ts";
import { type Amount, amountIn } from "../../size/amounts.ts";
import { cutDirectories } from "../../size/directories.ts";
import type { SizePart } from "../commands/size.ts";
import type { Sized } from "./sized.ts";

export interface Row {
  readonly name: string;
  readonly amount: Amount;
  /** What would go with it; null: of such a part nobody can say it. */
  readonly retained: Amount | null;
}

/** Of all of them, many would say nothing. */
const MOST_DIRECTORIES = 64;

export function rowsBy(part: SizePart, { image, packages }: Sized, account: Account, top: number): Row[] {
  switch (part) {
    case "line":
      return account.lines
        .map((line) => ({ name: nameOfLine(line), amount: line.own, retained: line.retained }))
        .sort(byRetained);
    case "layer":
      return account.layers.map(({ name, own, retained }) => {
        return { name, amount: own, retained: image.references.nodes.length === 0 ? null : retained };
      });
    case "directory": {
      const most = Number.isFinite(top) ? Math.max(top, 2) : MOST_DIRECTORIES;
      return cutDirectories(image.entries, account.entries, most).map(({ path, isWhole, amount }) => {
        const name = isWhole
          ? showPath(path)
          : `${showPath(path).replace(/\/$/, "")}/ and what is small in it`;
        return { name, amount, retained: null };
      });
    }
    case "package":
      return rowsByPackage(image, account, packages ?? new Map());
    default:
      return unreachable(part);
  }
}

/** `board.yaml:14  - object: /bin/sh`; of an image whose recipe is not here, what the part is called. */
export function nameOfLine({ at, label }: Pick<LineAccount, "at" | "label">): string {
  if (at === null) return label;
  return `${at.file}:${at.line}  ${at.text.trim() || label}`;
}

/** As much of a name as a line has room for. */
const MOST_NAME = 100;

export function cut(name: string): string {
  return name.length <= MOST_NAME ? name : `${name.slice(0, MOST_NAME - 1)}…`;
}

function byRetained(a: Row, b: Row): number {
  return b.retained!.unpacked - a.retained!.unpacked || b.amount.unpacked - a.amount.unpacked;
}

function rowsByPackage(
  { entries }: Sized["image"],
  account: Account,
  packages: NonNullable<Sized["packages"]>,
): Row[] {
  const groups = new Map<string, number[]>();
  for (const [at, { path }] of entries.entries()) {
    const [owner] = packages.get(path) ?? [];
    const name = owner === undefined ? "of no package" : `${owner.name} ${owner.version}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [at]);
    else group.push(at);
  }
  const rows = [...groups].map(([name, own]) => ({
    name,
    amount: amountIn(account.entries, own),
    retained: null,
  }));
  return rows.sort((a, b) => b.amount.unpacked - a.amount.unpacked);
}
