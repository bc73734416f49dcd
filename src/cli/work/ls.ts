/** Lists an image: its entries, or the members it is joined from. */
import { type ByteString, showBytes } from "../../core/path.ts";
import type { CpioEntry } from "../../formats/cpio-decode.ts";
import { type ImageListing, kindOfMode, listImage, readImageFile } from "../../inspect/list-image.ts";
import type { ImageVisitor, Member } from "../../inspect/read-image.ts";
import { hostPathFrom } from "../../machine/files.ts";
import { imageHost } from "../../machine/image-host.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { type ListingRow, layoutListing } from "../text/listing.ts";
import { layoutTable } from "../text/table.ts";
import { nameJson, noteOddities, prepareToRead } from "./images.ts";

export interface LsRequest {
  readonly image: string;
  readonly shape: "names" | "long" | "null" | "members";
}

export async function runLs({ image, shape }: LsRequest, terminal: Terminal): Promise<ExitCode> {
  const path = hostPathFrom(image);
  const ports = { host: imageHost() };
  prepareToRead(path, ports.host);
  if (terminal.isJson) {
    terminal.printJson(listingJson(await listImage(path, ports)));
    return 0;
  }
  const listing = LISTINGS[shape]();
  const contents = await readImageFile(path, listing, ports);
  terminal.print(listing.show(contents.members));
  noteOddities(contents, terminal);
  return 0;
}

/** Gathers of each entry what its shape shows, and no more. */
interface Listing extends ImageVisitor {
  show(members: readonly Member[]): string | Uint8Array;
}

const LISTINGS: Readonly<Record<LsRequest["shape"], () => Listing>> = {
  names: () => {
    const names: string[] = [];
    return { entry: ({ name }) => names.push(showBytes(name)), show: () => lines(names) };
  },
  null: () => {
    const names: ByteString[] = [];
    const show = () => Buffer.from(names.map((name) => `${name}\0`).join(""), "latin1");
    return { entry: ({ name }) => names.push(name), show };
  },
  long: () => {
    const rows: ListingRow[] = [];
    return { entry: (entry) => rows.push(rowOf(entry)), show: () => lines(layoutListing(rows)) };
  },
  members: () => {
    const counts: number[] = [];
    return {
      entry: (_, member) => {
        counts[member] = (counts[member] ?? 0) + 1;
      },
      show: (members) => lines(layoutMembers(members, counts)),
    };
  },
};

function layoutMembers(members: readonly Member[], counts: readonly number[]): string[] {
  const rows = members.map((member, index) => [
    String(member.offset),
    String(member.size),
    String(member.unpackedSize),
    String(counts[index] ?? 0),
    member.kind,
  ]);
  const head = ["offset", "bytes", "unpacked", "entries", "kind"];
  return layoutTable([head, ...rows], ["right", "right", "right", "right", "left"]);
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

function rowOf(entry: CpioEntry): ListingRow {
  return {
    kind: kindOfMode(entry.mode),
    name: entry.name,
    mode: entry.mode & 0o7777,
    uid: entry.uid,
    gid: entry.gid,
    links: entry.nlink,
    size: entry.size,
    mtime: entry.mtime,
    major: entry.rdevMajor,
    minor: entry.rdevMinor,
    to: entry.to,
  };
}

function listingJson({ wrapper, members, remarks, entries }: ImageListing): object {
  const counts = members.map(() => 0);
  for (const { member } of entries) counts[member]! += 1;
  return {
    ok: true,
    wrapper,
    members: members.map((member, index) => ({ ...member, entries: counts[index] })),
    remarks,
    entries: entries.map((entry) => {
      const row = rowOf(entry);
      const isDevice = row.kind === "char" || row.kind === "block";
      return {
        ...nameJson("name", row.name),
        kind: row.kind,
        mode: row.mode.toString(8).padStart(4, "0"),
        uid: row.uid,
        gid: row.gid,
        links: row.links,
        size: row.size,
        mtime: row.mtime,
        ...(isDevice ? { major: row.major, minor: row.minor } : {}),
        ...(row.to === null ? {} : nameJson("to", row.to)),
        member: entry.member,
      };
    }),
  };
}
