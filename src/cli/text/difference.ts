/** Where two images first differ, in words and as JSON. */
import { unreachable } from "../../core/entry.ts";
import { type ByteString, showBytes, showPath } from "../../core/path.ts";
import type { FactDifference, ImageDifference, PackedPlace } from "../../inspect/compare-images.ts";
import { showNumber } from "./size.ts";

/** What the two are called: "the first build", "elsewhere.img". */
export type Names = readonly [first: string, second: string];

/** One line, without a full stop. */
export function sayDifference(difference: ImageDifference, [first, second]: Names): string {
  switch (difference.kind) {
    case "missing": {
      const has = difference.in === "first" ? second : first;
      return `${showPath(difference.path)} is only in ${has}`;
    }
    case "entry": {
      const facts = difference.facts.map((fact) => sayFact(fact, [first, second])).join("; ");
      return `${showPath(difference.path)}: ${facts}`;
    }
    case "order":
      return `the same entries in another order: ${showPath(difference.path)} is the first that stands elsewhere`;
    case "bytes":
      return `from byte ${showNumber(difference.offset)} on; neither ${first} nor ${second} is an image that can be read`;
    case "packing": {
      const places = [
        `${sayPlace(difference.first)} of ${first}`,
        `${sayPlace(difference.second)} of ${second}`,
      ];
      const inode =
        difference.inode === null ? "" : `; inode numbers differ from ${showPath(difference.inode)} on`;
      return `the same entries in other bytes: from byte ${showNumber(difference.offset)} on, ${places.join(", ")}${inode}`;
    }
    default:
      return unreachable(difference);
  }
}

function sayFact({ fact, first, second, offset }: FactDifference, [one, other]: Names): string {
  if (offset !== null) return `${fact} from byte ${showNumber(offset)} on`;
  const [a, b] = [first, second].map((value) => (value === "" ? "none" : showBytes(value as ByteString)));
  return `${fact} ${a} in ${one}, ${b} in ${other}`;
}

/** "in member 3 (zstd)", "behind its end", "in the uInitrd around it". */
function sayPlace({ member, memberKind, wrapper }: PackedPlace): string {
  if (member !== null) return `in member ${member} (${memberKind})`;
  return wrapper === null ? "outside of its members" : `in the ${wrapper} around it`;
}

/** Paths as people see them. */
export function differenceJson(difference: ImageDifference): object {
  return {
    ...difference,
    ...("path" in difference ? { path: showPath(difference.path) } : {}),
    ...("inode" in difference
      ? { inode: difference.inode === null ? null : showPath(difference.inode) }
      : {}),
  };
}
