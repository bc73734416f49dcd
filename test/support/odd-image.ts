/** An image whose entries overwrite, link and lose one another, and what a kernel has of it in the end. */
import { CPIO_TYPE, encodeCpioHeader, encodeCpioTrailer, padded } from "../../src/formats/cpio.ts";

type Kind = keyof typeof CPIO_TYPE;

interface OddRecord {
  readonly kind?: Kind;
  readonly data?: string;
  /** Its number and those of its links; two records of one number are one file. */
  readonly links?: readonly [ino: number, nlink: number];
}

const DIRECTORY = { kind: "directory" } as const;

/** In the order in which they stand; "" is a trailer. */
const RECORDS: readonly (readonly [name: string, record?: OddRecord])[] = [
  ["a", DIRECTORY],
  ["a/x", { data: "one" }],
  ["a/x", { data: "two" }],
  ["usr", DIRECTORY],
  ["usr/lib", DIRECTORY],
  ["lib", { kind: "symlink", data: "usr/lib" }],
  ["lib/f", { data: "below a symlink" }],
  ["over", { kind: "symlink", data: "usr/lib" }],
  ["over", DIRECTORY],
  ["over/g", { data: "below a directory that was a symlink" }],
  ["slash", { kind: "symlink", data: "usr/lib" }],
  ["slash/", DIRECTORY],
  ["file-over-symlink", { kind: "symlink", data: "a/x" }],
  ["file-over-symlink", { data: "a file" }],
  ["symlink-over-file", { data: "a file" }],
  ["symlink-over-file", { kind: "symlink", data: "/a/./../a/x" }],
  ["full", DIRECTORY],
  ["full/f", { data: "keeps its directory" }],
  ["full", { kind: "symlink", data: "a" }],
  ["full", { data: "a file" }],
  ["empty", DIRECTORY],
  ["empty", { data: "was a directory" }],
  ["nowhere/f", { data: "has no parent" }],
  ["dev/f", { data: "in a directory of the kernel's own" }],
  ["/absolute", { data: "absolute" }],
  ["./dotted", { data: "dotted" }],
  ["a/../../up", { data: "up" }],
  ["slashed/", { data: "a file cannot be called so" }],
  [`a/${"n".repeat(256)}`, { data: "too long a name" }],
  ["emptied", { data: "something" }],
  ["emptied", { data: "" }],
  ["was-fifo", { kind: "fifo" }],
  ["was-fifo", { data: "was a fifo" }],
  ["data-last-1", { links: [7, 2] }],
  ["data-last-2", { links: [7, 2], data: "in the last" }],
  ["data-first-1", { links: [8, 2], data: "in the first" }],
  ["data-first-2", { links: [8, 2] }],
  ["data-both-1", { links: [9, 2], data: "in the first, and longer" }],
  ["data-both-2", { links: [9, 2], data: "in both" }],
  ["rewritten-1", { links: [10, 2], data: "first" }],
  ["rewritten-2", { links: [10, 2] }],
  ["rewritten-1", { data: "through one of its names" }],
  ["link-to-itself", { links: [11, 2], data: "first" }],
  ["link-to-itself", { links: [11, 2], data: "gone with its name" }],
  ["link-to-moved-1", { links: [12, 2], data: "first" }],
  ["link-to-moved-1", { kind: "symlink", data: "a/x" }],
  ["parted-1", { links: [13, 2], data: "before a trailer" }],
  [""],
  ["parted-2", { links: [13, 2], data: "behind a trailer" }],
  ["circle-1", { kind: "symlink", data: "circle-2" }],
  ["circle-2", { kind: "symlink", data: "circle-1" }],
  ["dangling", { kind: "symlink", data: "a/none" }],
];

/** What lies at a path; null: no file. */
export const ODD_FILES: Readonly<Record<string, string | null>> = {
  "a/x": "two",
  "usr/lib/f": "below a symlink",
  "lib/f": "below a symlink",
  "over/g": "below a directory that was a symlink",
  "over/f": null,
  "usr/lib/g": null,
  "slash/f": "below a symlink",
  "file-over-symlink": "a file",
  "symlink-over-file": "two",
  "full/f": "keeps its directory",
  full: null,
  empty: "was a directory",
  "nowhere/f": null,
  "dev/f": "in a directory of the kernel's own",
  absolute: "absolute",
  dotted: "dotted",
  up: "up",
  slashed: null,
  emptied: "",
  "was-fifo": "was a fifo",
  "data-last-1": "in the last",
  "data-last-2": "in the last",
  "data-first-1": "in the first",
  "data-first-2": "in the first",
  "data-both-1": "in both",
  "data-both-2": "in both",
  "rewritten-1": "through one of its names",
  "rewritten-2": "through one of its names",
  "link-to-itself": null,
  "link-to-moved-1": "two",
  "parted-1": "before a trailer",
  "parted-2": "behind a trailer",
  "circle-1": null,
  dangling: null,
};

/** The records alone, without a trailer. */
export function oddBody(): Uint8Array {
  return Buffer.concat(
    RECORDS.map(([name, record = {}], index) =>
      name === "" ? encodeCpioTrailer(0) : encodeRecord(name, record, 100 + index),
    ),
  );
}

function encodeRecord(name: string, record: OddRecord, number: number): Uint8Array {
  const { kind = "file", data = "", links = [number, 1] } = record;
  const header = encodeCpioHeader({
    ino: links[0],
    mode: CPIO_TYPE[kind] | 0o755,
    uid: 0,
    gid: 0,
    nlink: links[1],
    mtime: 1,
    size: data.length,
    devMajor: 0,
    devMinor: 0,
    rdevMajor: 0,
    rdevMinor: 0,
    nameSize: name.length + 1,
    check: 0,
  });
  const head = `${Buffer.from(header).toString("latin1")}${name}\0`;
  return Buffer.from(withZeros(head) + withZeros(data), "latin1");
}

function withZeros(text: string): string {
  return text.padEnd(padded(text.length), "\0");
}
