/** "Debian Perl Group <pkg-perl@lists.debian.org>": who looks after a package. */

export interface Maintainer {
  readonly name: string;
  /** Empty: none is said. */
  readonly address: string;
  /** By its name or address: databases do not tell it. */
  readonly isOrganization: boolean;
}

const OF_MANY = /\b(maintainers?|team|group|developers|project|foundation|packagers|list|inc|ltd)\b/i;
const LIST = /@(lists|alioth-lists|packages|tracker)\./;

export function personIn(text: string): Maintainer {
  const [, before = "", inside = ""] = /^(.*?)\s*<([^<>]*)>\s*$/.exec(text) ?? ["", text];
  const address = inside.trim();
  // Parentheses mark the address in SPDX.
  const name = before.replaceAll(/[()]/g, "").replaceAll(/^"|"$/g, "").trim() || address;
  const isOrganization = OF_MANY.test(name) || LIST.test(address) || address === "";
  return { name, address, isOrganization };
}
