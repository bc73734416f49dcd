/** An image whose entries meet one another in all ways in which something is lost or changed without a word. */
import { gzipSync } from "node:zlib";
import type { Finding } from "../../src/check/finding.ts";
import { type OddEntry, oddArchive, TRAILER } from "./odd-cpio.ts";

const DIRECTORY = { kind: "directory" } as const;
const LONG = "n".repeat(256);

type Named = readonly [name: string, entry?: OddEntry];

const FIRST: readonly Named[] = [
  ["d", DIRECTORY],
  ["nowhere/a", { data: "no directory" }],
  ["nowhere/b/c", DIRECTORY],
  [`d/${LONG}`, { data: "too long a part" }],
  [`${"d/../".repeat(820)}far`, { data: "too long a path" }],
  ["d/target", { kind: "symlink", data: "t".repeat(4097) }],
  ["d/long-target", { kind: "symlink", data: "t".repeat(4095) }],
  ["d/slash/", { data: "a file" }],
  ["d/full", DIRECTORY],
  ["d/full/f", { data: "in the way" }],
  ["d/full", { data: "a file over it" }],
  ["d/full", { kind: "symlink", data: "f" }],
  ["d/fifo", { kind: "fifo", data: "data of a fifo" }],
  // merged-usr, and a directory that undoes it; one that led nowhere is no loss
  ["usr", DIRECTORY],
  ["usr/lib", DIRECTORY],
  ["lib", { kind: "symlink", data: "usr/lib" }],
  ["lib/before", { data: "through the symlink" }],
  ["lib", DIRECTORY],
  ["lib/behind", { data: "in a directory of its own" }],
  ["d/dangling", { kind: "symlink", data: "nothing" }],
  ["d/dangling", DIRECTORY],
  ["d/device", { kind: "char", numbers: [1, 3], mode: 0o600 }],
  ["d/device", { kind: "char", numbers: [1, 5], mode: 0o666 }],
  ["d/disk", { kind: "char", numbers: [1, 3] }],
  ["d/disk", { kind: "block", numbers: [8, 1] }],
  // written through one of its names
  ["d/pair-1", { links: [50, 2], data: "both" }],
  ["d/pair-2", { links: [50, 2] }],
  ["d/pair-1", { data: "through one" }],
  // its first name is gone when the second comes
  ["d/moved-1", { links: [51, 2], data: "of both" }],
  ["d/moved-1", DIRECTORY],
  ["d/moved-2", { links: [51, 2] }],
  // goes on in the next member, which has files of the same number
  ["d/same-1", { links: [52, 2], data: "of the first layer" }],
  ["d/same-2", { links: [52, 2] }],
  // all names in one archive, though one is gone: nothing is lost
  ["d/alone", { links: [53, 2], data: "its other name was left out" }],
];

const SECOND: readonly Named[] = [
  ["d/same-3", { links: [52, 2], data: "of the second layer, which is longer" }],
  ["d/same-4", { links: [52, 2] }],
  ["d/parted-1", { links: [54, 2], data: "before a trailer" }],
];

/** Behind a trailer. */
const THIRD: readonly Named[] = [
  ["d/parted-2", { links: [54, 2] }],
  ["d/empty-1", { links: [55, 2] }],
  ["d/empty-2", { links: [55, 2] }],
];

export const LOSSY_IMAGE: Uint8Array = Buffer.concat([
  gzipSync(oddArchive(FIRST)),
  gzipSync(Buffer.concat([oddArchive(SECOND), TRAILER, oddArchive(THIRD), TRAILER])),
]);

const FAR = `the entry at byte ${oddArchive(FIRST.slice(0, 4)).length}`;
const TARGET = `the entry at byte ${oddArchive(FIRST.slice(0, 5)).length}`;
const FIFO = `the entry at byte ${oddArchive(FIRST.slice(0, 12)).length}`;

/** In the order of their codes. */
export const LOSSES: readonly (readonly [code: Finding["code"], ...paths: string[]])[] = [
  ["check/device-keeps-numbers", "d/device"],
  ["check/directory-in-the-way", "d/full", "d/full"],
  ["check/link-emptied", "d/parted-2"],
  ["check/link-lost", "d/moved-2"],
  ["check/links-joined", "d/same-1"],
  ["check/name-too-long", `d/${LONG}`, FAR],
  ["check/no-entry", FIFO],
  ["check/no-parent", "nowhere/a", "nowhere/b/c"],
  ["check/slash-on-file", "d/slash/"],
  ["check/symlink-destroyed", "lib"],
  ["check/target-too-long", TARGET],
  ["check/written-through", "d/pair-1"],
];
