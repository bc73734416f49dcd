import assert from "node:assert/strict";
import { test } from "node:test";
import { GrowingIndex } from "../../src/archives/archive-index.ts";
import { Budget } from "../../src/archives/budget.ts";
import { layMembers } from "../../src/archives/lay-members.ts";
import { readTarMembers, type TarMember } from "../../src/archives/tar-members.ts";
import type { HostPath, TargetPath } from "../../src/core/path.ts";
import { sourceOf } from "../../src/formats/byte-source.ts";
import { FormatError } from "../../src/formats/format-error.ts";
import { type TarEntry, writeTar } from "../support/tar-writer.ts";

async function indexOf(...entries: readonly TarEntry[]): Promise<GrowingIndex> {
  const members: TarMember[] = [];
  for await (const member of readTarMembers(sourceOf(writeTar(entries)))) members.push(member);
  const index = new GrowingIndex(new Budget("/root.tar" as HostPath));
  layMembers({ members, archive: 0 }, index);
  return index;
}

/** "usr/bin/x file 0644 5", in the order in which they were entered. */
async function laid(...entries: readonly TarEntry[]): Promise<string[]> {
  const { nodes } = await indexOf(...entries);
  return [...nodes]
    .filter(([path]) => path !== "")
    .map(([path, { facts }]) => `${path} ${facts.kind} ${facts.mode.toString(8)} ${facts.size}`);
}

test("leading ./ and / mean nothing, and directories that are left out are made", async () => {
  assert.deepEqual(
    await laid({ name: "./a/b", bytes: "x" }, { name: "/c//d" }, { name: "." + "/", type: "5" }),
    ["a directory 755 0", "a/b file 644 1", "c directory 755 0", "c/d file 644 0"],
  );
});

test("of several members of one name the last counts, and a directory keeps its files", async () => {
  assert.deepEqual(
    await laid(
      { name: "a", bytes: "1" },
      { name: "a", bytes: "22" },
      { name: "d", type: "5", mode: 0o700 },
      { name: "d/x" },
      { name: "d", type: "5", mode: 0o711 },
      { name: "e", type: "5" },
      { name: "e", bytes: "now a file" },
    ),
    ["a file 644 2", "d directory 711 0", "d/x file 644 0", "e file 644 10"],
  );
});

test("a hard link is the file that came before it", async () => {
  const { nodes } = await indexOf(
    { name: "a", bytes: "old" },
    { name: "./b", type: "1", to: "./a" },
    { name: "a", bytes: "newer" },
  );
  const sizes = ["a", "b"].map((path) => nodes.get(path as TargetPath)?.facts.size);
  assert.deepEqual(sizes, [5, 3]);
});

test("a member below a symlink lies where the symlink leads, inside the tree", async () => {
  const { nodes } = await indexOf(
    { name: "usr/lib", type: "5" },
    { name: "lib", type: "2", to: "/usr/../../usr/lib" },
    { name: "lib/x", bytes: "x" },
  );
  assert.equal(nodes.get("usr/lib/x" as TargetPath)?.facts.size, 1);
  assert.equal(nodes.get("lib" as TargetPath)?.facts.kind, "symlink");
});

const REFUSED: readonly (readonly [what: string, complaint: RegExp, ...entries: TarEntry[]])[] = [
  ["a name without end", /4096/, { name: "a/".repeat(3000) }],
  ["a name with ..", /leads out/, { name: "a/../../b" }],
  ["a file that is the root", /root/, { name: "./", type: "2", to: "x" }],
  ["a hard link with ..", /out of the archive/, { name: "a", type: "1", to: "../etc/passwd" }],
  ["a hard link to nothing", /not in the archive before/, { name: "a", type: "1", to: "/etc/passwd" }],
  ["a hard link to a directory", /directory/, { name: "d", type: "5" }, { name: "a", type: "1", to: "d" }],
  ["a member below a file", /which is a file/, { name: "a" }, { name: "a/b" }],
  ["a member below a dangling symlink", /not there/, { name: "a", type: "2", to: "x/y" }, { name: "a/b" }],
  [
    "a member below a symlink loop",
    /loop of symlinks/,
    { name: "a", type: "2", to: "b" },
    { name: "b", type: "2", to: "a" },
    { name: "a/b" },
  ],
  ["a file over a directory with files", /directory with files/, { name: "a/b" }, { name: "a" }],
];

for (const [what, complaint, ...entries] of REFUSED) {
  test(`${what} is refused`, async () => {
    await assert.rejects(indexOf(...entries), (error) => {
      assert.ok(error instanceof FormatError);
      assert.match(error.message, complaint);
      return true;
    });
  });
}
