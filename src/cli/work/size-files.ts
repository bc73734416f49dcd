/** Single files as rows: the largest, and those that would take most along. */
import { showPath } from "../../core/path.ts";
import { amountOf } from "../../size/amounts.ts";
import type { Measured } from "./size.ts";
import type { Row } from "./size-rows.ts";

export function largestFiles({ sized, account }: Pick<Measured, "sized" | "account">): Row[] {
  const { entries } = sized.image;
  const files = [...entries.keys()].filter((at) => entries[at]!.kind === "file");
  files.sort((a, b) => entries[b]!.size - entries[a]!.size || a - b);
  return files.map((at) => ({
    name: showPath(entries[at]!.path),
    amount: amountOf(account.entries, at),
    retained: null,
  }));
}

/** Files that something hangs on that nothing else needs; what is alone is in the other list. */
export function largestHolders({ sized, account }: Pick<Measured, "sized" | "account">): Row[] {
  const own = new Map<number, number>();
  for (const { node, size } of sized.image.entries) {
    if (node !== null) own.set(node, (own.get(node) ?? 0) + size);
  }
  const rows = sized.image.references.nodes.flatMap(
    ({ node }, number): (Row & { readonly extra: number })[] => {
      if (node.kind === "recipe") return [];
      const retained = account.nodes[number]!;
      const unpacked = own.get(number) ?? 0;
      const amount = { entries: 1, unpacked, compressed: null };
      return [{ name: showPath(node.path), amount, retained, extra: retained.unpacked - unpacked }];
    },
  );
  return rows
    .filter(({ extra }) => extra > 0)
    .sort((a, b) => b.retained!.unpacked - a.retained!.unpacked || b.extra - a.extra);
}
