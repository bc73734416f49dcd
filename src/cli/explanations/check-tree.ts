/** Explanations of what `check` finds: what becomes of an image's entries. */
import type { TreeFinding } from "../../check/findings/tree.ts";
import type { Explanation } from "./explanation.ts";

const CHECK = "$ initgraph check initrd.img";

export const CHECK_TREE: Readonly<Record<TreeFinding["code"], Explanation>> = {
  "check/no-parent": {
    title: "an entry is lost: nothing makes its directory",
    happened:
      "The kernel makes no directory by itself. An entry whose directory has no entry before it is dropped without a word.",
    causes: [
      "`find -type f | cpio`: files without their directories",
      "an order in which a directory comes after what lies in it",
    ],
    remedies: ["list every directory, before what lies in it: `find . | cpio -o -H newc`"],
    example: "$ find . -type f | cpio -o -H newc > initrd.img && initgraph check initrd.img",
    mended: "$ find . | cpio -o -H newc > initrd.img && initgraph check initrd.img",
  },
  "check/name-too-long": {
    title: "an entry is lost: its name is too long",
    happened:
      "A part of a path has at most 255 bytes, a whole path 4095. What is longer is dropped without a word.",
    causes: ["a tree within a tree"],
    remedies: ["place it at a shorter path"],
    example: `# a name of 300 letters\n${CHECK}`,
    mended: null,
  },
  "check/target-too-long": {
    title: "a symlink is lost: its target is too long",
    happened: "A target has at most 4095 bytes. A symlink with a longer one is dropped without a word.",
    causes: ["a target that was put together by a program"],
    remedies: ["write the target in a shorter way"],
    example: `# a target of 5000 letters\n${CHECK}`,
    mended: null,
  },
  "check/slash-on-file": {
    title: "an entry is lost: a slash ends the name of what is no directory",
    happened:
      "The kernel makes a file by the name as it stands, and a name that ends with a slash can be a directory's only.",
    causes: ["an archive written by a program of one's own"],
    remedies: ["leave out the slash"],
    example: `# a file called etc/motd/\n${CHECK}`,
    mended: null,
  },
  "check/directory-in-the-way": {
    title: "an entry is lost: a directory is in its place",
    happened:
      "A later entry may replace a file, but no directory that has something in it. The kernel keeps the directory, and drops the entry.",
    causes: ["an appended archive that was made for another layout (/lib as a directory, /lib as a symlink)"],
    remedies: ["give both archives one layout", "leave the entry out"],
    example: `# /lib is a directory in the first archive, a symlink in the second\n${CHECK}`,
    mended: null,
  },
  "check/link-lost": {
    title: "a hard link is lost: the file that it belongs to is gone",
    happened:
      "Further names of a file are made as links to its first name. A later entry has taken that name, so the link cannot be made.",
    causes: ["an appended archive that replaces one name of a file with several"],
    remedies: ["replace all names of the file"],
    example: `# a later entry replaces the first of two names\n${CHECK}`,
    mended: null,
  },
  "check/no-entry": {
    title: "an entry is passed over",
    happened:
      "It has no name, a type that does not exist, or data where its type has none. The kernel makes nothing of it.",
    causes: ["an archive written by a program of one's own", "a damaged header"],
    remedies: ["write archives with `cpio -o -H newc` or initgraph"],
    example: `# the mode of an entry is 0\n${CHECK}`,
    mended: null,
  },
  "check/symlink-destroyed": {
    title: "a directory takes the place of a symlink to one",
    happened:
      "The kernel removes the symlink and makes an empty directory. What the symlink led to is still there, under its own name only: /lib/modules is gone where /lib was a link to usr/lib.",
    causes: ["an appended archive with lib/ as a directory, on an image with a merged /usr"],
    remedies: [
      "leave out the entry of the directory: what lies below it goes through the symlink then",
      "use usr/lib in the appended archive",
    ],
    example: `# lib is a symlink, and a second archive has lib/ as a directory\n${CHECK}`,
    mended: null,
  },
  "check/device-keeps-numbers": {
    title: "a device keeps the numbers of an earlier entry",
    happened:
      "Over a device of the same type the kernel sets mode and owner only. The numbers of the first entry stay.",
    causes: ["a device that stands in two archives, with different numbers"],
    remedies: ["list a device once"],
    example: `# dev/console is c 5 1, and c 4 0 in a second archive\n${CHECK}`,
    mended: null,
  },
  "check/written-through": {
    title: "a file of several names is written anew through one of them",
    happened:
      "A later entry for one name of a file writes into that file, so all its names have the new content.",
    causes: ["an appended archive that replaces one of busybox's hard links"],
    remedies: ["make it a symlink, or a file of its own in the first archive"],
    example: `# bin/sh and bin/ls are one file, and a second archive has another bin/ls\n${CHECK}`,
    mended: null,
  },
  "check/links-joined": {
    title: "files of different archives became one",
    happened:
      "The kernel knows hard links by inode and device number, and forgets them at a trailer. Two archives without one between them, with the same numbers, share them: the later file becomes a link to the earlier.",
    causes: ["archives joined without their trailers, each numbered from 1"],
    remedies: ["keep each archive's trailer", "give each archive device numbers of its own"],
    example: `# two archives without a trailer between them\n${CHECK}`,
    mended: null,
  },
  "check/link-emptied": {
    title: "a file is empty: its content is under another name in an earlier archive",
    happened:
      "Of a file with several names only one entry has the data. The others are in another archive, behind a trailer, where the kernel has forgotten them: it makes empty files.",
    causes: ["an archive that was cut between the names of one file"],
    remedies: ["keep all names of a file in one archive"],
    example: `# the names of one file are in two archives\n${CHECK}`,
    mended: null,
  },
};
