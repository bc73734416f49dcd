/** The sentences of what becomes of an image's entries. */
import type { TreeFinding } from "../../check/findings/tree.ts";
import { type ByteString, showBytes, showPath } from "../../core/path.ts";
import { showNumber } from "../text/size.ts";
import { type Sentence, sentence } from "./sentence.ts";

export function sayTreeFinding(finding: TreeFinding): Sentence {
  switch (finding.code) {
    case "check/no-parent":
      return lost(
        finding,
        "is lost: no entry makes its directory",
        "are lost: no entry makes their directory",
        {
          help: "list every directory, before what lies in it",
        },
      );
    case "check/name-too-long":
      return lost(finding, "is lost: its name is too long", "are lost: their names are too long", {
        help: "a part of a path has at most 255 bytes, all of it at most 4095",
      });
    case "check/target-too-long":
      return lost(finding, "is a symlink that is lost", "are symlinks that are lost", {
        help: "a target has at most 4095 bytes",
      });
    case "check/slash-on-file":
      return lost(finding, "is lost: it is no directory", "are lost: they are no directories", {
        help: "only the name of a directory may end with a slash",
      });
    case "check/directory-in-the-way":
      return lost(
        finding,
        "is lost: a directory is in its place",
        "are lost: directories are in their place",
        {
          help: "the kernel removes no directory that has something in it, and nothing can be removed by a later entry",
        },
      );
    case "check/link-lost":
      return lost(
        finding,
        "is lost: the file that it is a hard link to is gone",
        "are lost: the files that they are hard links to are gone",
        { help: "a later entry took the first name of the file" },
      );
    case "check/no-entry":
      return lost(finding, "is passed over: it is no entry", "are passed over: they are no entries");
    case "check/symlink-destroyed":
      return sentence(`a directory takes the place of the symlink ${showPath(finding.path)}`, {
        details: [["it led to", showBytes(finding.to)]],
        help: `leave out the entry of the directory: what lies below ${showPath(finding.path)} goes through the symlink then`,
      });
    case "check/device-keeps-numbers":
      return lost(
        finding,
        "keeps the device numbers of an earlier entry",
        "keep the device numbers of earlier entries",
        {
          help: "list a device once",
        },
      );
    case "check/written-through":
      return lost(
        finding,
        "is a file of several names, and all have the later content",
        "are files of several names, and all of these have the later content",
      );
    case "check/links-joined":
      return lost(
        finding,
        "became one file with others of its inode number",
        "became one file each with others of their inode number",
        {
          help: "give each archive device numbers of its own, or a trailer",
        },
      );
    case "check/link-emptied":
      return lost(
        finding,
        "is empty: its content is under another name in an earlier archive",
        "are empty: their content is under other names in an earlier archive",
        {
          help: "keep all names of a file in one archive",
        },
      );
  }
}

/** So many are named; `--json` has more. */
const MOST_NAMED = 5;

function lost(
  { count, paths }: { readonly count: number; readonly paths: readonly ByteString[] },
  one: string,
  many: string,
  more: { readonly help?: string } = {},
): Sentence {
  const [first] = paths;
  if (count === 1 && first !== undefined) return sentence(`${showBytes(first)} ${one}`, more);
  const named = paths.slice(0, MOST_NAMED).map(showBytes);
  const rest = count > named.length ? [`and ${showNumber(count - named.length)} more`] : [];
  return sentence(`${showNumber(count)} entries ${many}`, {
    details: [["entries", [...named, ...rest].join("\n")]],
    ...more,
  });
}
