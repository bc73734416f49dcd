/** Lists an image: its entries, or the members it is joined from. */
import { tmpdir } from "node:os";
import { type ByteString, bytesOf, decodeUtf8, type HostPath, showBytes } from "../../core/path.ts";
import { BuildFailure } from "../../core/problem.ts";
import { nodeHost } from "../../host/node-host.ts";
import { processNames } from "../../host/processes.ts";
import { type ImageListing, kindOfMode, type ListedEntry, listImage } from "../../inspect/list-image.ts";
import type { Member } from "../../inspect/read-image.ts";
import { findHostFile, hostPathFrom } from "../../machine/files.ts";
import type { CacheStore } from "../../store/cacache-store.ts";
import type { ExitCode } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { type ListingRow, layoutListing } from "../text/listing.ts";
import { safeText } from "../text/safe.ts";
import { layoutTable } from "../text/table.ts";

export interface LsRequest {
  readonly image: string;
  readonly shape: "names" | "long" | "null" | "members";
}

export async function runLs({ image, shape }: LsRequest, terminal: Terminal): Promise<ExitCode> {
  const listing = await list(hostPathFrom(image));
  if (terminal.isJson) {
    terminal.printJson(listingJson(listing));
    return 0;
  }
  terminal.print(shown(listing, shape));
  for (const remark of listing.remarks) terminal.note(`note: ${safeText(remark)}\n`);
  for (const { refusal, offset } of listing.members) {
    if (refusal !== null)
      terminal.note(`note: the kernel refuses the member at ${offset}: ${safeText(refusal)}\n`);
  }
  return 0;
}

/** Programs that decompress write to a scratch file; most images need none, and no store is opened for them. */
async function list(path: HostPath): Promise<ImageListing> {
  const host = nodeHost({ jobs: 1, environment: process.env });
  if (findHostFile(path, host) === null) {
    throw new BuildFailure([
      { code: "host/cannot-read", path, errno: "ENOENT", what: "there is no such file" },
    ]);
  }
  let store: CacheStore | null = null;
  const scratchFile = async () => {
    const { openThrowAwayStore } = await import("../../store/cacache-store.ts");
    const user = { processes: processNames(), purpose: "initgraph ls", now: Date.now, waitMs: 0 };
    store ??= await openThrowAwayStore(bytesOf(tmpdir()) as ByteString as HostPath, user);
    return store.scratchFile();
  };
  try {
    return await listImage(path, { host, scratchFile });
  } finally {
    await (store as CacheStore | null)?.close();
  }
}

function shown(listing: ImageListing, shape: LsRequest["shape"]): string | Uint8Array {
  const { entries, members } = listing;
  switch (shape) {
    case "names":
      return entries.map((entry) => `${showBytes(entry.name)}\n`).join("");
    case "null":
      return Buffer.from(entries.map((entry) => `${entry.name}\0`).join(""), "latin1");
    case "long":
      return lines(layoutListing(entries.map(rowOf)));
    case "members":
      return lines(layoutMembers(members, entries));
  }
}

function layoutMembers(members: readonly Member[], entries: readonly ListedEntry[]): string[] {
  const counts = countByMember(members, entries);
  const rows = members.map((member, index) => [
    String(member.offset),
    String(member.size),
    String(member.unpackedSize),
    String(counts[index]),
    member.kind,
  ]);
  const head = ["offset", "bytes", "unpacked", "entries", "kind"];
  return layoutTable([head, ...rows], ["right", "right", "right", "right", "left"]);
}

function countByMember(members: readonly Member[], entries: readonly ListedEntry[]): number[] {
  const counts = members.map(() => 0);
  for (const { member } of entries) counts[member]! += 1;
  return counts;
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

function rowOf(entry: ListedEntry): ListingRow {
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
  const counts = countByMember(members, entries);
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

/** A name that is no UTF-8 comes readable, and in base64 as it is. */
function nameJson(key: string, name: ByteString): Record<string, string> {
  const text = decodeUtf8(name);
  if (text !== null) return { [key]: text };
  return { [key]: showBytes(name), [`${key}Base64`]: Buffer.from(name, "latin1").toString("base64") };
}
