import assert from "node:assert/strict";
import { test } from "node:test";
import { readTarMembers, type TarMember } from "../../src/archives/tar-members.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { paxRecord, type TarEntry, writeTar } from "../support/tar-writer.ts";

async function members(tar: Uint8Array): Promise<TarMember[]> {
  const all: TarMember[] = [];
  for await (const member of readTarMembers(sourceOf(tar))) all.push(member);
  return all;
}

async function only(...entries: readonly TarEntry[]): Promise<TarMember> {
  const [member, ...others] = await members(writeTar(entries));
  assert.equal(others.length, 0);
  return member!;
}

function contentOf(tar: Uint8Array, { size, extents }: TarMember): string {
  const bytes = Buffer.alloc(size);
  for (const { from, at, length } of extents) bytes.set(tar.subarray(at, at + length), from);
  return bytes.toString("latin1");
}

async function complaintOf(tar: Uint8Array): Promise<string> {
  try {
    await members(tar);
  } catch (error) {
    if (error instanceof FormatError) return `${error.code} at ${error.offset}`;
    throw error;
  }
  return "none";
}

test("tells kind, mode, owner and numbers of every type", async () => {
  const all = await members(
    writeTar([
      { name: "file", bytes: "x", mode: 0o4711, uid: 7, gid: 8 },
      { name: "hard", type: "1", to: "file", size: 77 },
      { name: "soft", type: "2", to: "\xff/x" },
      { name: "char", type: "3", device: [5, 1] },
      { name: "block", type: "4", device: [259, 65536], mode: 0o660 },
      { name: "dir/", type: "5", mode: 0o1777 },
      { name: "fifo", type: "6" },
      { name: "old-dir/", type: "0" },
      { name: "old-file", type: "\0", bytes: "y" },
      { name: "contiguous", type: "7", bytes: "z" },
    ]),
  );
  assert.deepEqual(
    all.map(({ name, kind, size }) => [name, kind, size]),
    [
      ["file", "file", 1],
      ["hard", "hard-link", 0],
      ["soft", "symlink", 0],
      ["char", "char", 0],
      ["block", "block", 0],
      ["dir/", "directory", 0],
      ["fifo", "fifo", 0],
      ["old-dir/", "directory", 0],
      ["old-file", "file", 1],
      ["contiguous", "file", 1],
    ],
  );
  assert.deepEqual([all[0]!.mode, all[0]!.uid, all[0]!.gid], [0o4711, 7, 8]);
  assert.deepEqual([all[4]!.major, all[4]!.minor, all[5]!.mode], [259, 65536, 0o1777]);
  assert.equal(all[2]!.to, "\xff/x");
});

test("pax records give names, links, owners and sizes, byte for byte", async () => {
  const long = `${"d".repeat(150)}/\xff\xfe=\n\xc3\xa9`;
  const member = await only({
    name: "short",
    bytes: "12345",
    size: 3,
    pax: { path: long, uid: "123456789", gid: "3", size: "5", mtime: "1.5" },
  });
  assert.deepEqual([member.name, member.size, member.uid, member.gid], [long, 5, 123456789, 3]);
  const link = await only({ name: "l", type: "2", to: "x", pax: { linkpath: "\x80" } });
  assert.equal(link.to, "\x80");
});

test("global pax records hold until the end, and a member's own come before them", async () => {
  const body = paxRecord(["uid", "5"]);
  const all = await members(
    writeTar([
      { name: "g", type: "g", bytes: body },
      { name: "a" },
      { name: "b", pax: { uid: "6" } },
      { name: "c" },
    ]),
  );
  assert.deepEqual(
    all.map(({ name, uid }) => [name, uid]),
    [
      ["a", 5],
      ["b", 6],
      ["c", 5],
    ],
  );
});

test("GNU's long names and links", async () => {
  const name = `${"n".repeat(300)}\xff`;
  const member = await only(
    { name: "././@LongLink", type: "K", bytes: `${"t".repeat(200)}\0` },
    { name: "././@LongLink", type: "L", bytes: `${name}\0` },
    { name: "cut", type: "2", to: "cut" },
  );
  assert.deepEqual([member.name, member.to, member.at], [name, "t".repeat(200), 0]);
});

test("sizes and owners in base 256", async () => {
  const member = await only({
    name: "a",
    bytes: "xyz",
    patch: (header) => {
      header.fill(0, 124, 136);
      header[124] = 0x80;
      header[135] = 3;
      header.fill(0, 108, 116);
      header[108] = 0x80;
      header.writeUInt32BE(3_000_000_000, 112);
    },
  });
  assert.deepEqual([member.size, member.uid], [3, 3_000_000_000]);
});

test("file capabilities and access control lists are noticed, what the mode says too is not", async () => {
  const of = async (pax: Record<string, string>) => (await only({ name: "a", pax })).uncarried;
  assert.equal(
    await of({ "SCHILY.xattr.security.capability": "\x01\0\0\x02\xff\0\n=" }),
    "file capabilities",
  );
  assert.equal(
    await of({ "SCHILY.acl.access": "user::rw-,user:joe:r--,group::r--" }),
    "an access control list",
  );
  assert.equal(await of({ "SCHILY.acl.access": "user::rw-,group::r--,other::r--" }), null);
  assert.equal(await of({ "SCHILY.xattr.security.selinux": "x", "SCHILY.xattr.user.y": "\xff" }), null);
});

test("sparse files in pax form have their holes", async () => {
  const forms: TarEntry[] = [
    {
      name: "GNUSparseFile.0/x",
      bytes: "aabb",
      pax: { "GNU.sparse.size": "10", "GNU.sparse.name": "x", "GNU.sparse.map": "1,2,7,2" },
    },
    {
      name: "GNUSparseFile.0/x",
      bytes: `2\n1\n2\n7\n2\n${"\0".repeat(502)}aabb`,
      pax: {
        "GNU.sparse.major": "1",
        "GNU.sparse.minor": "0",
        "GNU.sparse.name": "x",
        "GNU.sparse.realsize": "10",
      },
    },
  ];
  for (const form of forms) {
    const tar = writeTar([form, { name: "next", bytes: "n" }]);
    const [sparse, next] = await members(tar);
    assert.equal(sparse!.name, "x");
    assert.equal(contentOf(tar, sparse!), "\0aa\0\0\0\0bb\0");
    assert.equal(contentOf(tar, next!), "n");
  }
});

test("a map that does not fit its file is refused", async () => {
  const maps = ["1,2,2,2", "9,9", "1", "a,b", "0,100"];
  for (const map of maps) {
    const pax = { "GNU.sparse.size": "10", "GNU.sparse.map": map };
    assert.match(await complaintOf(writeTar([{ name: "x", bytes: "aabb", pax }])), /^sparse at /, map);
  }
  const pax = { "GNU.sparse.size": "99999999999", "GNU.sparse.map": "0,1" };
  assert.match(await complaintOf(writeTar([{ name: "x", bytes: "a", pax }])), /^sparse at /);
});

test("what is damaged or cut short is said with its place", async () => {
  const tar = writeTar([{ name: "a", bytes: "x".repeat(600) }, { name: "b" }]);
  assert.equal(await complaintOf(tar.subarray(0, 700)), "truncated at 700");
  assert.equal(await complaintOf(tar.subarray(0, 1536)), "truncated at 1536");
  assert.equal(await complaintOf(tar.subarray(0, 2048)), "truncated at 2048");
  assert.equal(await complaintOf(tar.subarray(0, 2560)), "none");
  const changed = Buffer.from(tar);
  changed[1540]! ^= 1;
  assert.equal(await complaintOf(changed), "no-header at 1536");
  assert.equal(await complaintOf(writeTar([{ name: "a", type: "M" }])), "type at 0");
  assert.equal(await complaintOf(writeTar([{ name: "a", pax: { uid: "-1" } }])), "number at 1024");
  assert.equal(
    await complaintOf(writeTar([{ name: "a", patch: (header) => header.write("zzz", 100) }])),
    "number at 0",
  );
  assert.equal(await complaintOf(writeTar([{ name: "x", type: "x", bytes: "7 a=b\n" }])), "pax at 512");
  assert.equal(
    await complaintOf(writeTar([{ name: "x", type: "x", bytes: paxRecord(["path", "y"]) }])),
    "truncated at 1024",
  );
  assert.equal(await complaintOf(writeTar([{ name: "x", type: "x", size: 2 ** 30 }])), "number at 0");
});

test("an archive ends at its first block of zeros", async () => {
  const tar = writeTar([{ name: "a" }], Buffer.concat([Buffer.alloc(512), Buffer.from("rubbish")]));
  assert.equal((await members(tar)).length, 1);
});

test("whatever the bytes are, only FormatError comes out", async () => {
  const random = seeded(7);
  const whole = writeTar([
    { name: "a", bytes: "hello", pax: { "GNU.sparse.map": "0,5", "GNU.sparse.size": "9" } },
    { name: "././@LongLink", type: "L", bytes: "long\0" },
    { name: "b", type: "1", to: "a" },
    {
      name: "c",
      type: "S",
      bytes: "1234",
      patch: (header) => header.write("00000000000\0" + "00000000004\0", 386),
    },
    { name: "d", bytes: "1\n0\n4\n", pax: { "GNU.sparse.major": "1", "GNU.sparse.realsize": "4" } },
  ]);
  for (let round = 0; round < 1500; round++) {
    const bytes = Buffer.from(whole);
    const header = Math.floor(random() * (bytes.length / 512 - 2)) * 512;
    for (let change = 0; change < 3; change++) {
      bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      bytes[header + Math.floor(random() * 512)] = "0127x,\n"[Math.floor(random() * 7)]!.charCodeAt(0);
    }
    // Half of them get past the sum.
    if (round % 2 === 0) {
      bytes.fill(" ", header + 148, header + 156);
      const sum = bytes.subarray(header, header + 512).reduce((total, byte) => total + byte, 0);
      bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, header + 148, "latin1");
    }
    await complaintOf(round % 5 === 0 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes);
  }
});

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
