import assert from "node:assert/strict";
import { test } from "node:test";
import { readTarMembers } from "../../src/archives/tar-members.ts";
import type { ByteString } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { encodeTarMember, TAR_END, type TarFacts, tarPadding } from "../../src/formats/tar-encode.ts";

const FILE: TarFacts = {
  name: "etc/hostname" as ByteString,
  kind: "file",
  mode: 0o4755,
  uid: 7,
  gid: 8,
  mtime: 1_700_000_000,
  major: 0,
  minor: 0,
  to: "" as ByteString,
  size: 5,
};

/** By the reader of root trees, which takes names as bytes. */
async function read(facts: TarFacts) {
  const data = new Uint8Array(facts.size + tarPadding(facts.size));
  const tar = Buffer.concat([encodeTarMember(facts), data, TAR_END]);
  assert.equal(tar.length % 512, 0);
  const members = [];
  for await (const member of readTarMembers(sourceOf(tar))) members.push(member);
  assert.equal(members.length, 1);
  const { name, kind, mode, uid, gid, major, minor, to, size } = members[0]!;
  return { name: name.replace(/\/$/, ""), kind, mode, uid, gid, major, minor, to, size };
}

const ODD: Readonly<Record<string, Partial<TarFacts>>> = {
  "a file": {},
  "a name of 100 bytes": { name: "n".repeat(100) as ByteString },
  "a name of 101 bytes": { name: "n".repeat(101) as ByteString },
  "a directory whose slash is one too many": {
    kind: "directory",
    size: 0,
    name: "d".repeat(100) as ByteString,
  },
  "a name of 4,000 bytes": { name: `${"n/".repeat(1999)}end` as ByteString },
  "a name in UTF-8": { name: "f\xc3\xbcr" as ByteString },
  "a name that is no UTF-8": { name: "f\xfcr\n=1" as ByteString },
  "a target that is no UTF-8": { kind: "symlink", size: 0, to: "\xff\xfe" as ByteString },
  "a long target": { kind: "symlink", size: 0, to: "t".repeat(300) as ByteString },
  "a hard link": { kind: "hard-link", size: 0, to: "etc/hosts" as ByteString },
  "owners that have no room": { uid: 2 ** 21, gid: 2 ** 32 - 2 },
  "a device": { kind: "char", size: 0, major: 5, minor: 1 },
  "a fifo": { kind: "fifo", size: 0 },
};

for (const [what, changes] of Object.entries(ODD)) {
  test(`${what} is read as it was written`, async () => {
    const { mtime: _, ...facts } = { ...FILE, ...changes };
    assert.deepEqual(await read({ ...FILE, ...changes }), facts);
  });
}

test("device numbers without room are said in the way of star and libarchive", () => {
  const bytes = Buffer.from(encodeTarMember({ ...FILE, kind: "char", size: 0, major: 2 ** 21 }));
  assert.ok(bytes.toString("latin1").includes("27 SCHILY.devmajor=2097152\n"));
});
