/** What becomes of an image's entries when one meets another, or has no place to go. */
import type { ByteString, TargetPath } from "../../core/path.ts";
import type { Levels } from "../level.ts";

/** Many entries share a fate: how many, and the first of them. */
interface Entries {
  readonly count: number;
  readonly paths: readonly ByteString[];
}

export type TreeFinding =
  /** Lost without a word. */
  | ({ readonly code: LostCode } & Entries)
  /** An entry for a directory replaced a symlink to one: what lies there is seen by its own name alone. */
  | {
      readonly code: "check/symlink-destroyed";
      readonly path: TargetPath;
      readonly to: ByteString;
    }
  /** A device over another of its type: the kernel keeps the numbers of the first. */
  | ({ readonly code: "check/device-keeps-numbers" } & Entries)
  /** A file over one name of several: all of them have the new content. */
  | ({ readonly code: "check/written-through" } & Entries)
  /** Files of different archives that became one, since their inode numbers are the same and no trailer stands between. */
  | ({ readonly code: "check/links-joined" } & Entries)
  /** A hard link whose other names, and content, are in an earlier archive: an empty file. */
  | ({ readonly code: "check/link-emptied" } & Entries);

export type LostCode =
  /** No entry for the directory that it lies in. */
  | "check/no-parent"
  /** A part of the name of more than 255 bytes, or a name of more than 4095. */
  | "check/name-too-long"
  | "check/target-too-long"
  /** A slash behind the name of what is no directory. */
  | "check/slash-on-file"
  /** A directory that has something in it is not replaced. */
  | "check/directory-in-the-way"
  /** The file that it is a further name of has lost its first name. */
  | "check/link-lost"
  /** Data of what is no regular file, no name at all, or a type that does not exist. */
  | "check/no-entry";

export const TREE_LEVELS: Levels<TreeFinding> = {
  "check/no-parent": "fault",
  "check/name-too-long": "fault",
  "check/target-too-long": "fault",
  "check/slash-on-file": "fault",
  "check/directory-in-the-way": "fault",
  "check/link-lost": "fault",
  "check/no-entry": "fault",
  "check/symlink-destroyed": "fault",
  "check/device-keeps-numbers": "warning",
  "check/written-through": "warning",
  "check/links-joined": "fault",
  "check/link-emptied": "fault",
};
