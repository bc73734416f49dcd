/** What happens without a word while the kernel makes a tree of entries (unpacked-tree.ts), for whoever wants to know. */
import type { Entry } from "../core/entry.ts";
import type { ByteString, TargetPath } from "../core/path.ts";
import type { CpioEntry } from "../formats/cpio-decode.ts";

export type TreeEvent =
  | { readonly event: "lost"; readonly entry: CpioEntry; readonly why: LossReason }
  /** An entry for a directory takes its place, whatever it led to. */
  | { readonly event: "symlink-destroyed"; readonly path: TargetPath; readonly to: ByteString }
  /** A device over another of its type. */
  | { readonly event: "numbers-kept"; readonly path: TargetPath }
  /** A file over one that has further names. */
  | { readonly event: "written-through"; readonly path: TargetPath }
  /** The first name of a file that is to have several; `key` is what the kernel knows it by. */
  | {
      readonly event: "link-begun";
      readonly key: string;
      readonly path: TargetPath;
      readonly entry: CpioEntry;
    }
  /** A further name of it. */
  | {
      readonly event: "linked";
      readonly key: string;
      readonly path: TargetPath;
      readonly entry: CpioEntry;
      /** Whether the first name stands in another member. */
      readonly isOfOtherMember: boolean;
    }
  /** A trailer: the kernel forgets all keys. */
  | { readonly event: "archive-ended" };

export type LossReason =
  | "no-parent"
  | "name-too-long"
  | "slash-on-file"
  | "directory-in-the-way"
  | "link-lost"
  | "no-entry";

/** File systems refuse a longer part of a path. */
const LONG_PART = /[^/]{256}/;

export function isTooLong(name: ByteString): boolean {
  return LONG_PART.test(name);
}

/** Why an entry has no place. `kind`: null for a type that does not exist. */
export function lossReason({ name }: CpioEntry, kind: Entry["kind"] | null): LossReason {
  if (kind === null) return "no-entry";
  if (isTooLong(name)) return "name-too-long";
  return name.endsWith("/") && kind !== "directory" ? "slash-on-file" : "no-parent";
}
