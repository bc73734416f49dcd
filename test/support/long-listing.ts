/** Rows as `ls -l` writes them, of whatever tool. */

/** Mode, links, owner, group, size or device numbers, name and target; dates are written in as many ways as there are tools. */
export function factsOf(listing: string): string[] {
  const rows = listing.split("\n").filter((line) => line !== "");
  const facts = rows.map((line) => {
    const [, mode, links, uid, gid, size, name] =
      /^(\S+)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+,\s*\d+|\d+)\s.*?(?:\d\d:\d\d|\d{4})\s+(.*)$/.exec(line) ?? [];
    return [mode, links, uid, gid, size?.replace(/\s/g, ""), name].join(" ");
  });
  return facts.sort();
}
